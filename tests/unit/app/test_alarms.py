"""When the operator is told of the desk itself, and how often."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from maild.app.alarms import FLAPPING, DeskCondition, alarms, mails, still_told, to_tell
from maild.config import parse
from maild.errors import ConfigError
from maild.render import render_notice
from maild.settings import DeliverySettings, Imap, Settings
from maild.steps import whole
from tests.cases import cases

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
#: a Tuesday, 14:00 in Budapest
NOW = datetime(2026, 11, 3, 13, 0, tzinfo=UTC)
CONFIG = '[desk]\naddress = "help@desk.example"\ntimezone = "Europe/Budapest"\n[alarms]\nto = ["root@desk.example"]\n'


@pytest.fixture
def settings(tmp_path: Any) -> Settings:
    return parse(CONFIG, base=tmp_path, env={})


def codes(standing: DeskCondition, settings: Settings, now: datetime = NOW) -> list[str]:
    return [one.fact.code for one in alarms(standing, settings, now)]


@cases("hours, told", [(3, False), (4, True), (7, True)])
def test_mail_that_stays_away_is_told_by_the_offices_hours(
    hours: int, told: bool, settings: Settings
) -> None:
    assert codes(DeskCondition(newest=NOW - hours * HOUR), settings) == ["no_mail"] * told


def test_the_night_and_the_weekend_are_no_silence(settings: Settings) -> None:
    monday = datetime(2026, 11, 2, 7, 30, tzinfo=UTC)
    friday = datetime(2026, 10, 30, 15, 30, tzinfo=UTC)
    assert codes(DeskCondition(newest=friday), settings, monday) == []
    assert codes(DeskCondition(newest=friday), settings, monday + 4 * HOUR) == ["no_mail"]


def test_a_desk_to_which_no_mail_ever_came_is_not_silent(settings: Settings) -> None:
    assert codes(DeskCondition(), settings) == []


@cases("what, code", [({"oldest": NOW}, "mail_waits"), ({"due": NOW}, "outbox_waits"),
                      ({"gone": {"support": NOW}}, "mailbox_gone")])  # fmt: skip
def test_what_waits_is_told_after_its_minutes(what: dict[str, Any], code: str, settings: Settings) -> None:
    assert codes(DeskCondition(**what), settings, NOW + 14 * MINUTE) == []
    assert codes(DeskCondition(**what), settings, NOW + 15 * MINUTE) == [code]
    never = replace(settings, alarms=replace(settings.alarms, waits_minutes=0))
    assert codes(DeskCondition(**what), never, NOW + DAY) == []


def test_a_disk_that_fills_is_told(settings: Settings) -> None:
    assert codes(DeskCondition(free=2_000_000_000, place="desk1:/var"), settings) == []
    (one,) = alarms(DeskCondition(free=1_999_000_000, place="desk1:/var"), settings, NOW)
    assert (one.key, one.fact.count) == ("disk_fills:desk1:/var", 1999)


@cases("days, code", [(8, ""), (7, "credentials_end"), (0, "credentials_end"), (-1, "credentials_ended")])
def test_passwords_are_told_a_week_before_their_end(days: int, code: str, settings: Settings) -> None:
    end = (NOW + days * DAY).date().isoformat()
    for where in (
        replace(settings, imap=(Imap("support", credentials_end=end), Imap("other"))),
        replace(settings, delivery=replace(DeliverySettings(), credentials_end=end)),
    ):
        assert codes(DeskCondition(leads=True), where) == [code] * bool(code)
        assert codes(DeskCondition(), where) == []  # one daemon of several says so


def test_what_lasts_is_told_once_a_day_and_what_comes_back_again(settings: Settings) -> None:
    wrong, well = DeskCondition(leads=True, oldest=NOW - HOUR), DeskCondition(leads=True)
    told: dict[str, datetime] = {}
    at = []
    for minutes in range(0, 36 * 60, 30):
        now = NOW + minutes * MINUTE
        found = alarms(well if 3 * HOUR <= now - NOW < 5 * HOUR else wrong, settings, now)
        told = still_told(found, told, wrong, settings, now)
        news = to_tell(found, told, settings, now)
        told |= {one.key: now for one in news}
        at += [minutes / 60] * bool(news)
    assert at == [0, 5, 29]


def test_what_comes_and_goes_is_told_once_an_hour(settings: Settings) -> None:
    wrong = DeskCondition(reads=("support",), gone={"support": NOW - HOUR})
    told = {one.key: NOW for one in alarms(wrong, settings, NOW)}
    well = DeskCondition(reads=("support",))
    assert still_told([], told, well, settings, NOW + FLAPPING - MINUTE) == told
    assert still_told([], told, well, settings, NOW + FLAPPING) == {}


def test_nobody_forgets_what_another_daemon_looks_after(settings: Settings) -> None:
    told = {"disk_fills:desk1:/var": NOW, "mailbox_gone:support": NOW, "no_mail:": NOW}
    other = DeskCondition(reads=("sales",), place="desk2:/var")
    assert still_told([], told, other, settings, NOW + 30 * HOUR) == told
    assert still_told(
        [], told, replace(other, leads=True), settings, NOW + 30 * HOUR
    ).keys() == told.keys() - {"no_mail:"}
    assert still_told([], told, other, settings, NOW + 48 * HOUR) == {}  # its daemon never came back


def test_one_mail_says_everything_and_what_to_type(settings: Settings) -> None:
    wrong = DeskCondition(oldest=NOW - HOUR, free=10, place="desk1:/var", gone={"support": NOW - HOUR})
    (made,) = mails(alarms(wrong, settings, NOW), settings, NOW)
    assert [box.address for box in made.to] == ["root@desk.example"]
    shown = whole(render_notice(made.name, "en", made.data, settings))
    assert "support" in shown.text
    assert "desk1:/var" in shown.text
    assert "maild mail list" in shown.text
    assert shown.subject == "The desk itself"


@cases("line", ['to = ["nobody"]', "no_mail_hours = -1", 'too = ["a@b.example"]'])
def test_a_wrong_alarm_is_refused(line: str, tmp_path: Any) -> None:
    with pytest.raises(ConfigError, match="alarms"):
        parse(f"[alarms]\n{line}\n", base=tmp_path, env={})


@cases("table", ["[delivery]", '[[imap]]\nname = "support"'])
def test_a_day_that_is_none_is_refused(table: str, tmp_path: Any) -> None:
    with pytest.raises(ConfigError, match="2027-01-31"):
        parse(f'{table}\ncredentials_end = "soon"\n', base=tmp_path, env={})
