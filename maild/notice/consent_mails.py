"""Mails about a written consent: to who decides, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Self

from maild.notice import sampled
from maild.notice.content import Content, Reader, Say, mail
from maild.notice.values import RequestedConsent
from maild.values import dataclass, replace

_DECIDE = "answer with one of the words that the mail names"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking(Content):
    """A mail whose reader is asked for a yes or a no."""

    consent: RequestedConsent | None = None
    replaces: bool = False  # an earlier version of it counts no more

    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        about = sampled.about(
            say, phase="awaiting_approval", kind="permission", subject="sample.request_subject"
        )
        yield "", cls(about=about, consent=sampled.decision(say))
        yield "unverified", cls(about=about, consent=replace(sampled.decision(say), requester_verified=False))


@mail(
    "approval_request", to=Reader.APPROVER, when="a permission or a device was asked for", first="who asks for what",
    todo=_DECIDE, never="that it was decided",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRequest(Asking):
    pass


@mail(
    "approval_reminder", to=Reader.APPROVER, when="nobody answered for a working day", first="that we wait for the decision",
    todo=_DECIDE, never="that it was decided",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalReminder(Asking):
    pass


@mail(
    "approval_confirm", to=Reader.APPROVER, when="an approver asked, and we could not verify that it was they",
    first="whether it was they", todo=_DECIDE, never="that it was decided",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalConfirm(Asking):
    pass


@mail(
    "approval_unclear", to=Reader.APPROVER, when="an answer was neither a clear yes nor a clear no",
    first="that we could not tell", todo=_DECIDE, never="that it was decided",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalUnclear(Asking):
    reason: str = ""


@mail(
    "approval_changed", to=Reader.APPROVER, when="an answer was to a request or an offer that was replaced",
    first="that something else is asked now", todo=_DECIDE, never="that it was decided",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalChanged(Asking):
    reason: str = ""


@mail(
    "quote_request", to=Reader.APPROVER, when="an offer is made", first="what is offered and for how much",
    todo=_DECIDE, never="that it was accepted",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteRequest(Asking):
    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        about = sampled.about(say, phase="awaiting_approval", kind="quote", subject="sample.offer_subject")
        offer = replace(
            sampled.decision(say), kind="quote", request=say("sample.offer"), amount="1450000.00", currency="HUF",
            valid_until=date(2026, 11, 16),
        )  # fmt: skip
        yield "", cls(about=about, consent=offer)
        lines = sampled.offer_lines(say)
        yield (
            "lines",
            cls(about=about, consent=replace(offer, items=lines, vat=say("sample.vat")), replaces=True),
        )


@mail(
    "cost_request", to=Reader.APPROVER, when="work outside the contract needs a yes", first="what it will cost",
    todo=_DECIDE, never="that it was accepted",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class CostRequest(Asking):
    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        about = sampled.about(say, phase="awaiting_approval")
        cost = replace(
            sampled.decision(say), kind="cost", request=say("sample.reason"), estimate_minutes=90, quantum_minutes=15,
            reason=say("sample.reason"),
        )  # fmt: skip
        yield "", cls(about=about, consent=cost)


@mail(
    "approval_not_accepted", to=Reader.APPROVER, when="an answer in an approver's name did not count",
    first="that it did not count, and why", todo="answer again if it was theirs, tell us if it was not",
    never="that it was decided",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalNotAccepted(Content):
    consent: RequestedConsent | None = None
    reason: str = ""  # the condition that failed, words.toml [reason]

    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        about = sampled.about(
            say, phase="awaiting_approval", kind="permission", subject="sample.request_subject"
        )
        asked = replace(sampled.decision(say), reference_line="", asked_at=sampled.WRITTEN)
        plain = cls(about=about, consent=asked, reason="decision_word")
        yield "", plain
        yield "to_another_mail", replace(plain, reason="token_known")
        offer = replace(
            asked, kind="quote", request=say("sample.offer"), amount="1450.00", currency="EUR",
            valid_until=date(2026, 11, 16),
        )  # fmt: skip
        of_offer = sampled.about(say, phase="awaiting_approval", kind="quote", subject="sample.offer_subject")
        yield "offer_to_another_mail", replace(plain, about=of_offer, consent=offer, reason="token_known")


@mail(
    "approval_result", to=Reader.CUSTOMER, when="a consent was given, refused, withdrawn, or nobody answered",
    first="who decided what", todo="nothing", never="a request to decide", closes_with="nothing",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalResult(Content):
    outcome: str
    consent: RequestedConsent | None = None
    reason: str = ""
    to_decider: bool = False  # to who decided about money, and is not on the ticket

    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        for outcome, phase in (
            ("granted", "received"), ("refused", "rejected"), ("expired", "awaiting_approval"), ("withdrawn", "received"),
        ):  # fmt: skip
            yield outcome, cls(
                about=sampled.about(say, phase=phase, kind="permission", subject="sample.request_subject"),
                consent=RequestedConsent(kind="permission", id="C12"), outcome=outcome,
                actor="Nagy Béla" if outcome in ("granted", "refused") else "", history=sampled.history(say)[-1:],
            )  # fmt: skip
        offer = RequestedConsent(
            kind="quote",
            id="C13",
            request=say("sample.offer"),
            amount="1450000.00",
            currency="HUF",
            vat=say("sample.vat"),
        )
        cost = RequestedConsent(
            kind="cost", id="C14", estimate_minutes=90, quantum_minutes=15, reason=say("sample.reason")
        )
        lines = replace(offer, request="", items=sampled.offer_lines(say))
        of_offer = sampled.about(say, phase="received", kind="quote", subject="sample.offer_subject")
        yield "quote_granted_lines", cls(about=of_offer, consent=lines, outcome="granted", actor="Nagy Béla")
        of_cost = ("incident", "sample.subject")
        for kind, asked in (("quote", offer), ("cost", cost)):
            for outcome in ("granted", "refused", "expired", "withdrawn"):
                phase = {"refused": "rejected", "expired": "awaiting_approval"}.get(outcome, "received")
                of, subject = of_cost if kind == "cost" else ("quote", "sample.offer_subject")
                about = sampled.about(say, phase=phase, kind=of, subject=subject)
                named = "Nagy Béla" if outcome in ("granted", "refused") else ""
                made = cls(about=about, consent=asked, outcome=outcome, actor=named)
                yield f"{kind}_{outcome}", made
                if named:
                    yield f"{kind}_{outcome}_by_reader", replace(made, to_decider=True)
