"""The morning's mail: once a working day, each agent's own, a lead's team, and nothing where there is nothing to say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from maild.mail.own_ids import Signer
from maild.render import render_notice
from maild.steps import whole
from maild.store import Store
from maild.work.digests import send
from tests.unit.commands.conftest import TestDesk, made_once
from tests.unit.commands.test_waiting import ticket

ANNA = "anna@acme.example"
TUESDAY = datetime(2026, 11, 3, 6, 30, tzinfo=UTC)  # 07:30 in Budapest


def digest(desk: TestDesk, at: datetime = TUESDAY) -> dict[str, dict[str, list[str]]]:
    """Agent -> group -> what is listed, of what is sent at that moment."""
    desk.at = at
    with Store.open(desk.settings) as store, store.write() as tx:
        signer = Signer(tx.secret(), "desk.example")
        send(tx, at, signer, iter(map(str, range(10**6))).__next__)
        found: dict[str, Any] = {}
        for row in tx.outbound.list(limit=None):
            mail = tx.outbound.get(row.id)
            if row.alert == "digest" and mail.created_at == at:
                groups = mail.data["groups"]
                found[row.recipients[0].name] = {
                    group["code"]: [one["what"].partition(" ")[0] for one in group["rows"]]
                    for group in groups
                }
        return found


@pytest.fixture(scope="module")
def until_noon(desk_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1001 overdue of kata, 1002 due today of kata, 1003 nobody's, 1004 waits for the customer, of kata."""
    with made_once(desk_template, tmp_path_factory) as desk:
        _work(desk)
        return desk.database


@pytest.fixture
def morning(desk: TestDesk, until_noon: Path) -> TestDesk:
    desk.begin_with(until_noon)
    return desk


def _work(desk: TestDesk) -> None:
    for _ in range(4):
        desk.mail(ANNA, "Printer", "The printer in room 4 is broken.")
    for number in (1001, 1002, 1004):
        desk.run("take", str(number))
    desk.run("phase", "1004", "waiting", "-m", "Which floor?")
    desk.run("reply", "1002", "-m", "On my way.")
    desk.later(hours=3)
    desk.mail(ANNA, "Re: [#1002] Printer", "Hello?", to=ticket(desk, 1002).root_message_id)


def test_each_agent_gets_their_own_and_a_lead_what_of_the_team_nobody_has(morning: TestDesk) -> None:
    found = digest(morning, TUESDAY + timedelta(hours=2))  # 09:30: 1001 and 1003 were due at 09:00
    assert found == {
        "kata": {"overdue": ["#1001"], "today": ["#1002"]},
        "lead": {"overdue": ["#1001", "#1003"]},
    }


def test_what_nobody_has_is_told_to_the_lead_before_it_is_late(morning: TestDesk) -> None:
    found = digest(morning)
    assert found["lead"] == {"unassigned": ["#1003"]}
    assert found["kata"] == {"today": ["#1001", "#1002"]}


def test_what_is_resolved_is_nobodys_work(morning: TestDesk) -> None:
    """It closes by itself; who answered it need not own it."""
    morning.run("reply", "1003", "-p", "resolved", "-m", "The fuse was blown.")
    assert "lead" not in digest(morning)


@pytest.mark.parametrize(
    ("at", "sent"),
    [
        (TUESDAY - timedelta(minutes=1), False),
        (TUESDAY, True),
        (TUESDAY + timedelta(hours=4, minutes=29), True),  # a daemon that starts late, until noon
        (TUESDAY + timedelta(hours=4, minutes=30), False),
        (datetime(2026, 11, 7, 7, 0, tzinfo=UTC), False),  # Saturday
    ],
)
def test_it_goes_out_on_working_days_from_its_hour_until_noon(
    morning: TestDesk, at: datetime, sent: bool
) -> None:
    assert bool(digest(morning, at)) is sent


def test_friday_night_makes_saturday_no_working_day(morning: TestDesk) -> None:
    morning.configure("[calendars.office]\nmonday = ['08:00-17:00']\nfriday = ['22:00-02:00']\n")
    assert digest(morning, datetime(2026, 11, 6, 7, 0, tzinfo=UTC))
    assert not digest(morning, datetime(2026, 11, 7, 7, 0, tzinfo=UTC))


def test_it_goes_out_once_a_day(morning: TestDesk) -> None:
    assert digest(morning)
    assert not digest(morning, TUESDAY + timedelta(minutes=1))
    assert digest(morning, TUESDAY + timedelta(days=1))


def test_nothing_to_say_is_no_mail_and_who_does_not_want_it_gets_none(desk: TestDesk) -> None:
    assert digest(desk) == {}
    desk.config.write_text(desk.config.read_text().replace('name = "kata"', 'name = "kata"\ndigest = false'))
    desk.configure("")
    desk.at = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
    desk.run("take", str(desk.mail(ANNA, "Printer", "The printer is broken.")))
    assert "kata" not in digest(desk, TUESDAY + timedelta(days=1))


def test_it_reads_as_a_mail(morning: TestDesk) -> None:
    digest(morning)
    data = morning.said("agent_alert", to="lead@desk.example")["data"]
    made = whole(render_notice("agent_alert", "en", data, morning.settings))
    assert made.subject == "Your day"
    for part in (
        "Here is what is waiting for you this morning.",
        "Unassigned",
        "#1003 Printer (acme)",
        "maild show 1003",
    ):
        assert part in made.text
