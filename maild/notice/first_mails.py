"""Answers to somebody who wrote or called: the ticket is there, and what they may count on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Self

from maild.mail.text import links
from maild.notice import sampled
from maild.notice.content import Content, Reader, Say, mail
from maild.notice.values import About, File, KnownOutage, NamedPerson, OnCall, OnFile
from maild.values import dataclass, replace

_NOTHING = "nothing; may add something in a reply"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement(Content):
    """What the answer to a first mail may say besides."""

    channel: str = "mail"  # mail, phone, web
    on_file: OnFile | None = None
    outages: tuple[KnownOutage, ...] = ()
    hints: tuple[str, ...] = ()  # codes of what would help us, words.toml [ask]
    oncall: OnCall | None = None
    out_of_scope: bool = False
    out_of_scope_text: str = ""
    follow_up_of: int | None = None

    def without_echo(self) -> Self:
        """The same with nothing in it that the sender wrote or named."""
        about = replace(self.about, subject="", requester=NamedPerson(), company_name="")
        return replace(self, about=about, text="", attachments=(), history=(), on_file=None, echo=False)

    def without_links(self) -> Self:
        """The same with nothing in their words that a reader's program makes a link of."""
        said = (self.about.subject, self.text, *(one.name for one in self.attachments))
        subject, text, *names = map(links.disarmed, said)
        if (subject, text, *names) == said:
            return self
        files = tuple(replace(one, name=name) for one, name in zip(self.attachments, names, strict=True))
        return replace(self, about=replace(self.about, subject=subject), text=text, attachments=files)


@mail(
    "received", to=Reader.SENDER, when="a mail, a call or the page opened a ticket, or added to one",
    first="that it is here, with its number, and what is promised",
    todo=_NOTHING + "; where something would help us, one question",
    never="a promise that is over; a severity without a contract", closes_with="nothing",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class Received(Acknowledgement):
    split_from: int | None = None  # the ticket that it was a part of
    off_outage: bool = False  # the sender said that the known outage is not what they mean

    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        plain = cls(
            about=sampled.about(say), promise=sampled.PROMISE, on_file=sampled.ON_FILE, text=say("sample.wrote"),
            attachments=(File(name="kép.png", size=60213), File(name="log.txt", size=1840)),
        )  # fmt: skip
        yield "", plain
        yield "outage", replace(plain, outages=sampled.outages(say))
        yield "question", replace(plain, hints=("who", "since", "screenshot"), attachments=())
        yield "outside_contract", replace(plain, out_of_scope=True, promise=None)
        yield "critical", replace(
            plain, about=sampled.about(say, severity="infrastructure"), promise=sampled.CALL_BACK,
            oncall=OnCall(phone="+36 1 555 0999", code="4711"), on_file=None,
        )  # fmt: skip
        yield "follow_up", replace(plain, follow_up_of=15012)
        yield (
            "phone",
            replace(plain, channel="phone", attachments=(), actor="Nagy Kata", text=say("sample.noted")),
        )
        yield (
            "visit",
            replace(plain, channel="visit", attachments=(), actor="Nagy Kata", text=say("sample.noted")),
        )
        yield "split", replace(plain, split_from=15780, on_file=None, attachments=())
        yield "reply", replace(plain, is_reply=True, on_file=None, promise=None)
        yield (
            "off_outage",
            replace(plain, is_reply=True, on_file=None, off_outage=True, text=say("sample.again")),
        )


@mail(
    "complaint", to=Reader.SENDER, when="what was written or told is a complaint",
    first="that we take it seriously, and by when they hear from us", todo=_NOTHING, never="thanks for the cooperation",
    closes_with="nothing",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint(Acknowledgement):
    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        yield (
            "",
            cls(
                about=sampled.about(say, kind="complaint"),
                promise=sampled.PROMISE,
                text=say("sample.complained"),
            ),
        )


@mail(
    "no_contract", to=Reader.SENDER, when="the sender's company has no contract",
    first="that it is here, and that sales will answer", todo=_NOTHING, never="a promise, a severity", closes_with="nothing",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class NoContract(Acknowledgement):
    on_page: ClassVar[bool] = False

    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        yield "", cls(about=sampled.about(say, severity="", kind="question"), text=say("sample.wrote"))


@mail(
    "unknown_sender", to=Reader.SENDER, when="nobody knows the sender",
    first="that it is here, and who reads it", todo="a customer names their company",
    never="anything that was written, unless the sender was verified; a severity",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownSender(Acknowledgement):
    on_page: ClassVar[bool] = False

    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        yield "", cls(about=About(kind="question"), echo=False)
        yield (
            "verified",
            cls(
                about=sampled.about(say, severity="", kind="question", company_name=""),
                text=say("sample.wrote"),
            ),
        )


@mail(
    "suspended", to=Reader.SENDER, when="the sender's company is suspended",
    first="that it is here", todo=_NOTHING, never="why, a promise, a severity", closes_with="nothing",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class Suspended(Acknowledgement):
    on_page: ClassVar[bool] = False

    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        yield "", cls(about=sampled.about(say, severity=""))


@mail(
    "not_entitled", to=Reader.SENDER, when="the sender may not file requests",
    first="that a colleague must agree, and who", todo="ask one of them", never="a promise", closes_with="ask_them",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class NotEntitled(Acknowledgement):
    who_may: tuple[NamedPerson, ...] = ()

    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        about = sampled.about(say, phase="waiting_customer")
        yield "", cls(about=about, who_may=(sampled.BOSS,), text=say("sample.wrote"))


@mail(
    "phone_permission", to=Reader.SENDER, when="a change of permissions or an order was asked for by phone",
    first="that we need it in writing", todo="reply and write what is wanted", never="that an approver was asked",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class PhonePermission(Acknowledgement):
    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        yield "", cls(about=sampled.about(say, phase="waiting_customer", kind="permission"), channel="phone")


@mail(
    "awaiting_approval", to=Reader.CUSTOMER, when="the ticket is held for a written approval",
    first="whose approval is waited for", todo="nothing; without an approver: tell us who may approve",
    never="that the work starts", closes_with="nothing",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitingApproval(Acknowledgement):
    approvers: tuple[NamedPerson, ...] = ()
    no_approver: bool = False
    to_reference: bool = False  # to the reference persons: nobody is named who may decide

    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        about = sampled.about(
            say, phase="awaiting_approval", kind="permission", subject="sample.request_subject"
        )
        yield "", cls(about=about, approvers=(sampled.BOSS,), text=say("sample.request"))
        yield "nobody", cls(about=about, no_approver=True, text=say("sample.request"))
        yield "own", cls(about=about, approvers=(about.requester,), text=say("sample.request"))
        yield "to_reference", cls(about=about, to_reference=True, text=say("sample.request"))


@mail(
    "reopened", to=Reader.CUSTOMER, when="a finished ticket is open again, by a reply or by an agent",
    first="that we took it up again", todo=_NOTHING, never="a promise that is over", closes_with="nothing",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened(Acknowledgement):
    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        about = sampled.about(say, phase="in_progress")
        yield "", cls(about=about, history=sampled.history(say))
        yield "by_reply", cls(about=about, is_reply=True, text=say("sample.again"))


@mail(
    "adopt_request", to=Reader.REFERENCE, when="a colleague who may not file requests sent one",
    first="who asks for what", todo='reply "ok" if we should go ahead', never="the ticket's history",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptRequest(Content):
    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        yield "", cls(about=sampled.about(say, phase="waiting_customer"), text=say("sample.wrote"))
