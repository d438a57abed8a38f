"""What a customer does on the page beside writing: it is solved, it is not solved."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from maild.app import customer
from maild.app.acts import ActContext
from maild.model import AddEntry, Mailbox, Plan, SetDeadline, TicketFacts
from maild.ticket.phases import Phase
from maild.ticket.vocabulary import DeadlineType, EntryType, LastWord
from tests.unit.app.act_world import (
    ACME,
    ANNA,
    BOSS,
    DAY,
    HOUR,
    SETTINGS,
    asking,
    asks,
    at,
    nonce,
    of,
    promised,
    refused,
)
from tests.unit.app.approval_world import consent, held, short_of
from tests.unit.factory import NOW

ON = replace(promised(), last_word=LastWord.CUSTOMER, waiting_since=NOW - HOUR, reply_by=NOW + HOUR)
ME = Mailbox(ANNA, "Anna")
DAYS = SETTINGS.threading.reopen_days


def does(what: Any, on: TicketFacts, *consents: Any, now: Any = NOW) -> Plan:
    plan = what(ActContext(SETTINGS, now, "", ACME, consents=consents), on, ME, nonce)
    assert isinstance(plan, Plan)
    return plan


def test_what_is_solved_closes_in_the_customers_name_and_nobody_waits() -> None:
    changes = does(customer.close, ON).changes
    now = ON.after_all(changes)
    assert (now.phase, now.waiting_since) == (Phase.CLOSED, None)
    step = next(one for one in of(AddEntry, changes) if one.type is EntryType.PHASE)
    assert (step.author, step.channel) == (ANNA, "web")
    assert short_of(changes) == ["phase closed", f"mail closed to {ANNA}"]


def test_what_has_ended_or_waits_for_an_approval_is_not_closed() -> None:
    for phase in (Phase.CLOSED, Phase.REJECTED, Phase.MERGED):
        refused(partial(does, customer.close, at(ON, phase)), f"#15789 is {phase}")
    refused(lambda: does(customer.close, held(), consent()), "C12")


def test_what_is_not_solved_goes_back_to_work_and_its_customer_waits() -> None:
    done = at(ON, Phase.RESOLVED, resolved_at=NOW, responded_at=NOW, waiting_since=None, reply_by=None,
              last_word=LastWord.AGENT)  # fmt: skip
    changes = does(customer.reopen, done).changes
    now = done.after_all(changes)
    assert (now.phase, now.last_word, now.waiting_since) == (Phase.IN_PROGRESS, LastWord.CUSTOMER, NOW)
    assert DeadlineType.REPLY_BREACH in {c.type for c in of(SetDeadline, changes) if c.at is not None}
    assert short_of(changes) == ["phase in_progress", f"mail reopened to {ANNA}"]
    step = next(one for one in of(AddEntry, changes) if one.type is EntryType.PHASE)
    assert (step.author, step.channel) == (ANNA, "web")


@pytest.mark.parametrize("phase", list(Phase))
def test_only_what_is_done_is_reopened(phase: Phase) -> None:
    on = at(ON, phase, resolved_at=NOW, closed_at=NOW)
    if phase in (Phase.RESOLVED, Phase.CLOSED, Phase.REJECTED):
        assert on.after_all(does(customer.reopen, on).changes).phase is Phase.IN_PROGRESS
        refused(
            lambda: does(customer.reopen, replace(on, resolved_at=None, closed_at=None)), f"#15789 is {phase}"
        )
    else:
        refused(lambda: does(customer.reopen, on), f"#15789 is {phase}")


def test_it_is_reopened_within_the_days_in_which_a_reply_would_reopen_it() -> None:
    on = at(ON, Phase.CLOSED, resolved_at=NOW - DAY, closed_at=NOW)
    last = NOW + DAYS * DAY
    assert does(customer.reopen, on, now=last)
    refused(lambda: does(customer.reopen, on, now=last + HOUR), f"#15789 ended more than {DAYS} days ago")
    assert does(customer.reopen, replace(on, closed_at=None), now=last - DAY)
    refused(lambda: does(customer.reopen, replace(on, closed_at=None), now=last), "ended more than")


def test_what_asks_for_a_consent_is_held_in_place_of_going_back_to_work() -> None:
    on = asks(at(ON, Phase.CLOSED, closed_at=NOW, entries=(asking(1),)))
    changes = does(customer.reopen, on).changes
    assert on.after_all(changes).phase is Phase.AWAITING_APPROVAL
    assert f"asks permission of {BOSS} for {ANNA}" in short_of(changes)
