"""Made-up parts of mails, for previews, pictures and the tests of every mail in every state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from maild.notice.values import (
    About,
    HistoryStep,
    Item,
    KnownOutage,
    NamedPerson,
    OnFile,
    PromisedTimes,
    RequestedConsent,
)

NUMBER = 15789
BOSS = NamedPerson(name="Nagy Béla", address="boss@acme.example")
ANNA = NamedPerson(name="Kovács Anna", address="anna@acme.example")
ON_FILE = OnFile(name="Kovács Anna", phone="+36 1 555 0100", addresses=("anna@acme.example",))
WRITTEN = datetime(2026, 10, 30, 16, 40, tzinfo=UTC)
PROMISE = PromisedTimes(
    received_at=WRITTEN, respond_by=datetime(2026, 11, 2, 9, 30, tzinfo=UTC),
    resolve_by=datetime(2026, 11, 3, 14, tzinfo=UTC), outside_hours=True,
)  # fmt: skip
LATER = datetime(2026, 11, 2, 10, 5, tzinfo=UTC)
RESOLVE = PromisedTimes(received_at=WRITTEN, resolve_by=datetime(2026, 11, 3, 14, tzinfo=UTC))
CALL_BACK = PromisedTimes(
    received_at=WRITTEN, call_back_by=datetime(2026, 10, 30, 17, 10, tzinfo=UTC),
    respond_by=datetime(2026, 10, 30, 18, 40, tzinfo=UTC),
)  # fmt: skip

Say = Callable[[str], str]


def about(
    say: Say,
    *,
    phase: str = "received",
    kind: str = "incident",
    severity: str = "system",
    company_name: str = "Acme Kft.",
    subject: str = "sample.subject",
    reply_days: int = 0,
) -> About:
    return About(
        subject=say(subject), phase=phase, kind=kind, severity=severity, company_name=company_name, requester=ANNA,
        timezone="Europe/Budapest", reply_days=reply_days, at=WRITTEN if phase == "received" else LATER,
    )  # fmt: skip


def history(say: Say) -> tuple[HistoryStep, ...]:
    return (
        HistoryStep(
            at=datetime(2026, 11, 2, 10, 5, tzinfo=UTC), type="phase", phase="in_progress", author="Nagy Kata"
        ),
        HistoryStep(
            at=datetime(2026, 11, 2, 8, 40, tzinfo=UTC),
            type="reply",
            author="Nagy Kata",
            text=say("sample.wrote_back"),
        ),
        HistoryStep(
            at=datetime(2026, 11, 2, 8, 12, tzinfo=UTC), type="phase", phase="accepted", author="Nagy Kata"
        ),
        HistoryStep(at=WRITTEN, type="mail", author="Kovács Anna", text=say("sample.wrote")),
    )


def outages(say: Say) -> tuple[KnownOutage, ...]:
    return (
        KnownOutage(
            id=7, title=say("sample.outage_title"), text=say("sample.outage_text"),
            eta=datetime(2026, 11, 2, 13, tzinfo=UTC),
        ),
    )  # fmt: skip


def offer_lines(say: Say) -> tuple[Item, ...]:
    """What the offer of 1,450,000 forints is made of."""
    return (
        Item(text=say("sample.offer_item"), amount="1350000.00"),
        Item(text=say("sample.offer_work"), amount="100000.00"),
    )


def decision(say: Say) -> RequestedConsent:
    return RequestedConsent(
        kind="permission", id="C12", request=say("sample.request"), requester_name="Kovács Anna",
        requester_address="anna@acme.example", requester_verified=True,
        expires_at=datetime(2026, 11, 9, 9, 30, tzinfo=UTC), require="dmarc",
        reference_line="maild-k7qx2mpdv4ratlek7qx2mpdv4a",
    )  # fmt: skip
