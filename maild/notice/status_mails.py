"""Status mails: what changed on a ticket, and an agent's own words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Self

from maild.notice import sampled
from maild.notice.content import Content, Reader, Say, mail
from maild.notice.values import HoursAccount, KnownOutage, NamedPerson, RequestedConsent
from maild.values import dataclass, replace

_NOTHING = "nothing"


@mail(
    "accepted", to=Reader.CUSTOMER, when="an agent takes the ticket", first="who looks after it", todo=_NOTHING,
    never="a promise that is over", closes_with="nothing",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted(Content):
    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        plain = cls(
            about=sampled.about(say, phase="accepted"), actor="Nagy Kata", history=sampled.history(say)[-1:]
        )
        yield "", replace(plain, promise=sampled.RESOLVE)
        yield "with_words", replace(plain, message=say("sample.said"))
        yield "by_the_desk", replace(plain, actor="")


@mail(
    "in_progress", to=Reader.CUSTOMER, when="the work begins", first="who works on it", todo=_NOTHING,
    never="a promise that is over", closes_with="nothing",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class InProgress(Content):
    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        plain = cls(
            about=sampled.about(say, phase="in_progress"),
            actor="Nagy Kata",
            history=sampled.history(say)[-2:],
        )
        yield "", replace(plain, promise=sampled.RESOLVE)
        yield "with_words", replace(plain, message=say("sample.said"))


@mail(
    "waiting_customer", to=Reader.CUSTOMER, when="the work waits for the customer", first="what we need from them",
    todo="answer by reply", never="that nothing is to be done; a promise", closes_with="answer",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingCustomer(Content):
    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        plain = cls(
            about=sampled.about(say, phase="waiting_customer"),
            actor="Nagy Kata",
            history=sampled.history(say)[1:],
        )
        yield "", replace(plain, message=say("sample.asked"))
        yield "without_words", plain


@mail(
    "scheduled", to=Reader.CUSTOMER, when="the work has a date, or another one", first="the date",
    todo="tell us if it does not suit", never="a date after the promise without a word about it", closes_with="date",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled(Content):
    scheduled_for: datetime | None = None
    moved: bool = False  # it had another date
    promised_by: datetime | None = None  # the promise, where the date is later

    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        plain = cls(
            about=sampled.about(say, phase="scheduled"), actor="Nagy Kata", history=sampled.history(say)[1:],
            scheduled_for=datetime(2026, 11, 5, 8, tzinfo=UTC),
        )  # fmt: skip
        yield "", plain
        yield "moved", replace(plain, moved=True, message=say("sample.said"))
        yield "after_promise", replace(plain, promised_by=datetime(2026, 11, 3, 14, tzinfo=UTC))


@mail(
    "resolved", to=Reader.CUSTOMER, when="an agent says that it is solved", first="that it is solved, and how",
    todo="check; reply within some days if it is not", never="a promise", closes_with="check",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved(Content):
    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        plain = cls(
            about=sampled.about(say, phase="resolved", reply_days=14),
            actor="Nagy Kata",
            history=sampled.history(say),
        )
        yield "", replace(plain, message=say("sample.said"))
        yield "without_words", plain
        yield (
            "complaint",
            replace(plain, about=sampled.about(say, phase="resolved", kind="complaint", reply_days=14)),
        )


@mail(
    "closed", to=Reader.CUSTOMER, when="a ticket is closed, by an agent or by itself", first="that it is closed",
    todo="nothing; a reply within some days opens it again", never="thanks for the cooperation on a complaint; a promise",
    closes_with="reopens",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(Content):
    auto: bool = False  # by itself, since nobody wrote again
    account: HoursAccount | None = (
        None  # of prepaid hours; put in where the mail is stored, if the contract says so
    )
    asks_rating: bool = False  # whether the reader is content with the solution

    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        plain = cls(
            about=sampled.about(say, phase="closed", reply_days=14),
            actor="Nagy Kata",
            history=sampled.history(say),
        )
        used = HoursAccount(allowed=120, used=105, left=15, percent=87, until="2026-11-30")
        yield "", replace(plain, message=say("sample.said"))
        yield "prepaid", replace(plain, account=used)
        yield "prepaid_over", replace(plain, account=replace(used, used=150, left=0, over=30, percent=125))
        yield "by_itself", replace(plain, actor="", auto=True)
        yield "survey", replace(plain, message=say("sample.said"), asks_rating=True)
        yield (
            "complaint",
            replace(plain, about=sampled.about(say, phase="closed", kind="complaint", reply_days=14)),
        )


@mail(
    "rejected", to=Reader.CUSTOMER, when="an agent will not carry it out", first="that we do not do it, and why",
    todo="reply if they see it differently", never="that it was solved", closes_with="disagree",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected(Content):
    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        plain = cls(
            about=sampled.about(say, phase="rejected", reply_days=14),
            actor="Nagy Kata",
            history=sampled.history(say)[-1:],
        )
        yield "", replace(plain, message=say("sample.declined"))
        yield "without_words", plain


@mail(
    "merged", to=Reader.CUSTOMER, when="the ticket was merged with another", first="with which",
    todo=_NOTHING, never="how to reopen it", closes_with="nothing",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class Merged(Content):
    merged_into: int | None = None

    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        yield "", cls(about=sampled.about(say, phase="merged"), merged_into=15780)
        yield "unnamed", cls(about=sampled.about(say, phase="merged"))


@mail(
    "reply", to=Reader.CUSTOMER, when="an agent writes", first="the agent's own words", todo="as the agent says",
    never="a greeting, a heading, a history of ours",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class Reply(Content):
    signature: str = ""  # lines below the words; "" = the actor's name
    scheduled_for: datetime | None = None  # the date that was set in the same go
    closes: bool = False  # the ticket, with the words
    asks_rating: bool = False  # it closes the ticket: whether the reader is content with the solution
    account: HoursAccount | None = None  # it closes the ticket: of prepaid hours, as in `Closed`

    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        plain = cls(
            about=sampled.about(say, phase="in_progress"), actor="Nagy Kata", message=say("sample.wrote_back")
        )
        yield "", replace(plain, signature=f"Nagy Kata\n{say('sample.job')}")
        yield "unnamed", replace(plain, actor="")
        yield "waits", replace(plain, about=sampled.about(say, phase="waiting_customer"))
        planned = datetime(2026, 11, 5, 8, tzinfo=UTC)
        yield "planned", replace(plain, about=sampled.about(say, phase="scheduled"), scheduled_for=planned)
        solved = replace(plain, message=say("sample.said"))
        yield "solves", replace(solved, about=sampled.about(say, phase="resolved", reply_days=14))
        closes = replace(solved, about=sampled.about(say, phase="closed", reply_days=14), closes=True)
        yield "closes", closes
        used = HoursAccount(allowed=120, used=105, left=15, percent=87, until="2026-11-30")
        yield "closes_prepaid", replace(closes, account=used)
        yield "closes_and_asks", replace(closes, asks_rating=True)


@mail(
    "project", to=Reader.CUSTOMER, when="the request is carried on as a project", first="the project's number",
    todo=_NOTHING, never="how to reopen the request", closes_with="nothing",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class Project(Content):
    project: int | None = None

    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        yield "", cls(about=sampled.about(say, phase="closed"), project=15790, actor="Nagy Kata")


@mail(
    "adopted", to=Reader.CUSTOMER, when="a colleague who may agreed to the request", first="who agreed",
    todo=_NOTHING, never='"we start now" where an approval is waited for', closes_with="nothing",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted(Content):
    approvers: tuple[NamedPerson, ...] = ()
    no_approver: bool = False

    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        plain = cls(about=sampled.about(say), actor="Nagy Béla", promise=sampled.PROMISE)
        yield "", plain
        yield (
            "held",
            replace(
                plain,
                about=sampled.about(say, phase="awaiting_approval"),
                promise=None,
                approvers=(sampled.BOSS,),
            ),
        )


@mail(
    "outage_update", to=Reader.CUSTOMER, when="there is news on an outage that the ticket is linked to",
    first="the news", todo=_NOTHING, never="that it is over", closes_with="nothing",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class OutageUpdate(Content):
    outages: tuple[KnownOutage, ...] = ()

    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        yield (
            "",
            cls(about=sampled.about(say), outages=sampled.outages(say), message=say("sample.outage_news")),
        )


@mail(
    "outage_resolved", to=Reader.CUSTOMER, when="an outage that the ticket is linked to is over", first="that it is over",
    todo="check; reply if it still fails", never="when it is expected to be over", closes_with="outage_over",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class OutageResolved(Content):
    outages: tuple[KnownOutage, ...] = ()
    stays_open: bool = False  # whatever they answer: a consent or a confirmation is waited for

    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        yield "", cls(about=sampled.about(say), outages=sampled.outages(say))
        held = cls(
            about=sampled.about(say, phase="awaiting_approval"), outages=sampled.outages(say), stays_open=True
        )
        yield "held", held
        yield "unconfirmed", replace(held, about=sampled.about(say, phase="waiting_customer"))


@mail(
    "cost_notice", to=Reader.CUSTOMER, when="work outside the contract is announced, and no consent is asked",
    first="that it is charged, and how much is expected", todo="nothing; object if they would rather not",
    never="a request to decide", closes_with="object",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class CostNotice(Content):
    consent: RequestedConsent | None = None

    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        cost = RequestedConsent(
            kind="cost", estimate_minutes=90, quantum_minutes=15, reason=say("sample.reason")
        )
        yield "", cls(about=sampled.about(say), consent=cost, actor="Nagy Kata")
