"""Consents of each kind, answers that are not signed, and what the desk does about them in the words of `short`."""

from __future__ import annotations

from typing import Any

from maild.model import AddEntry, AuthResult, Plan, Reason, Threading, UpdateTicket, Verdict
from maild.ticket.phases import ConsentState
from maild.ticket.state import UNSET
from maild.ticket.terms import ConsentTerms
from maild.ticket.vocabulary import ConsentKind, EntryType, TicketKind
from tests.unit.app.act_world import asking, asks, entry
from tests.unit.app.approval_world import ANNA, BOSS, consent, held
from tests.unit.factory import ticket

UNSIGNED, NO_DNS = AuthResult("none"), AuthResult("temperror")
AWAY = Verdict("auto_reply", (Reason("x", "x"),))
NEW = Threading(None, None, "new")
PERMISSION = TicketKind.PERMISSION

ASKED = consent()
VOID = consent(state=ConsentState.VOID)
VERIFIED = consent(terms=ConsentTerms(requester_verified=True))
QUOTE = consent(kind=ConsentKind.QUOTE, terms=ConsentTerms(amount="5.00", currency="EUR"))
ELSEWHERE = consent(ticket=7)
CONFIRM: dict[str, Any] = {"kind": ConsentKind.CONFIRM, "approvers": (ANNA,)}
DEVICE = consent(**CONFIRM, terms=ConsentTerms(kind_after=ConsentKind.DEVICE))

#: held for a permission, as its words ask, and one whose words ask for nothing
HELD = asks(held(entries=(asking(1),)))
PLAIN = ticket(entries=(entry(1, text="I need a scanner."),))
#: what an agent's asking does to a ticket that was not held
ASKING_HOLDS = [
    "phase awaiting_approval", f"asks permission of {BOSS} for {ANNA}", "log asked", f"mail approval_request to {BOSS}",
    f"mail awaiting_approval to {ANNA}",
]  # fmt: skip


def asks_for(kind: str) -> list[str]:
    return [
        f"asks {kind} of boss@acme.example vice@acme.example for anna@acme.example", "log asked",
        "mail approval_request to boss@acme.example", "mail approval_request to vice@acme.example",
    ]  # fmt: skip


AGENTS = ["mail agent_alert to kata@desk.example"]
KEPT = ["append", "hold", "entry internal", "log not_accepted"]
TELLS = ["mail approval_not_accepted to boss@acme.example"]
ASKS = asks_for("permission")
ANEW = ["hold", "C12 void maild", "log void", *ASKS]
HOLDS = ["hold", "phase awaiting_approval", *ASKS, "mail awaiting_approval to anna@acme.example"]


def asks_of(plan: Plan | None) -> list[object]:
    """What the plan notes that its ticket's words ask for."""
    assert plan is not None
    return [
        one.change.asks
        for one in plan.changes
        if isinstance(one, UpdateTicket) and one.change.asks is not UNSET
    ]


def consent_entry(plan: Plan | None) -> AddEntry:
    """The one entry of a plan that tells of a consent."""
    assert plan is not None
    (entry,) = [one for one in plan.changes if isinstance(one, AddEntry) and one.type is EntryType.CONSENT]
    return entry
