"""An agent's act as it is recorded, what becomes of mails that have not left, and the taking back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from maild.app import acts, approvals, merging, offers, undoable_act
from maild.app.undoable_act import steps
from maild.model import (
    NEW,
    ActFacts,
    ActLine,
    ActMail,
    AddEntry,
    Change,
    DecideConsent,
    LogConsent,
    OpenTicket,
    Plan,
    RecordAct,
    SendNotice,
    Supersede,
    UndoAct,
    WaitingMail,
)
from maild.ticket.phases import ConsentState, OutboundState, Phase
from maild.ticket.vocabulary import ConsentEvent, EntryType
from tests.cases import cases
from tests.unit.app.act_world import (
    ACME,
    ANNA,
    BOSS,
    SETTINGS,
    act,
    asking,
    asks,
    nonce,
    of,
    promised,
    refused,
    said,
)
from tests.unit.app.approval_world import consent, held, short_of
from tests.unit.factory import NOW

ON = promised()
HOLDS = replace(SETTINGS, delivery=replace(SETTINGS.delivery, hold_seconds=30))
AT_ONCE = replace(SETTINGS, delivery=replace(SETTINGS.delivery, hold_seconds=0))


def by(settings: Any = HOLDS, waiting: tuple[WaitingMail, ...] = (), **more: Any) -> Any:
    return replace(act(), settings=settings, waiting=waiting, **more)


def mails(plan: Plan) -> list[SendNotice]:
    return [one for one in of(SendNotice, plan.changes) if one.notice.name != "agent_alert"]


def closing(message: str = "") -> Plan:
    return acts.close(by(), ON, message)


def waiting(plan: Plan) -> tuple[WaitingMail, ...]:
    """The plan's mails as the store keeps them: no token stands there."""
    return tuple(
        WaitingMail(70 + n, replace(one.notice, secret=one.notice.token is not None, token=None))
        for n, one in enumerate(mails(plan))
    )


# ------------------------------------------------------------------------------------- recorded


def test_an_act_is_recorded_before_what_it_does_and_its_mails_wait_a_moment() -> None:
    made = undoable_act.recorded(by(), 15789, closing())
    assert made.changes[0] == RecordAct("kata", 15789, None)
    assert [(one.notice.name, one.hold_seconds) for one in mails(made)] == [("closed", 30)]
    assert [type(c) for c in made.changes[1:]][: len(closing().changes)] == [
        type(c) for c in closing().changes
    ]
    at_once = undoable_act.recorded(by(AT_ONCE), 15789, closing())
    assert mails(at_once)[0].hold_seconds == 0


def test_without_mails_to_customers_our_own_people_are_told_all_the_same() -> None:
    made = undoable_act.recorded(by(), 15789, acts.assign(by(), ON, "lea"), facts=(ON,), no_mail=True)
    assert [one.notice.to[0].address for one in of(SendNotice, made.changes)] == ["lea@desk.example"]
    quiet = undoable_act.recorded(by(), 15789, closing(), no_mail=True)
    assert mails(quiet) == []
    told = of(
        SendNotice, undoable_act.recorded(by(), 15789, acts.assign(by(), ON, "lea"), facts=(ON,)).changes
    )
    assert told[0].notice.data["about"]["company_name"] == ACME.name
    nobodys = undoable_act.recorded(by(company=None), 15789, acts.assign(by(), ON, "lea"), facts=(ON,))
    assert not of(SendNotice, nobodys.changes)[0].notice.data["about"].get("company_name")


def test_what_waits_of_the_acts_before_goes_in_one_mail_with_it() -> None:
    before = waiting(Plan(tuple(acts.move(by(), ON, Phase.ACCEPTED, "First."))))
    made = undoable_act.recorded(by(waiting=before), 15789, closing("Then."))
    (sent,) = mails(made)
    assert of(Supersede, made.changes) == [Supersede((70,))]
    assert "First." in sent.notice.data["message"]
    assert "Then." in sent.notice.data["message"]
    alone = undoable_act.recorded(by(AT_ONCE, before), 15789, closing("Then."))
    assert (of(Supersede, alone.changes), mails(alone)[0].notice.data["message"]) == ([], "Then.")


def test_a_mail_that_waits_goes_into_one_mail_only() -> None:
    before = waiting(Plan(tuple(acts.move(by(), ON, Phase.ACCEPTED, "First."))))
    two = Plan((*closing("Then.").changes, *mails(closing("Last."))))
    made = undoable_act.recorded(by(waiting=before), 15789, two)
    assert of(Supersede, made.changes) == [Supersede((70,))]
    assert [("First." in one.notice.data["message"]) for one in mails(made)] == [True, False]


