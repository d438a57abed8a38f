"""A reply's plan changes the row of its ticket in one place, whatever the mail does to it."""

from __future__ import annotations

import pytest

from maild.app import join
from maild.model import UpdateTicket
from maild.ticket import moving
from maild.ticket.phases import Phase
from maild.ticket.vocabulary import LastWord
from tests.unit.app.approval_world import GIVE, JOINS, KEYED, anna, nonce
from tests.unit.factory import ticket


@pytest.mark.parametrize("phase", [Phase.RECEIVED, Phase.IN_PROGRESS, Phase.WAITING_CUSTOMER])
@pytest.mark.parametrize("text", ["It is the one beside the lift.", GIVE])
def test_a_reply_updates_its_ticket_once(phase: Phase, text: str) -> None:
    stands = ticket(JOINS.ticket or 0, phase=phase)
    made = join.join(anna(text, on=stands, settings=KEYED), JOINS, nonce)
    updates = [one for one in made.changes if isinstance(one, UpdateTicket)]
    after = stands.after_all(made.changes)
    assert after.last_word is LastWord.CUSTOMER
    assert after.waiting_since is not None
    if text is not GIVE:
        assert len(updates) == 1
        assert after.phase is (moving.woken(stands) if phase is Phase.WAITING_CUSTOMER else phase)
    else:
        assert after.phase is Phase.AWAITING_APPROVAL
        assert after.state.asks is not None
