"""Who of our own people hears of what: each kind of event is sent, and exactly the right people hear of it once.

Over 300 lines: every event that somebody is told of, and to whom it goes.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from maild.model import Plan
from maild.steps import whole
from maild.store import Store
from maild.ticket.alert_rules import RULES
from maild.ticket.vocabulary import AlertKind
from maild.work.alert_bundling import bundle_alerts
from tests.unit.commands.conftest import TestDesk
from tests.unit.commands.test_waiting import bounce, ticket

ANNA, BOSS = "anna@acme.example", "boss@acme.example"
PRINTER = ("Printer", "The printer in room 4 is broken.")
PEOPLE = """
[[agent]]
name = "bela"
address = "bela@desk.example"
teams = ["L1"]
language = "hu"
[[agent]]
name = "quiet"
address = "quiet@desk.example"
teams = ["L1"]
notices = []
[[agent]]
name = "zita"
address = "zita@desk.example"
teams = ["L2", "complaints"]
[[agent]]
name = "mona"
address = "mona@desk.example"
teams = []
[[agent]]
name = "night"
address = "night@desk.example"
teams = []
[teams.complaints]
lead = "mona"
[teams.L2]
lead = "zita"
[teams.box]
address = "box@desk.example"
[agent_mail]
window_minutes = 0
"""
ROTA = 'oncall = [{ from = "2026-11-01", to = "2026-11-30", agent = "night" }]'


@pytest.fixture
def staffed(desk: TestDesk) -> TestDesk:
    desk.configure(PEOPLE)
    desk.config.write_text(
        desk.config.read_text().replace('[teams.L1]\nlead = "lead"', f'[teams.L1]\nlead = "lead"\n{ROTA}')
    )
    desk.configure("")
    return desk


class Heard:
    """Who heard of what since it was made."""

    def __init__(self, desk: TestDesk) -> None:
        self._desk = desk
        self._before = self._all()

    def _all(self) -> Counter[str]:
        with Store.open(self._desk.settings) as store, store.read() as tx:
            return Counter(
                f"{row.alert}: {row.recipients[0].address.partition('@')[0]}"
                for row in tx.outbound.list(limit=None)
                if row.alert
            )

    @property
    def now(self) -> list[str]:
        return sorted((self._all() - self._before).elements())


def test_a_new_ticket_is_told_to_each_member_of_the_team_who_wants_to_hear(staffed: TestDesk) -> None:
    heard = Heard(staffed)
    staffed.mail(ANNA, *PRINTER)
    assert heard.now == ["new: bela", "new: kata", "new: lead"]


def test_who_opens_a_ticket_is_not_told_of_it(staffed: TestDesk) -> None:
    heard = Heard(staffed)
    staffed.run("new", "--from", ANNA, "-s", "Printer", "-m", "It is broken.")
    assert heard.now == ["new: bela", "new: lead"]


def test_a_teams_address_stands_for_its_members(staffed: TestDesk) -> None:
    number = staffed.mail(ANNA, *PRINTER)
    heard = Heard(staffed)
    staffed.run("assign", str(number), "box")
    assert heard.now == ["assigned: box"]


def test_what_nobody_is_there_for_reaches_the_default_team(staffed: TestDesk) -> None:
    heard = Heard(staffed)
    staffed.mail("zoe@nowhere.example", "Offer", "Do you sell printers?")
    assert heard.now == ["new: bela", "new: kata", "new: lead"], "team sales has no member"


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("Network down", "The whole network is down, nobody can work!"),
    ],
)
def test_an_outage_of_all_is_urgent_for_team_lead_and_who_is_on_call(
    staffed: TestDesk, subject: str, words: str
) -> None:
    heard = Heard(staffed)
    number = staffed.mail(ANNA, subject, words)
    assert ticket(staffed, number).severity == "infrastructure"
    assert heard.now == ["urgent: bela", "urgent: kata", "urgent: lead", "urgent: night"]


def test_a_complaint_is_urgent_for_its_team_lead_and_who_is_on_call(staffed: TestDesk) -> None:
    heard = Heard(staffed)
    number = staffed.mail(ANNA, "Complaint", "I want to make a complaint about your service.")
    assert ticket(staffed, number).kind == "complaint"
    assert heard.now == ["urgent: mona", "urgent: night", "urgent: zita"]


def test_a_ticket_that_becomes_grave_is_urgent_and_not_for_who_said_so(staffed: TestDesk) -> None:
    number = staffed.mail(ANNA, *PRINTER)
    heard = Heard(staffed)
    staffed.run("set", str(number), "--severity", "infrastructure")
    assert heard.now == ["urgent: bela", "urgent: lead", "urgent: night"]


def test_a_reply_is_told_to_the_owner_alone_and_to_the_team_where_there_is_none(staffed: TestDesk) -> None:
    number = staffed.mail(ANNA, *PRINTER)
    root = ticket(staffed, number).root_message_id
    heard = Heard(staffed)
    staffed.mail(ANNA, f"Re: [#{number}] Printer", "It is worse now.", to=root)
    assert heard.now == ["reply: bela", "reply: kata", "reply: lead"]
    staffed.run("take", str(number))
    heard = Heard(staffed)
    staffed.mail(ANNA, f"Re: [#{number}] Printer", "It is on fire.", to=root)
    assert heard.now == ["reply: kata"]


def test_a_thank_you_disturbs_nobody(staffed: TestDesk) -> None:
    number = staffed.mail(ANNA, *PRINTER)
    staffed.run("reply", str(number), "-m", "Done.")
    heard = Heard(staffed)
    root = ticket(staffed, number).root_message_id
    staffed.mail(ANNA, f"Re: [#{number}] Printer", "Thank you!", to=root)
    assert heard.now == []


def test_a_customer_who_reopens_is_one_event_and_a_colleague_who_does_is_told_to_the_owner(
    staffed: TestDesk,
) -> None:
    number = staffed.mail(ANNA, *PRINTER)
    staffed.run("take", str(number))
    staffed.run("close", str(number), "-m", "Done.")
    heard = Heard(staffed)
    root = ticket(staffed, number).root_message_id
    staffed.mail(ANNA, f"Re: [#{number}] Printer", "It is broken again.", to=root)
    assert heard.now == ["reopened: kata"]
    staffed.run("close", str(number), "-m", "Done.")
    heard = Heard(staffed)
    staffed.run("reopen", str(number), "-m", "Not quite.", agent="bela")
    assert heard.now == ["reopened: kata"]
    staffed.run("close", str(number), "-m", "Done.")
    heard = Heard(staffed)
    staffed.run("reopen", str(number), "-m", "Not quite.")
    assert heard.now == [], "who reopens it themselves knows"


def test_what_is_given_is_told_to_whom_it_is_given(staffed: TestDesk) -> None:
    number = staffed.mail(ANNA, *PRINTER)
    heard = Heard(staffed)
    staffed.run("take", str(number))
    staffed.run("note", str(number), "-m", "hm")
    assert heard.now == []
    staffed.run("assign", str(number), "bela")
    assert heard.now == ["assigned: bela"]
    staffed.run("assign", str(number), "L2")
    assert heard.now == ["assigned: bela", "assigned: zita"]


def test_a_promise_is_told_to_the_owner_and_when_it_is_over_to_the_lead_too(staffed: TestDesk) -> None:
    number = staffed.mail(ANNA, *PRINTER)
    staffed.run("take", str(number))
    heard = Heard(staffed)
    staffed.later(hours=6, minutes=30)
    staffed.deadlines()
    assert heard.now == ["deadline: kata"]
    staffed.later(days=1)
    staffed.deadlines()
    assert heard.now == ["deadline: kata", "deadline: kata", "deadline: lead"]


def test_a_consents_end_is_told_to_the_owner_else_the_team(staffed: TestDesk) -> None:
    heard = Heard(staffed)
    number = staffed.mail(ANNA, "Folder", "Please give me access to the folder of finance.")
    assert heard.now == ["new: bela", "new: kata", "new: lead"], "who was asked is the desk's own business"
    heard = Heard(staffed)
    staffed.run("approval", "withdraw", str(number), "-m", "an old right")
    assert heard.now == ["consent: bela", "consent: lead", "consent: quiet"]


def test_an_approvers_answer_is_one_mail_with_what_it_did(staffed: TestDesk) -> None:
    number = staffed.mail(ANNA, "Folder", "Please give me access to the folder of finance.")
    heard = Heard(staffed)
    asked = staffed.message_id("approval_request", to=BOSS)
    staffed.mail(BOSS, f"Re: [#{number}] Folder", "Yes, approved.", to=asked)
    assert ticket(staffed, number).phase == "received"
    assert heard.now == ["consent: bela", "consent: kata", "consent: lead", "consent: quiet"]
    said = rendered(staffed, number, "kata@desk.example")
    assert "C1 (access rights): Nagy Béla has agreed" in said
    assert f"maild approval show {number}" in said


def test_a_bounce_is_told_to_who_wrote(staffed: TestDesk) -> None:
    number = staffed.mail(ANNA, *PRINTER)
    staffed.run("take", str(number), agent="bela")
    staffed.run("reply", str(number), "-m", "On my way.")
    heard = Heard(staffed)
    bounce(staffed, staffed.message_id("reply"), ANNA)
    assert heard.now == ["bounce: kata"]


def test_a_complaint_that_was_resolved_is_told_to_its_reviewer(staffed: TestDesk) -> None:
    number = staffed.mail(ANNA, "Complaint", "I want to make a complaint about your service.")
    heard = Heard(staffed)
    staffed.run("phase", str(number), "resolved", "-m", "We are sorry.")
    assert heard.now == ["complaint: mona"]


def test_a_mail_in_quarantine_is_told_to_the_review_team_else_the_default_one(staffed: TestDesk) -> None:
    from maild.app.telling import quarantined

    told = quarantined("too deep", "Hello", staffed.settings, staffed.at)
    assert [one.notice.to[0].name for one in told] == ["kata", "lead", "bela", "quiet"]  # type: ignore[union-attr]


# ------------------------------------------------------------------------------------------- what it says


def test_a_mail_to_an_agent_says_who_what_due_and_what_to_type_in_their_language(staffed: TestDesk) -> None:
    number = staffed.mail(ANNA, *PRINTER)
    said = rendered(staffed, number, "bela@desk.example")
    said = " ".join(said.split())
    for part in (
        "Új bejelentés", "The printer in room 4 is broken.", "Kovács Anna", "Acme Kft.", "+36 1 555 0100",
        f"maild take {number}", f"maild reply {number}", "november 3., kedd 9:00", "/note",
    ):  # fmt: skip
        assert part in said, part
    assert "Nobody" not in said
    assert "New request" in rendered(staffed, number, "kata@desk.example")


def test_lines_that_are_left_out_are_counted(staffed: TestDesk) -> None:
    number = staffed.mail(ANNA, *PRINTER)
    root = ticket(staffed, number).root_message_id
    quote = "\n".join(f"> line {n}" for n in range(7))
    staffed.mail(ANNA, f"Re: [#{number}] Printer", f"Worse now.\n\nOn Monday Kata wrote:\n{quote}", to=root)
    said = rendered(staffed, number, "kata@desk.example")
    assert re.search(r"[78] lines left out", said)


def rendered(desk: TestDesk, number: int | None, address: str) -> str:
    from maild.render import render_notice

    with Store.open(desk.settings) as store, store.read() as tx:
        row = next(
            one
            for one in tx.outbound.list(ticket=number)
            if one.alert and one.recipients[0].address == address
        )
        mail = tx.outbound.get(row.id)
        data = {"number": number, **mail.data}
        return whole(render_notice("agent_alert", mail.language, data, desk.settings)).text


# ------------------------------------------------------------------------------------------------ the window


def windowed(desk: TestDesk) -> TestDesk:
    desk.config.write_text(desk.config.read_text().replace("window_minutes = 0", "window_minutes = 5"))
    desk.configure("")
    return desk


def leave(desk: TestDesk) -> list[tuple[str, str]]:
    """What leaves now, as the outbox takes it."""
    from datetime import timedelta

    with Store.open(desk.settings) as store, store.write() as tx:
        bundle_alerts(tx, desk.at)
        works = tx.outbound.claim(100, desk.at, "test", timedelta(minutes=1))
        for work in works:
            from maild.store import Delivery
            from maild.ticket.phases import OutboundState

            done = [Delivery(box.address, "sent", "250") for box in (*work.to, *work.cc)]
            tx.outbound.record(work.id, done, state=OutboundState.SENT, now=desk.at)
        return sorted((w.data["alert"], w.to[0].name) for w in works if w.notice == "agent_alert")


def test_what_happens_within_the_window_comes_in_one_mail(staffed: TestDesk) -> None:
    desk = windowed(staffed)
    number = desk.mail(ANNA, *PRINTER)
    desk.run("take", str(number))
    assert leave(desk) == [("new", "bela"), ("new", "kata"), ("new", "lead")]
    root = ticket(desk, number).root_message_id
    for words in ("It is worse now.", "It is on fire."):
        desk.later(minutes=1)
        desk.mail(ANNA, f"Re: [#{number}] Printer", words, to=root)
        assert leave(desk) == []
    desk.later(minutes=4)
    assert leave(desk) == [("reply", "kata")]
    said = rendered(desk, number, "kata@desk.example")
    assert "It is worse now." in said
    assert "It is on fire." in said
    desk.later(hours=1)
    desk.mail(ANNA, f"Re: [#{number}] Printer", "Hello?", to=root)
    assert leave(desk) == [("reply", "kata")]


def test_a_taken_back_act_tells_nobody(staffed: TestDesk) -> None:
    number = staffed.mail(ANNA, *PRINTER)
    leave(staffed)
    staffed.run("assign", str(number), "bela")
    staffed.run("undo", str(number))
    staffed.later(minutes=10)
    assert leave(staffed) == []


# --------------------------------------------------------------------------------------------------- laws


def test_every_kind_of_event_has_a_rule_and_stands_in_the_documents() -> None:
    assert set(RULES) == set(AlertKind) - {AlertKind.HOURS, AlertKind.OTHER}
    text = (Path(__file__).parents[3] / "docs" / "agents.md").read_text()
    for kind in RULES:
        assert f"| `{kind}` |" in text


def test_a_desk_without_agents_writes_to_nobody(desk: TestDesk) -> None:
    from maild.app import telling
    from maild.settings import Settings

    cause = telling.Cause(Settings(), datetime(2026, 11, 2, tzinfo=UTC))
    assert telling.told(Plan(), {}, cause) == Plan()
