"""A person's mail on a ticket that is there: what it does to the ticket, who takes part, who is answered how."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from maild.app import join
from maild.app.case import Case
from maild.model import (
    AddEntry,
    LinkOutage,
    Match,
    Plan,
    SendNotice,
    SetDeadline,
    Threading,
    TicketFacts,
    UpdateTicket,
)
from maild.ticket.phases import Phase
from maild.ticket.state import TicketState
from maild.ticket.vocabulary import DeadlineType, EntryType, LastWord, TicketKind
from tests.unit.app.act_world import asking, asks, nonce, of
from tests.unit.app.approval_words import UNSIGNED, VERIFIED
from tests.unit.app.approval_world import (
    ANNA,
    BOSS,
    COMPANY,
    GIVE,
    JOINS,
    KEYED,
    NUMBER,
    consent,
    held,
    short,
)
from tests.unit.app.join_world import OPEN, wrote
from tests.unit.app.test_adoption import adoptable, ok
from tests.unit.factory import NOW

REOPENS = Threading(NUMBER, "in_reply_to", "reopen")
THANKS = "Thank you!"
#: the mails of a hold: to both approvers, and to who asked
ASKED = ["approval_request", "approval_request", "awaiting_approval"]


def joined(one: Case, threading: Threading = JOINS) -> Plan:
    return join.join(one, threading, nonce)


def after(one: Case, threading: Threading = JOINS) -> TicketFacts:
    on = one.facts.tickets[NUMBER]
    return on.after_all(joined(one, threading).changes)


def reasons(plan: Plan) -> dict[str, str]:
    assert plan.decision is not None
    return {one.code: one.evidence for one in plan.decision.reasons}


def would(plan: Plan) -> list[str]:
    assert plan.decision is not None
    return [str(one.act) for one in plan.decision.would]


def sent(plan: Plan) -> list[tuple[str, dict[str, Any]]]:
    return [(one.notice.name, one.notice.data) for one in of(SendNotice, plan.changes)]


# ------------------------------------------------------------------------------------- words


def test_a_customers_word_is_kept_answered_and_waited_for() -> None:
    one = wrote()
    plan = joined(one)
    now = after(one)
    assert (now.last_word, now.waiting_since, now.last_message_id) == (
        LastWord.CUSTOMER, one.envelope.received_at, "<new@acme.example>",
    )  # fmt: skip
    assert short(plan) == ["append", "entry public", f"mail received to {ANNA}"]
    ((_, data),) = sent(plan)
    assert (data["is_reply"], data["text"]) == (True, "Still broken.")
    assert would(plan) == ["append", "mail"]
    rows = [c.ticket for c in of(UpdateTicket, plan.changes)]
    assert rows == [NUMBER]  # its row is written once


@pytest.mark.parametrize(
    "phase", [Phase.RECEIVED, Phase.IN_PROGRESS, Phase.RESOLVED, Phase.CLOSED, Phase.SCHEDULED]
)
def test_a_bare_thank_you_is_kept_and_changes_nothing(phase: Phase) -> None:
    one = wrote(THANKS, replace(OPEN, phase=phase))
    for way in (JOINS, REOPENS):
        plan = joined(one, way)
        assert after(one, way) == one.facts.tickets[NUMBER]
        assert (sent(plan), would(plan)) == ([], ["append"])
        assert "bare-thanks" in reasons(plan)
        assert of(AddEntry, plan.changes)[0].details.thanks


def test_where_an_answer_was_waited_for_thanks_are_one() -> None:
    one = wrote(THANKS, replace(OPEN, phase=Phase.WAITING_CUSTOMER))
    plan = joined(one)
    assert after(one).phase is Phase.IN_PROGRESS
    assert sent(plan) == []  # who is content is not answered
    assert after(one).last_word is LastWord.CUSTOMER


def test_an_agents_mail_waits_for_nobody_and_is_not_answered() -> None:
    one = wrote(settings=replace(KEYED, agent_mail=replace(KEYED.agent_mail, require="dmarc")))
    agent = replace(one, sender=replace(one.sender, how="agent"))
    plan = joined(agent)
    assert (sent(plan), after(agent).last_word) == ([], LastWord.AGENT)
    assert of(AddEntry, plan.changes)[0].details.by_agent
    waiting = replace(OPEN, phase=Phase.WAITING_CUSTOMER)
    agent = replace(agent, facts=replace(agent.facts, tickets={NUMBER: waiting}))
    assert after(agent).phase is Phase.WAITING_CUSTOMER
    off = replace(agent, settings=replace(KEYED, agent_mail=replace(KEYED.agent_mail, require="off")))
    assert not of(AddEntry, joined(off).changes)[0].public


def test_what_waits_for_the_customer_goes_on_and_what_is_done_is_opened_again() -> None:
    one = wrote(on=replace(OPEN, phase=Phase.WAITING_CUSTOMER, phase_before=Phase.SCHEDULED))
    assert after(one).phase is Phase.SCHEDULED
    assert sent(joined(one))[0][0] == "received"
    for phase in (Phase.RESOLVED, Phase.CLOSED):
        done = wrote(on=replace(OPEN, phase=phase, closed_at=NOW))
        plan = joined(done, REOPENS)
        assert after(done, REOPENS).phase is Phase.IN_PROGRESS
        assert (sent(plan)[0][0], would(plan)) == ("reopened", ["append", "reopen", "mail"])
        assert after(done).phase is phase
        assert would(joined(done)) == ["append", "mail"]
    assert after(wrote(), REOPENS).phase is Phase.RECEIVED
    assert would(joined(wrote(), REOPENS)) == ["append", "mail"]


def test_why_it_joined_stands_in_the_decision() -> None:
    assert reasons(joined(wrote()))["thread-in_reply_to"] == ""
    found = (
        Match("subject_tag", 7, "its tag"),
        Match("in_reply_to", NUMBER, "answers <x>"),
        Match("in_reply_to", 8, "y"),
    )
    assert reasons(joined(wrote(), replace(JOINS, candidates=found)))["thread-in_reply_to"] == "answers <x>"


# ------------------------------------------------------------------------------------- what asks for a consent


def test_words_that_ask_hold_the_ticket_and_its_requester_reads_who_is_asked() -> None:
    one = wrote(GIVE)
    plan = joined(one)
    now = after(one)
    assert (now.phase, now.state.asks) == (Phase.AWAITING_APPROVAL, TicketKind.PERMISSION)
    assert [name for name, _ in sent(plan)] == ASKED
    assert [p["name"] for p in sent(plan)[-1][1]["approvers"]] == ["Boss Bela", "Vice Vera"]
    assert of(SendNotice, plan.changes)[-1].notice.counted  # it is the answer to this mail, and the only one
    assert reasons(plan)["held"] == "asks for a permission, which needs a written consent"
    assert [a for a in would(plan) if a != "mail"] == ["append", "hold"]
    assert would(plan).count("mail") == len(sent(plan))
    assert of(AddEntry, plan.changes)[0].details.asks is TicketKind.PERMISSION


def test_of_anothers_words_all_people_of_the_ticket_are_told_by_its_own_mail() -> None:
    one = wrote(GIVE, sender=BOSS)
    told = [
        one.notice for one in of(SendNotice, joined(one).changes) if one.notice.name == "awaiting_approval"
    ]
    assert [box.address for notice in told for box in notice.to] == [ANNA]
    assert not any(notice.counted for notice in told)


def test_words_on_what_is_done_hold_it_only_when_they_reopen_it() -> None:
    done = wrote(GIVE, replace(OPEN, phase=Phase.CLOSED, closed_at=NOW))
    assert after(done, REOPENS).phase is Phase.AWAITING_APPROVAL
    assert after(done).phase is Phase.CLOSED
    assert after(done).state.asks is TicketKind.PERMISSION  # the law holds it when it is reopened
    assert after(wrote(on=replace(OPEN, phase=Phase.CLOSED))).state.asks is None
    device = asks(replace(OPEN, phase=Phase.CLOSED), TicketKind.DEVICE)
    assert after(wrote(GIVE, device)).state.asks is TicketKind.DEVICE


def test_thanks_that_ask_are_no_bare_thanks() -> None:
    one = wrote(f"{THANKS}", subject=GIVE)
    assert after(one).state.asks is TicketKind.PERMISSION
    assert "bare-thanks" not in reasons(joined(one))


def test_in_the_name_of_a_verified_requester_what_is_unproven_is_part_of_nothing() -> None:
    on = asks(held(entries=(asking(1),)))
    one = wrote(GIVE, on, VERIFIED, auth=UNSIGNED)
    kept = of(AddEntry, joined(one).changes)[0]
    assert (kept.public, kept.details.unproven, kept.details.asks) == (False, True, None)
    proven = of(AddEntry, joined(wrote(GIVE, on, VERIFIED)).changes)[0]
    assert (proven.public, proven.details.unproven, proven.details.asks) == (
        True,
        False,
        TicketKind.PERMISSION,
    )


def test_a_later_word_of_the_requester_is_part_of_what_is_asked() -> None:
    on = asks(held(entries=(asking(1),)))
    one = wrote("And the payroll, please.", on, consent())
    assert "C12 void maild" in short(joined(one))
    assert after(one).phase is Phase.AWAITING_APPROVAL
    assert after(one).last_message_id == "<new@acme.example>"


PHONED = asks(
    replace(
        OPEN, kind=TicketKind.PERMISSION, phase=Phase.WAITING_CUSTOMER, state=TicketState(channel="phone")
    )
)


def test_what_was_asked_for_by_phone_is_asked_when_its_requester_writes() -> None:
    one = wrote("Yes, that is what I meant.", PHONED)
    plan = joined(one)
    assert after(one).phase is Phase.AWAITING_APPROVAL
    assert "in-writing" in reasons(plan)
    assert [name for name, _ in sent(plan)] == ASKED
    assert would(plan).count("mail") == len(ASKED)
    other = wrote("Yes, that is what she meant.", PHONED, sender=BOSS)
    plan = joined(other)
    assert after(other).phase is Phase.WAITING_CUSTOMER
    assert reasons(plan)["by-phone"] == f"only {ANNA} can put the request in writing"
    assert (after(other).last_word, after(other).last_message_id) == (LastWord.AGENT, "<new@acme.example>")
    assert [name for name, _ in sent(plan)] == ["received"]


# ------------------------------------------------------------------------------------- who may not file


def test_only_the_ok_of_who_may_lets_a_request_go_on() -> None:
    plan = joined(ok())
    assert short(plan)[:2] == ["append", "entry public"]
    assert after(ok()).phase is Phase.RECEIVED
    assert "adopted" in reasons(plan)
    assert [name for name, _ in sent(plan)] == ["adopted"]


def test_who_may_not_reads_who_may_and_nothing_moves() -> None:
    one = ok("Hello?", sender=ANNA)
    plan = joined(one)
    assert after(one).phase is Phase.WAITING_CUSTOMER
    assert reasons(plan)["waits-for-adoption"] == "ref@acme.example"
    ((name, data),) = sent(plan)
    assert (name, [p["address"] for p in data["who_may"]]) == ("not_entitled", ["ref@acme.example"])
    assert (after(one).last_word, after(one).waiting_since) == (one.facts.tickets[NUMBER].last_word, None)
    assert after(one).last_message_id == "<new@acme.example>"


def test_others_are_not_told_who_may_and_nobody_known_is_said_so() -> None:
    assert [name for name, _ in sent(joined(ok("Hello?", sender=BOSS)))] == ["received"]
    assert after(ok("Hello?", sender=BOSS)).waiting_since is None
    bare = ok("Hello?", sender=ANNA, company=replace(COMPANY, people=()))
    assert reasons(joined(bare))["waits-for-adoption"] == "no reference person is known"
    alone = ok("Hello?", adoptable(company=None), sender=ANNA)
    assert reasons(joined(alone))["waits-for-adoption"] == "no reference person is known"


# ------------------------------------------------------------------------------------- an outage that it is not

OUT = replace(OPEN, state=TicketState(outages=(3, 4)))


def test_who_says_not_this_is_taken_off_the_outage_and_told_so_at_once() -> None:
    one = wrote("No, this is something else.", OUT)
    plan = joined(one)
    assert reasons(plan)["not-this-outage"] == "outage 3, 4 is taken off the ticket"
    assert after(one).state.outages == ()
    assert of(LinkOutage, plan.changes) == [LinkOutage(NUMBER, 3, False), LinkOutage(NUMBER, 4, False)]
    note = next(c for c in of(AddEntry, plan.changes) if c.type is EntryType.LINK)
    assert (note.text, note.public) == (f"not outage 3, 4, says {ANNA}", False)
    assert SetDeadline(DeadlineType.OUTAGE_CLOSE, NUMBER) in plan.changes
    assert sent(plan)[0][1]["off_outage"] is True
    again = replace(one, facts=replace(one.facts, recent_notices=frozenset({(NUMBER, "received", ANNA)})))
    assert [name for name, _ in sent(joined(again))] == ["received"]  # it says what the one before did not


def test_others_stay_on_it() -> None:
    plain = wrote("Still broken.", OUT)
    assert after(plain).state.outages == (3, 4)
    assert not sent(joined(plain))[0][1].get("off_outage")
    assert "not-this-outage" not in reasons(joined(wrote("No, this is something else.")))
    reopened = wrote("No, this is something else.", replace(OUT, phase=Phase.CLOSED, closed_at=NOW))
    assert "off_outage" not in sent(joined(reopened, REOPENS))[0][1]
