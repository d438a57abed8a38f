"""What `serve` says once on a terminal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from maild.config import parse
from maild.desk.welcome import AtStart, lines
from maild.settings import Settings

NOBODY = AtStart({"smtp": 2525, "http": 4000}, companies=0, tickets=0, mailed=False, pid=7)


def said(settings: Settings, standing: AtStart = NOBODY) -> str:
    return "\n".join(lines(settings, standing, "maild", Path("/srv/desk")))


def desk(text: str = "") -> Settings:
    return parse(text, base=Path("/srv/desk"), env={})


def test_it_says_where_things_are_and_what_to_type_next() -> None:
    text = said(desk())
    assert "SMTP on 127.0.0.1:2525" in text
    assert "files in var/outbox/new" in text
    assert "http://127.0.0.1:4000/healthz" in text
    assert "maild company import" in text
    assert "[[agent]]" in text
    assert "kill -HUP 7" in text


def test_a_desk_that_is_set_up_is_told_less() -> None:
    text = said(
        desk('[[agent]]\nname = "kata"\naddress = "kata@desk.example"\n'),
        replace(NOBODY, companies=2, tickets=3, mailed=True),
    )
    assert "2 companies, 1 agent, 3 open tickets" in text
    assert "company import" not in text
    assert "[[agent]]" not in text
    assert "maild list" in text


def test_a_password_in_the_url_of_a_database_is_not_shown() -> None:
    assert "hunter2" not in said(desk('[database]\nurl = "postgresql://maild:hunter2@db/maild"\n'))


def test_no_way_in_is_said() -> None:
    assert "mail in   none" in said(desk('[smtp]\nlisten = ""\n'))
