"""Who waits for whom, over the whole way: mails, verbs, `list --json`, what is due, what goes off.

Over 300 lines: every way of waiting for somebody, and what ends each.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_string, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maild.mail.own_ids import Signer
from maild.model import TicketFacts
from maild.store import Store
from maild.ticket.vocabulary import DeadlineType, LastWord
from tests.examples import at_most
from tests.unit.commands.conftest import TestDesk

ANNA = "anna@acme.example"


def row(desk: TestDesk, number: int | None) -> dict[str, Any]:
    return next(one for one in desk.run("list", "--all", "--json").rows if one["number"] == number)


def waits(desk: TestDesk, number: int | None) -> tuple[str, bool, str | None]:
    """(last word, whether the customer waits, what is due in Budapest)."""
    one = row(desk, number)
    return one["last_word"], one["waiting_since"] is not None, local(one["due"])


def local(text: str | None) -> str | None:
    from zoneinfo import ZoneInfo

    if text is None:
        return None
    return datetime.fromisoformat(text).astimezone(ZoneInfo("Europe/Budapest")).isoformat()[:16]


def ticket(desk: TestDesk, number: int | None) -> TicketFacts:
    with Store.open(desk.settings) as store, store.read() as tx:
        return tx.ticket(number or 0)


def answer(desk: TestDesk, number: int | None, words: str, sender: str = ANNA) -> None:
    desk.later(minutes=1)
    root = ticket(desk, number).root_message_id
    assert desk.mail(sender, f"Re: [#{number}] Printer", words, to=root) == number


def alarmed(desk: TestDesk, number: int | None) -> list[str]:
    return sorted(to for alert, to in desk.alerts(number) if alert == "deadline")


@pytest.fixture
def printer(desk: TestDesk) -> int | None:
    return desk.mail(ANNA, "Printer", "The printer in room 4 is broken.")


def test_who_wrote_first_waits_until_the_promise_of_an_answer(desk: TestDesk, printer: int) -> None:
    assert waits(desk, printer) == ("customer", True, "2026-11-03T09:00")
    assert row(desk, printer)["waiting_since"] == desk.at.isoformat()


def test_take_and_notes_do_not_end_it_and_the_wait_stays_watched(desk: TestDesk, printer: int) -> None:
    desk.run("take", str(printer))
    desk.run("note", str(printer), "-m", "looks like the fuser")
    assert waits(desk, printer) == ("customer", True, "2026-11-03T09:00")
    assert desk.alarms(printer) == {"reply_warning", "reply_breach"}


@pytest.mark.parametrize(
    "act",
    [
        ("reply", "-m", "On my way."),
        ("phase", "progress", "-m", "On my way."),
        ("phase", "waiting", "-m", "Which floor?"),
        ("phase", "resolved", "-m", "Done."),
        ("close", "-m", "Done."),
        ("done", "20m", "-m", "Done."),
    ],
)
def test_a_reply_a_phase_and_a_close_end_it(desk: TestDesk, printer: int, act: tuple[str, ...]) -> None:
    verb, *more = act
    desk.run(verb, str(printer), *more)
    assert waits(desk, printer)[:2] == ("agent", False)
    assert not desk.alarms(printer) & {"reply_warning", "reply_breach"}


def test_a_later_mail_is_due_by_its_own_time_from_the_first_that_was_not_answered(
    desk: TestDesk, printer: int
) -> None:
    desk.run("reply", str(printer), "-m", "Try again, please.")
    desk.at = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)  # Tuesday 09:00
    answer(desk, printer, "It still does not work, urgent!")
    first = row(desk, printer)
    assert local(first["due"]) == "2026-11-04T08:01"
    desk.later(hours=1)
    answer(desk, printer, "Hello?")
    assert row(desk, printer)["due"] == first["due"]
    assert row(desk, printer)["waiting_since"] == first["waiting_since"]


def test_reply_hours_are_for_later_mails_only(desk: TestDesk) -> None:
    desk.configure(
        "[service_levels.standard]\nrespond_hours = { user = 8, system = 4, infrastructure = 2 }\n"
        "reply_hours = { user = 1 }\n"
    )
    number = desk.mail(ANNA, "Printer", "The printer in room 4 is broken.")
    assert local(row(desk, number)["due"]) == "2026-11-03T09:00"
    desk.run("reply", str(number), "-m", "Try again.")
    answer(desk, number, "It is broken still.")
    assert local(row(desk, number)["due"]) == "2026-11-02T11:01"


def test_without_a_contract_they_wait_and_nothing_is_due(desk: TestDesk) -> None:
    number = desk.mail("zoe@nowhere.example", "Hello", "Do you sell printers?")
    assert waits(desk, number) == ("customer", True, None)


def test_a_thank_you_and_a_machine_wait_for_nobody(desk: TestDesk, printer: int) -> None:
    desk.run("reply", str(printer), "-m", "Done.")
    answer(desk, printer, "Thank you!")
    letter = EmailMessage()
    letter["Auto-Submitted"] = "auto-replied"
    letter.set_content("I am away.")
    desk.mail(ANNA, f"Re: [#{printer}] Printer", "", to=ticket(desk, printer).root_message_id, letter=letter)
    assert waits(desk, printer) == ("agent", False, None)


def test_who_is_waited_for_is_not_waiting_and_due_by_the_solution_alone(desk: TestDesk) -> None:
    desk.configure("[service_levels.standard]\nrespond_hours = { user = 8 }\nresolve_hours = { user = 16 }\n")
    number = desk.mail(ANNA, "Printer", "The printer in room 4 is broken.")
    desk.run("phase", str(number), "waiting", "-m", "Which floor?")
    one = row(desk, number)
    assert one["due"] == one["resolve_by"]
    desk.later(days=30)
    assert not row(desk, number)["overdue"], "no clock runs while the customer is waited for"
    assert "LATE" not in desk.run("show", str(number)).out
    answer(desk, number, "The second.")
    assert waits(desk, number)[:2] == ("customer", True)


def test_what_a_reopening_and_another_ticket_systems_answer_bring_is_due(
    desk: TestDesk, printer: int
) -> None:
    desk.run("close", str(printer), "-m", "Done.")
    answer(desk, printer, "It is not fixed, we are offline again!")
    assert waits(desk, printer)[:2] == ("customer", True)
    assert row(desk, printer)["due"]
    desk.run("phase", str(printer), "waiting", "-m", "Which model?")
    desk.later(minutes=5)
    root = ticket(desk, printer).root_message_id
    marks = {"X-Powered-BY": "Znuny (https://www.znuny.com/)", "X-Mailer": "Znuny Mail Service (6.5.6)"}
    desk.mail(ANNA, f"Re: [#{printer}] Printer [Ticket#2026]", "It is the LP-2000.", to=root, headers=marks)
    assert waits(desk, printer)[:2] == ("customer", True)
    assert row(desk, printer)["phase"] == "in_progress"


BOUNCE = """\
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

Sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.acme.example

Final-Recipient: rfc822; {address}
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Message-ID: {of}
{more}
--b--
"""


def bounce(desk: TestDesk, of: str, address: str, *, marked: bool = False) -> None:
    """`marked`: it returns what stood in that one mail alone."""
    with Store.open(desk.settings) as store, store.read() as tx:
        mark = Signer(tx.secret(), desk.settings.desk.domain).delivery_mark(of)
    more = f"X-Maild-Delivery: {mark}\n" if marked else ""
    letter = message_from_string(BOUNCE.format(of=of, address=address, more=more), policy=policy.default)
    assert isinstance(letter, EmailMessage)
    desk.mail("mailer-daemon@acme.example", "Undelivered Mail", "", letter=letter)


def test_who_never_got_our_words_makes_the_ticket_due_again(desk: TestDesk, printer: int) -> None:
    desk.run("phase", str(printer), "waiting", "-m", "Which floor?")
    assert waits(desk, printer) == ("agent", False, None)
    desk.later(minutes=5)
    bounce(desk, desk.message_id("waiting_customer"), ANNA)
    assert waits(desk, printer) == ("agent", False, "2026-11-03T09:05")
    assert row(desk, printer)["undelivered"] == [ANNA]
    assert f"our last words did not reach {ANNA}" in desk.run("show", str(printer)).out
    assert desk.alarms(printer) >= {"reply_breach"}
    desk.run("reply", str(printer), "-m", "We called you.")
    assert row(desk, printer)["due"] is None
    assert row(desk, printer)["undelivered"] == []


def test_a_report_marks_nobody_whom_the_mail_did_not_go_to(desk: TestDesk, printer: int) -> None:
    """It may be forged, and names whom its writer likes."""
    desk.run("phase", str(printer), "waiting", "-m", "Which floor?")
    bounce(desk, desk.message_id("waiting_customer"), "boss@acme.example", marked=True)
    bounce(desk, desk.message_id("waiting_customer"), ANNA)
    with Store.open(desk.settings) as store, store.read() as tx:
        assert tx.contacts.bounced() == ()
    bounce(desk, desk.message_id("waiting_customer"), ANNA, marked=True)
    with Store.open(desk.settings) as store, store.read() as tx:
        assert [dead.address for dead in tx.contacts.bounced()] == [ANNA]


def test_a_bounce_of_somebody_in_copy_or_of_a_receipt_is_no_wait(desk: TestDesk, printer: int) -> None:
    desk.run("phase", str(printer), "waiting", "-m", "Which floor?")
    bounce(desk, desk.message_id("waiting_customer"), "else@acme.example")
    assert waits(desk, printer) == ("agent", False, None)


def test_what_waits_for_an_approval_is_due_when_it_comes(desk: TestDesk) -> None:
    number = desk.mail(ANNA, "Folder", "Please give me access to the folder of finance.")
    assert row(desk, number)["phase"] == "awaiting_approval"
    assert waits(desk, number) == ("customer", True, None)
    desk.later(hours=2)
    desk.run("approval", "withdraw", str(number), "-m", "an old right")
    # received and held at 10:00: all eight hours are left at 12:00
    assert local(row(desk, number)["due"]) == "2026-11-03T11:00"


def test_in_list_who_waits_stands_above_what_waits_for_the_customer(desk: TestDesk) -> None:
    numbers = [desk.mail(ANNA, f"Printer {n}", f"The printer in room {n} is broken.") for n in range(3)]
    for number in numbers:
        desk.run("phase", str(number), "waiting", "-m", "Which floor?")
    answer(desk, numbers[1], "The second.")
    shown = [one["number"] for one in desk.run("list", "--json").rows]
    assert shown[0] == numbers[1]
    assert "<" in desk.run("list").out.splitlines()[0]
    assert [one["number"] for one in desk.run("list", "--waiting", "--json").rows] == [numbers[1]]


def test_a_merged_ticket_hands_its_wait_on(desk: TestDesk, printer: int) -> None:
    desk.later(minutes=3)
    other = desk.mail(ANNA, "Scanner", "The scanner is broken, too.")
    desk.run("reply", str(printer), "-m", "We come.")
    desk.run("merge", str(other), str(printer))
    assert waits(desk, printer)[:2] == ("customer", True)
    assert row(desk, other)["waiting_since"] is None


def test_an_answer_that_is_late_is_alarmed_once(desk: TestDesk, printer: int) -> None:
    desk.run("take", str(printer))
    desk.later(days=2)
    assert row(desk, printer)["overdue"]
    desk.deadlines()
    owner_and_lead = ["kata@desk.example", "lead@desk.example"]
    assert alarmed(desk, printer) == owner_and_lead
    desk.later(days=2)
    desk.deadlines()
    assert alarmed(desk, printer) == owner_and_lead


def test_mail_older_than_its_promise_is_acknowledged_without_it_and_alarmed_once(desk: TestDesk) -> None:
    received = desk.at
    desk.later(days=3)
    number = desk.mail(ANNA, "Printer", "The printer in room 4 is broken.", received=received)
    assert desk.said("received")["data"].get("promise") is None
    assert row(desk, number)["overdue"]
    desk.deadlines()
    assert alarmed(desk, number) == ["kata@desk.example", "lead@desk.example"], "nobody owns it: the team"


#: what may happen on a ticket, and whose word it is
EVENTS = {
    "customer": LastWord.CUSTOMER,
    "reply": LastWord.AGENT,
    "progress": LastWord.AGENT,
    "waiting": LastWord.AGENT,
    "resolved": LastWord.AGENT,
    "take": None,
    "note": None,
    "thanks": None,
}


@settings(at_most(12), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(sorted(EVENTS)), min_size=1, max_size=7))
def test_law_the_wait_begins_with_the_first_mail_after_the_desks_last_word(
    desk: TestDesk, events: list[str]
) -> None:
    number = desk.mail(ANNA, "Printer", "The printer in room 4 is broken.")
    word, since = LastWord.CUSTOMER, desk.at
    for event in events:
        desk.later(minutes=1)
        before = ticket(desk, number)
        if event == "customer":
            answer(desk, number, "It still does not work.")
        elif event == "thanks":
            answer(desk, number, "Thank you!")
        elif event == "take":
            if before.owner:
                continue
            desk.run("take", str(number))
        elif event in ("reply", "note"):
            desk.run(event, str(number), "-m", "Words.")
        elif before.phase in ("resolved",) or before.phase.startswith(event) or event[:4] in before.phase:
            continue
        else:
            desk.run("phase", str(number), event, "-m", "Words.")
        whose = EVENTS[event]
        # "there a bare ok is the answer that was waited for"
        if event == "thanks" and before.phase == "waiting_customer":
            whose = LastWord.CUSTOMER
        if whose is LastWord.CUSTOMER:
            since = since if word is LastWord.CUSTOMER else desk.at
        if whose is not None:
            word = whose
        now = ticket(desk, number)
        assert now.last_word is word
        assert now.waiting_since == (since if word is LastWord.CUSTOMER else None)
        assert (now.reply_by is not None) == (now.waiting_since is not None)
        due = row(desk, number)["due"]
        if now.waiting_since is not None:
            assert due is not None


def test_every_reply_alarm_has_its_handler() -> None:
    from maild.work.deadline_handlers import HANDLERS

    assert {DeadlineType.REPLY_WARNING, DeadlineType.REPLY_BREACH} <= HANDLERS.keys()
    assert timedelta(0) < timedelta(hours=1)
