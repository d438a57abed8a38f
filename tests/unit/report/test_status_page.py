"""Known outages on the pages: a moment that is over is promised no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from maild.mail.word_files import words_of
from maild.model import OutageFacts
from maild.report import status_page
from maild.settings import Settings
from maild.web import view

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
DOWN = OutageFacts(1, "Mail is slow", (), (), NOW + timedelta(hours=1), NOW - timedelta(hours=1))
LATE = replace(DOWN, eta=NOW)


class Say:
    """The phrases' keys in place of their words."""

    def __call__(self, key: str, **values: object) -> str:
        return f"{key} {values.get('when', '')}".strip()

    def when(self, at: datetime) -> str:
        return f"{at:%H:%M}"


def test_the_customers_page_tells_only_of_a_moment_to_come() -> None:
    say: Any = Say()
    assert view.outage(DOWN, say, NOW)["times"] == "outages.since 08:30 · outages.eta 10:30"
    assert view.outage(LATE, say, NOW)["times"] == "outages.since 08:30"
    over = replace(DOWN, resolved_at=NOW)
    assert view.outage(over, say, NOW)["times"] == "outages.since 08:30 · outages.over 09:30"


def test_the_page_for_everybody_tells_only_of_a_moment_to_come() -> None:
    desk = replace(Settings().desk, timezone="UTC", language="en")
    told, late = (status_page.html_page([one], desk, NOW) for one in (DOWN, LATE))
    eta = f"{words_of('en')['status']['eta']} "
    assert eta in told
    assert eta not in late
    assert "Mail is slow" in late
