"""A reply's plan changes the row of its ticket in one place, whatever the mail does to it."""

from __future__ import annotations

import pytest

from maild.app import join
from maild.model import TicketFacts, UpdateTicket
from maild.ticket.phases import Phase
from maild.ticket.state import UNSET
from maild.ticket.vocabulary import LastWord, TicketKind
from tests.unit.app.act_world import nonce
from tests.unit.app.approval_world import GIVE, JOINS, KEYED, NUMBER, anna
from tests.unit.factory import NOW, ticket


@pytest.mark.parametrize(
    ("phase", "after"),
    [
        (Phase.RECEIVED, Phase.RECEIVED),
        (Phase.IN_PROGRESS, Phase.IN_PROGRESS),
        (Phase.WAITING_CUSTOMER, Phase.IN_PROGRESS),
    ],
)
def test_a_reply_updates_its_ticket_once(phase: Phase, after: Phase) -> None:
    updates, then = joined("It is the one beside the lift.", phase)
    assert len(updates) == 1
    assert (then.phase, then.state.asks) == (after, None)


@pytest.mark.parametrize("phase", [Phase.RECEIVED, Phase.IN_PROGRESS, Phase.WAITING_CUSTOMER])
def test_one_that_asks_for_a_consent_holds_it_besides(phase: Phase) -> None:
    updates, then = joined(GIVE, phase)
    assert [one.change.phase for one in updates] == [Phase.AWAITING_APPROVAL, UNSET]
    assert (then.phase, then.state.asks) == (Phase.AWAITING_APPROVAL, TicketKind.PERMISSION)


def joined(text: str, phase: Phase) -> tuple[list[UpdateTicket], TicketFacts]:
    """The updates of a ticket in that phase by a reply of its customer, and what it is then."""
    stands = ticket(NUMBER, phase=phase)
    made = join.join(anna(text, on=stands, settings=KEYED), JOINS, nonce)
    after = stands.after_all(made.changes)
    assert after.last_word is LastWord.CUSTOMER
    assert after.waiting_since == NOW
    return [one for one in made.changes if isinstance(one, UpdateTicket)], after