def test_what_cannot_be_one_mail_stays_two() -> None:
    other = waiting(acts.close(by(), replace(ON, number=7)))
    made = undoable_act.recorded(by(waiting=other), 15789, closing())
    assert not of(Supersede, made.changes)
    assert not of(Supersede, undoable_act.recorded(by(), 15789, closing()).changes)


def test_a_question_whose_consent_ends_before_it_left_does_not_go() -> None:
    on = asks(held(entries=(asking(1),)))
    asked = approvals.remind(by(), on, consent(), nonce)
    before = waiting(asked)
    ends = approvals.withdraw(by(), on, consent(), "a mistake")
    made = undoable_act.recorded(by(waiting=before), 15789, ends)
    assert of(Supersede, made.changes) == [Supersede((70,))]
    other = approvals.withdraw(by(), on, consent(13), "a mistake")
    assert not of(Supersede, undoable_act.recorded(by(waiting=before), 15789, other).changes)
    # what tells of a consent without asking is no question
    told = waiting(Plan(tuple(one for one in ends.changes if isinstance(one, SendNotice))))
    assert told
    assert not of(Supersede, undoable_act.recorded(by(waiting=told), 15789, ends).changes)


def opening() -> Plan:
    return merging.project(by(), ON, "New", "", 7, keep_open=True)


def test_an_act_on_the_ticket_that_it_opens_is_recorded_once_there_is_one() -> None:
    beside = undoable_act.recorded(by(), 15789, opening())
    assert beside.changes[0] == RecordAct("kata", 15789, None)
    own = undoable_act.recorded(by(), NEW, opening())
    at = next(n for n, one in enumerate(own.changes) if isinstance(one, OpenTicket))
    assert own.changes[at + 1] == RecordAct("kata", 7, None)
    assert _besides(own) == _besides(beside)
    note = Plan((AddEntry(15789, EntryType.NOTE, "kata", "cli", "first", public=False), *opening().changes))
    later = undoable_act.recorded(by(), 7, note)
    assert _besides(later)[1:] == _besides(beside)
    assert [type(one) for one in later.changes[:3]] == [AddEntry, OpenTicket, RecordAct]


def _besides(plan: Plan) -> list[Change]:
    return [one for one in plan.changes if not isinstance(one, RecordAct)]


def test_an_act_on_an_outage_is_recorded_on_it_whatever_it_opens() -> None:
    made = undoable_act.recorded(by(), 0, opening(), outage=3)
    assert made.changes[0].outage == 3  # type: ignore[union-attr]
    assert undoable_act.recorded(by(), NEW, opening(), outage=3).changes[0] == RecordAct("kata", 7, 3)
    assert undoable_act.recorded(by(), NEW, closing()).changes[0] == RecordAct("kata", NEW, None)


# ------------------------------------------------------------------------------------- taken back

S = OutboundState


def acted(**fields: Any) -> ActFacts:
    return ActFacts(5, NOW, "kata", 15789, **fields)


def mail(state: OutboundState, on: int = 15789) -> ActMail:
    return ActMail("closed", state, on)


def undone(last: ActFacts) -> tuple[Change, ...]:
    return undoable_act.undo("kata", last).changes


def test_what_is_taken_back_says_so_on_its_ticket() -> None:
    line = ActLine(EntryType.PHASE, "Done.", Phase.CLOSED)
    changes = undone(acted(entries=(line,), mails=(mail(S.QUEUED), mail(S.CANCELLED))))
    assert changes[0] == UndoAct(5)
    (note,) = of(AddEntry, changes)
    assert (note.ticket, note.type, note.text, note.public) == (
        15789,
        EntryType.UNDO,
        "took back: phase: closed: Done.",
        False,
    )
    assert [one.ticket for one in of(AddEntry, undone(acted(opened=(7, 15789))))] == [15789, 7]
    outage = replace(acted(outage=3, tickets=(8, 9), opened=(7,)), ticket=0)
    assert [one.ticket for one in of(AddEntry, undone(outage))] == [8, 9]


def test_what_it_asked_is_void() -> None:
    changes = undone(acted(asked=(12, 13)))
    assert of(DecideConsent, changes) == [
        DecideConsent(n, ConsentState.VOID, "kata", "taken back by kata") for n in (12, 13)
    ]
    assert of(LogConsent, changes)[0] == LogConsent(
        12, ConsentEvent.VOID, {"by": "kata", "reason": "taken back by kata"}
    )
    assert not of(DecideConsent, undone(acted()))


