"""What one company granted is asked of the company whose ticket it becomes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from maild.model import (
    OpenConsent,
    UpdateTicket,
)
from maild.ticket.entries import MailDetails, MergeDetails, MoveDetails
from maild.ticket.phases import ConsentState, Phase
from maild.ticket.terms import ConsentTerms
from maild.ticket.vocabulary import ConsentKind, EntryType, TicketKind
from tests.unit.app.act_world import (
    ACME,
    ANNA,
    BELA,
    GINA,
    GLOBEX,
    MINUTE,
    asking,
    asks,
    entry,
    of,
)
from tests.unit.app.approval_world import consent, held, short_of
from tests.unit.app.company_world import TOLD, WORDS, after, moved
from tests.unit.factory import NOW, ticket

GRANTED = consent(
    state=ConsentState.GRANTED, decided_at=NOW - MINUTE, request_text=f"Share\n\n{WORDS}", phase_before=Phase.RECEIVED,
    terms=ConsentTerms(requester_verified=True),
)  # fmt: skip
ASKED = ticket(kind="permission", entries=(asking(1),))


@pytest.mark.parametrize("phase", [Phase.RECEIVED, Phase.IN_PROGRESS, Phase.SCHEDULED])
def test_what_the_old_company_granted_is_asked_of_the_new_one(phase: Phase) -> None:
    changes = moved(replace(ASKED, phase=phase), GLOBEX, GRANTED)
    assert short_of(changes)[:3] == [
        "phase awaiting_approval",
        f"asks permission of {GINA} for {ANNA}",
        "log asked",
    ]
    (asked,) = of(OpenConsent, changes)
    assert (asked.request_text, asked.phase_before) == (GRANTED.request_text, phase)
    assert after(ASKED, changes).state.asks is TicketKind.PERMISSION


def test_where_it_waited_for_the_customer_it_goes_back_to_where_it_waited_from() -> None:
    on = replace(ASKED, phase=Phase.WAITING_CUSTOMER, phase_before=Phase.ACCEPTED)
    (asked,) = of(OpenConsent, moved(on, GLOBEX, GRANTED))
    assert asked.phase_before is Phase.ACCEPTED


def test_what_was_given_up_or_never_asked_is_asked_of_nobody() -> None:
    given_up = consent(13, state=ConsentState.WITHDRAWN, decided_at=NOW)
    assert short_of(moved(ASKED, GLOBEX, GRANTED, given_up)) == TOLD
    assert short_of(moved(ticket(entries=(entry(1),)), GLOBEX)) == TOLD


def merged(*settled: int) -> Any:
    return entry(9, "kata", "#3 merged into this", EntryType.MERGE, MergeDetails(merged=3, settled=settled))


def test_what_was_granted_on_a_ticket_that_was_merged_into_it_is_asked_in_the_words_that_asked() -> None:
    on = ticket(entries=(entry(1, text="It jams."), asking(2, BELA, verified=True), merged(2)))
    (asked,) = of(OpenConsent, moved(on, GLOBEX))
    assert (asked.kind, asked.requester) == (ConsentKind.PERMISSION, BELA)
    assert asked.request_text == f"Printer\n\n{WORDS}"
    assert asked.terms.requester_verified
    weak = ticket(entries=(entry(1, text="It jams."), asking(2, BELA), merged(2)))
    (asked,) = of(OpenConsent, moved(weak, GLOBEX))
    assert not asked.terms.requester_verified


def test_the_first_kind_of_several_that_were_granted_so_is_asked() -> None:
    device = asking(3, BELA, "I need a laptop.")
    device = replace(device, details=MailDetails(asks=TicketKind.DEVICE))
    on = ticket(entries=(asking(2, BELA), device, merged(2, 3)))
    (asked,) = of(OpenConsent, moved(on, GLOBEX))
    assert asked.kind is ConsentKind.PERMISSION


def test_words_that_waited_for_a_consent_before_are_no_consent_that_was_lost() -> None:
    """Held without a question: nothing was granted, so nothing is asked anew; the ticket stays where it is."""
    assert short_of(moved(asks(held(entries=(asking(1),))))) == []


@pytest.mark.parametrize("phase", [Phase.RESOLVED, Phase.CLOSED, Phase.REJECTED])
def test_what_is_done_asks_again_when_it_is_reopened(phase: Phase) -> None:
    on = replace(ASKED, phase=phase)
    changes = moved(on, GLOBEX, GRANTED)
    assert short_of(changes) == []
    assert after(on, changes).state.asks is TicketKind.PERMISSION
    assert after(on, moved(on, GLOBEX)).state.asks is None


def test_what_is_done_and_granted_here_again_asks_for_nothing() -> None:
    on = asks(replace(ASKED, phase=Phase.RESOLVED, company="globex"))
    back = entry(5, "kata", "", EntryType.MOVE, MoveDetails(old="acme", new="globex"))
    there = replace(on, entries=(*on.entries, back))
    assert after(there, moved(there, ACME, replace(GRANTED, decided_at=back.at - MINUTE))).state.asks is None


@pytest.mark.parametrize(("phase", "kept"), [(Phase.REJECTED, True), (Phase.RESOLVED, False)])
def test_what_was_refused_stays_refused_elsewhere(phase: Phase, kept: bool) -> None:
    on = asks(ticket(kind="permission", phase=phase, entries=(entry(1),)))
    changes = moved(on, GLOBEX)
    assert after(on, changes).state.asks is (TicketKind.PERMISSION if kept else None)
    asked = asks(ticket(kind="permission", phase=phase, entries=(asking(1),)))
    assert after(asked, moved(asked, GLOBEX)).state.asks is TicketKind.PERMISSION
    assert not [
        c for c in moved(asked, GLOBEX) if isinstance(c, UpdateTicket) and c.change.of_state().get("asks")
    ]
