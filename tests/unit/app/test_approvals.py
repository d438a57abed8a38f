"""What agents do with consents: ask, ask in place of working on, change, remind, withdraw, and what time does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from maild.app import approvals
from maild.model import AddEntry, Change, OpenConsent, TicketFacts
from maild.ticket.entries import CallDetails
from maild.ticket.phases import ConsentState, Phase
from maild.ticket.terms import ConsentTerms
from maild.ticket.vocabulary import ConsentKind, EntryType, TicketKind
from tests.cases import cases
from tests.unit.app.act_world import (
    ACME,
    ANNA,
    BELA,
    DAY,
    act,
    asking,
    asks,
    at,
    entry,
    nonce,
    of,
    refused,
    said,
)
from tests.unit.app.approval_words import ASKING_HOLDS, HELD, PLAIN
from tests.unit.app.approval_world import consent, opened, short_of
from tests.unit.factory import NOW, ticket

S, K = ConsentState, ConsentKind


def request(
    on: TicketFacts, *consents: Any, kind: str = "", message: str = "", old: Any = None
) -> tuple[Change, ...]:
    return approvals.request(act(*consents), on, old, kind, message, nonce).changes


# ------------------------------------------------------------------------------------- asking


def test_a_ticket_is_held_with_all_that_its_requester_wrote_and_what_the_agent_adds() -> None:
    changes = request(PLAIN, kind="permission", message=" For the third floor. ")
    assert short_of(changes) == ASKING_HOLDS
    assert opened(changes).request_text == "Printer\n\nI need a scanner.\n\nFor the third floor."
    assert opened(changes).phase_before is Phase.RECEIVED
    assert PLAIN.after_all(changes).kind is TicketKind.PERMISSION
    assert (
        opened(request(PLAIN, kind="permission", message=" ")).request_text == "Printer\n\nI need a scanner."
    )


def test_what_has_ended_is_reopened_first_unless_its_words_ask() -> None:
    refused(lambda: request(at(PLAIN, Phase.CLOSED)), "#15789 is closed; `maild reopen 15789` comes first")
    refused(
        lambda: request(at(PLAIN, Phase.MERGED, merged_into=7)), "#15789 was merged; the work goes on in #7"
    )


def test_what_was_rejected_or_asks_may_be_asked_about_where_it_ended() -> None:
    assert short_of(request(at(PLAIN, Phase.REJECTED)))[0] == "phase awaiting_approval"
    assert short_of(request(asks(at(PLAIN, Phase.CLOSED))))[0] == "phase awaiting_approval"


@cases(
    ("on", "old", "kind", "asked"),
    [
        (PLAIN, None, "", "permission"),  # the first of those that there are
        (PLAIN, consent(kind=K.DEVICE, state=S.REFUSED), "", "device"),  # as it was asked before
        (replace(PLAIN, kind=TicketKind.DEVICE), consent(state=S.REFUSED), "", "device"),  # as it is called
        (asks(PLAIN, TicketKind.DEVICE), None, "", "device"),  # as its words ask
        (asks(PLAIN, TicketKind.DEVICE), None, "permission", "permission"),  # as the agent says
        (PLAIN, consent(kind=K.CONFIRM, state=S.EXPIRED), "", "permission"),
        (replace(PLAIN, kind=TicketKind.DEVICE), None, "confirm", "device"),
        (PLAIN, None, "confirm", "permission"),
    ],
)  # fmt: skip
def test_for_which_kind_is_asked(on: TicketFacts, old: Any, kind: str, asked: str) -> None:
    assert opened(request(on, *filter(None, [old]), kind=kind, old=old)).kind == asked


def test_the_ticket_is_of_the_kind_that_is_asked_for_unless_its_words_ask() -> None:
    assert PLAIN.after_all(request(PLAIN, kind="device")).kind is TicketKind.DEVICE
    named = asks(PLAIN)
    assert named.after_all(request(named)).kind == "incident"
    assert not [c for c in request(replace(PLAIN, kind=TicketKind.DEVICE)) if "kind" in _columns(c)]


def _columns(change: Change) -> dict[str, Any]:
    return change.change.columns() if hasattr(change, "change") else {}


@pytest.mark.parametrize("kind", ["quote", "cost", "raise"])
def test_for_money_there_are_verbs_of_its_own(kind: str) -> None:
    refused(
        lambda: request(PLAIN, kind=kind),
        f"no approval for '{kind}'; there are: permission, device",
        "quote send",
    )


def test_after_a_call_no_approver_is_asked_before_its_requester_has_written() -> None:
    call = entry(1, "kata", "wants access", EntryType.CALL, CallDetails(by=ANNA))
    called = ticket(entries=(replace(call, channel="phone"),))
    refused(lambda: request(called), "by phone", f"before {ANNA} has written", "maild reply 15789")
    assert short_of(request(replace(called, entries=(*called.entries, entry(2))))) == ASKING_HOLDS
    assert opened(request(called, old=consent())).kind is K.PERMISSION  # asked anew


@pytest.mark.parametrize("state", [S.WAITING, S.EXPIRED])
def test_asked_anew_it_is_the_request_that_holds_with_what_is_added(state: ConsentState) -> None:
    old = consent(state=state, request_text="Printer\n\nOnly this.", phase_before=Phase.ACCEPTED)
    changes = request(HELD, old, old=old, message="Now.")
    assert opened(changes).request_text == "Printer\n\nOnly this.\n\nPlease give me access.\n\nNow."
    assert opened(changes).phase_before is Phase.ACCEPTED
    assert ("C12 void kata" in short_of(changes)) is (state is S.WAITING)


def test_what_was_decided_is_no_longer_the_request() -> None:
    old = consent(state=S.REFUSED, request_text="Printer\n\nOnly this.")
    assert (
        opened(request(at(HELD, Phase.REJECTED), old, old=old)).request_text
        == "Printer\n\nPlease give me access."
    )


def test_who_writes_in_the_name_of_the_request_is_named_and_whether_it_was_proven() -> None:
    on = ticket(entries=(entry(1), asking(2, BELA, verified=True)))
    one = opened(request(on))
    assert (one.requester, one.request_text, one.terms) == (
        BELA, "Printer\n\nPlease give me access.", ConsentTerms(requester_verified=True),
    )  # fmt: skip
    assert opened(request(PLAIN)).terms == ConsentTerms(requester_verified=False)


def test_where_other_words_hold_it_on_it_goes_back_to_where_it_stood_before_all_of_them() -> None:
    done = [
        consent(11, state=S.GRANTED, phase_before=Phase.ACCEPTED),
        consent(12, state=S.REFUSED, phase_before=Phase.IN_PROGRESS),
    ]
    over = consent(13, state=S.WITHDRAWN, phase_before=Phase.AWAITING_APPROVAL)
    assert opened(request(HELD, *done, over)).phase_before is Phase.IN_PROGRESS
    assert opened(request(HELD, over)).phase_before is Phase.RECEIVED
    assert opened(request(HELD)).phase_before is Phase.RECEIVED
    assert opened(request(at(HELD, Phase.SCHEDULED), *done)).phase_before is Phase.SCHEDULED


# ------------------------------------------------------------------------------------- in place of work


def phase(on: TicketFacts, new: Phase, message: str = "", **more: Any) -> tuple[Change, ...]:
    return approvals.phase(act(), on, new, message, nonce, **more).changes


@pytest.mark.parametrize("new", [Phase.ACCEPTED, Phase.IN_PROGRESS, Phase.RESOLVED])
def test_what_asks_is_held_in_place_of_being_worked_on(new: Phase) -> None:
    on = asks(at(replace(PLAIN, entries=(asking(1),)), Phase.WAITING_CUSTOMER, phase_before=Phase.RECEIVED))
    changes = phase(on, new, "We look at it.")
    assert short_of(changes) == ASKING_HOLDS
    note = of(AddEntry, changes)[-1]
    assert (note.type, note.author, note.text, note.public) == (
        EntryType.NOTE,
        "kata",
        "We look at it.",
        False,
    )
    assert EntryType.NOTE not in {one.type for one in of(AddEntry, phase(on, new, " "))}


def test_an_ordinary_ticket_moves_and_what_ends_ends() -> None:
    assert short_of(phase(PLAIN, Phase.IN_PROGRESS)) == ["phase in_progress", f"mail in_progress to {ANNA}"]
    waits = asks(at(PLAIN, Phase.WAITING_CUSTOMER))
    assert short_of(phase(waits, Phase.REJECTED))[0] == "phase rejected"
    refused(lambda: phase(HELD, Phase.IN_PROGRESS), "held for approval")
    later = NOW + DAY
    assert PLAIN.after_all(phase(PLAIN, Phase.SCHEDULED, at=later)).state.scheduled_for == later


def reopen(on: TicketFacts, message: str = "") -> tuple[Change, ...]:
    return approvals.reopen(act(), on, message, nonce).changes


@pytest.mark.parametrize("before", [Phase.RESOLVED, Phase.CLOSED, Phase.REJECTED])
def test_what_asks_is_held_when_it_is_reopened(before: Phase) -> None:
    on = asks(at(replace(PLAIN, entries=(asking(1),)), before))
    assert short_of(reopen(on)) == ASKING_HOLDS
    assert short_of(reopen(asks(on, None))) == ["phase in_progress", f"mail reopened to {ANNA}"]
    assert "(Sorry.)" in said(reopen(on, "Sorry."))


def test_what_is_open_is_not_reopened_whatever_it_asks() -> None:
    refused(lambda: reopen(asks(at(PLAIN, Phase.WAITING_CUSTOMER))), "not closed")
    refused(lambda: reopen(asks(at(PLAIN, Phase.MERGED))), "not closed")


def test_a_company_is_asked_by_its_own_approvers() -> None:
    nobody = act(company=replace(ACME, people=()))
    (one,) = of(OpenConsent, approvals.request(nobody, PLAIN, None, "", "", nonce).changes)
    assert one.approvers == ()