@cases(
    ("last", "words"),
    [
        (acted(opened=(7,), by_mail=True), ["#7 was opened by a mail", "`maild close 7 --no-mail`"]),
        (acted(mails=(mail(S.SUPERSEDED),)), ["#15789: a later act said what it says; take that one back first"]),
        (acted(mails=(mail(S.QUEUED), mail(S.SENT, 7))), ["#15789: its mail (closed) has left already; `maild reply 7`"]),
        (acted(mails=(mail(S.SENDING),)), ["has left already"]),
        (acted(mails=(mail(S.FAILED),)), ["has left already"]),
        (acted(mails=(mail(S.SENT),), outage=3),
         ["outage 3: its mail (closed) has left already; `maild outage update 3 -m TEXT`"]),
        (acted(decided=True), ["#15789: it ended a consent", "`maild approval request 15789` asks anew"]),
        (acted(outage_changed=True, outage=3), ["outage 3 changed since then", "`maild outage show 3`"]),
        (acted(changed=(7, 8)), ["#7 changed since then; `maild show 7`"]),
        (acted(mails=(mail(S.SUPERSEDED),), outage=3), ["outage 3: a later act"]),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_back(last: ActFacts, words: list[str]) -> None:
    refused(lambda: undone(last), *words)


def test_what_a_mail_did_beside_opening_is_taken_back() -> None:
    assert undone(acted(by_mail=True))
    assert undone(acted(opened=(7,)))


# ------------------------------------------------------------------------------------- in words

E = EntryType


@cases(
    ("lines", "shown"),
    [
        ((ActLine(E.PHASE, "", Phase.IN_PROGRESS),), ("phase: in progress",)),
        ((ActLine(E.REPLY, "We are\n on it."),), ("reply: We are on it.",)),
        ((ActLine(E.ASSIGN, "assigned to L2"),), ("assigned to L2",)),
        ((ActLine(E.NOTE, ""),), ("note",)),
        ((ActLine(E.ASSIGN, ""),), ("assign",)),
        ((ActLine(E.CLOCK, "x"), ActLine(E.ALERT, "x"), ActLine(E.SYSTEM, "x"), ActLine(E.CALL, "y")), ("call: y",)),
        # what was done is said once
        ((ActLine(E.REPLY, "New  toner."), ActLine(E.TIME, "20 min, billed 30 min: New toner.")),
         ("reply: New toner.", "time: 20 min, billed 30 min")),
        ((ActLine(E.REPLY, "x: New toner."), ActLine(E.NOTE, "New toner.")), ("reply: x: New toner.", "note: New toner.")),
        ((ActLine(E.REPLY, ""), ActLine(E.TIME, "20 min: ")), ("reply", "time: 20 min:")),
        ((ActLine(E.NOTE, "x" * 68),), ("note: " + "x" * 68,)),
        ((ActLine(E.NOTE, "x" * 69),), ("note: " + "x" * 67 + "…",)),
    ],
)  # fmt: skip
def test_what_it_did_is_a_short_line_each(lines: tuple[ActLine, ...], shown: tuple[str, ...]) -> None:
    assert steps(acted(entries=lines)) == shown


def test_what_it_wrote_on_another_ticket_says_on_which_and_that_says_so_too() -> None:
    lines = (ActLine(E.NOTE, "x", ticket=7), ActLine(E.NOTE, "y", ticket=15789), ActLine(E.NOTE, "z"))
    assert steps(acted(entries=lines)) == ("#7: note: x", "note: y", "note: z")
    assert steps(acted(entries=lines, outage=3)) == ("note: x", "note: y", "note: z")
    assert [one.ticket for one in of(AddEntry, undone(acted(entries=lines)))] == [15789, 7]


@pytest.mark.parametrize(("outage", "shown"), [(None, "a change that no line tells of"), (3, "its news")])
def test_what_no_line_tells_of(outage: int | None, shown: str) -> None:
    assert steps(acted(outage=outage)) == (shown,)
    assert steps(acted(outage=outage, entries=(ActLine(E.CLOCK, "x"),))) == (shown,)


def test_what_an_offer_asks_before_it_left_is_asked_by_the_newer_alone() -> None:
    """A newer offer voids the older, whose question has not left."""
    old = consent(kind="quote")
    first = waiting(approvals.remind(by(), held(kind="incident"), old, nonce))
    newer = offers.quote(by(consents=(old,)), held(kind="incident"), offers.Quote("5", "EUR", "14d"), nonce)
    made = undoable_act.recorded(by(waiting=first), 15789, newer)
    assert of(Supersede, made.changes) == [Supersede((70,))]
    assert f"mail quote_request to {BOSS}" in short_of(made.changes)
    assert ANNA not in {one.notice.to[0].address for one in mails(made)}
    assert said(made.changes)
