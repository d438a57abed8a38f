"""Numbers beyond what a database holds: refused by name, or "all" where they say how many; never a traceback."""

from __future__ import annotations

import pytest
import typer

from maild.commands.options import row_count, row_id, ticket_number
from maild.desk import filters
from maild.desk.numbers import LARGEST, whole_number
from maild.errors import Refused
from tests.unit.commands.conftest import TestDesk

BEYOND = str(LARGEST + 1)
ANNA = "anna@acme.example"


@pytest.mark.parametrize(
    "words",
    [
        ("show", BEYOND), ("mail", "show", BEYOND), ("mail", "retry", BEYOND), ("mail", "list", "--ticket", BEYOND),
        ("mail", "file", "1", BEYOND), ("outbox", "show", BEYOND), ("outbox", "retry", BEYOND), ("outage", "show", BEYOND),
        ("outbox", "list", "--ticket", BEYOND), ("approval", "show", f"C{BEYOND}"), ("approval", "show", BEYOND),
        ("show", "1001", "--attachment", "1", "--mail", BEYOND), ("log", "1001", "20m", "--correct", BEYOND),
        ("split", "1001", "--subject", "x", "--entry", BEYOND), ("webhook", "retry", BEYOND), ("trace", BEYOND),
        ("trace", "--outgoing", BEYOND), ("why", BEYOND), ("link", "1001", "outage", BEYOND), ("merge", "1001", BEYOND),
    ],
    ids=lambda words: "-".join(words[:2]),
)  # fmt: skip
def test_a_number_that_no_database_holds_is_refused(desk: TestDesk, words: tuple[str, ...]) -> None:
    desk.mail(ANNA, "Printer", "It prints nothing.")
    ran = desk.run(*words, ok=False)
    assert ran.code in (1, 2)
    assert BEYOND in ran.err.replace("\n", "")


@pytest.mark.parametrize("words", [("list",), ("search", "printer"), ("mail", "list"), ("outbox", "list")])
def test_a_limit_beyond_all_rows_shows_all(desk: TestDesk, words: tuple[str, ...]) -> None:
    desk.mail(ANNA, "Printer", "The printer prints nothing.")
    assert desk.run(*words, "--limit", BEYOND + "0").out == desk.run(*words).out != ""
    assert desk.run(*words, "--limit", "0", ok=False).code == 2


def test_a_number_that_no_python_reads_is_none(desk: TestDesk) -> None:
    assert "no mail with Message-ID" in desk.refused("why", "9" * 5000)


def test_whole_numbers() -> None:
    assert whole_number(str(LARGEST)) == LARGEST
    assert whole_number("0" * 5000 + "7") == 7
    assert [whole_number(odd) for odd in ("", "-1", "1.0", "１", "²", BEYOND, "9" * 5000)] == [None] * 7
    assert row_id("0") == 0
    assert row_count("50") == 50
    assert ticket_number(" #15789 ") == 15789
    for parse, odd in ((ticket_number, "0"), (ticket_number, "#"), (row_count, "00"), (row_id, "")):
        with pytest.raises(typer.BadParameter):
            parse(odd)


def test_no_company_is_said_not_left_empty(desk: TestDesk) -> None:
    """An unset variable of a script takes a ticket from nobody."""
    number = str(desk.mail(ANNA, "Printer", "It prints nothing."))
    assert "company" in desk.refused("move", number, "")
    assert desk.show(int(number))["company"] == "acme"
    desk.run("move", number, "none")
    assert desk.show(int(number))["company"] is None


@pytest.mark.parametrize("odd", ["0", "-1", "²", BEYOND, "9" * 5000])
def test_a_view_with_an_odd_limit_says_so(odd: str) -> None:
    with pytest.raises(Refused, match="write a number from 1"):
        filters.parse(f"--limit {odd}")


@pytest.mark.parametrize("option", ["--mails-days", "--attachments-days", "--people-days"])
def test_retention_counts_days_for_which_there_is_a_date(desk: TestDesk, option: str) -> None:
    assert "365000 days: 0" in desk.run("retention", "--dry-run", option, "365000").out
    for odd in ("365001", BEYOND):
        assert desk.run("retention", "--dry-run", option, odd, ok=False).code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("report", "sla", "--month", "9999-12"), ("report", "sla", "--month", "0000-01"),
        ("report", "time", "--month", "2026-13"),
        ("report", "satisfaction", "--from", "0001-01-01"), ("report", "volume", "--to", "9999-12-31"),
    ],
    ids=lambda words: "-".join(words[-2:]),
)  # fmt: skip
def test_a_report_of_another_age_is_refused(desk: TestDesk, words: tuple[str, ...]) -> None:
    assert "2026-11" in desk.refused(*words)  # so it is written
