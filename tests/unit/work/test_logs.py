"""Log lines: one a record, no controls of customers, no secrets."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.work import logs


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)


def written(style: str, message: str, **fields: object) -> str:
    out = io.StringIO()
    logs.set_up(style, "debug", out)
    logs.Log("maild.work.ingest").info(message, **fields)
    return out.getvalue()


def test_json_line_holds_message_and_fields() -> None:
    row = json.loads(written("json", "mail decided", mail=12, kind="request", ticket=None))
    assert row["message"] == "mail decided"
    assert row["part"] == "maild.work.ingest"
    assert (row["mail"], row["kind"]) == (12, "request")
    assert "ticket" not in row


def test_not_a_terminal_means_json() -> None:
    assert json.loads(written("auto", "x"))["message"] == "x"


def test_human_line_names_level_part_and_fields() -> None:
    line = written("human", "mail decided", mail=12, subject="two words")
    assert line.endswith('info    ingest: mail decided  mail=12  subject="two words"\n')


def test_people_read_words_and_programs_fields() -> None:
    def told(style: str) -> str:
        out = io.StringIO()
        logs.set_up(style, "info", out, zone="Europe/Budapest")
        log = logs.Log("maild.work.ingest")
        log.info("listening for probes", http="127.0.0.1:1")
        log.tell("mail decided", lambda: "#1 new from \x1b[31mAnna", mail=12)
        log.warning("left for later", mail=13)
        return out.getvalue()

    lines = told("human").splitlines()
    assert [line.partition(" ")[2] for line in lines] == [
        "#1 new from \\u001b[31mAnna",
        "warning ingest: left for later  mail=13",
    ]
    rows = [json.loads(line) for line in told("json").splitlines()]
    assert [row["message"] for row in rows] == ["listening for probes", "mail decided", "left for later"]
    assert rows[1]["mail"] == 12
    assert "words" not in rows[1]
    assert "Anna" not in told("json")


def test_words_are_made_only_for_people() -> None:
    def never() -> str:
        raise AssertionError("nobody reads this")

    out = io.StringIO()
    logs.set_up("json", "info", out)
    logs.Log("maild.x").tell("mail decided", never)
    assert json.loads(out.getvalue())["message"] == "mail decided"


def test_a_new_day_is_said_once() -> None:
    formatter = logs.HumanFormatter(zone="UTC")
    record = logging.LogRecord("maild.x", logging.WARNING, "", 0, "so", (), None)
    seen = []
    for at in (0.0, 60.0, 86_400.0, 86_460.0):
        record.created = at
        seen.append(formatter.format(record).splitlines()[0])
    assert seen[0].startswith("00:00 warning")
    assert seen[2] == "Friday 02 January"
    assert seen[3].startswith("00:01 warning")


@given(st.text())
def test_a_customers_text_never_breaks_the_line_or_reaches_the_terminal_raw(text: str) -> None:
    cleaned = logs.clean(text)
    assert not any(
        ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u2028\u2029\u202e\u2066\u200f" for c in cleaned
    )


def test_escape_sequence_of_a_customer_is_shown_escaped() -> None:
    assert written("human", "x", subject="\x1b[2J\r\nfake").endswith("subject=\\u001b[2J\\u000d\\u000afake\n")


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer eyJhbGciOi.secret",
        "password=hunter2",
        "token: abcdefgh",
        "id <maild.15789.abcdefghijklmnopqrstuvwxyz.qqqqqqqqqqqqqqqq@desk.example>",
        "reference maild-abcdefghijklmnopqrstuvwxyz here",
        "to help+15789.abcdefghijklmnop@desk.example",
    ],
)
def test_secrets_are_hidden(text: str) -> None:
    shown = logs.clean(text)
    for secret in ("eyJhbGciOi", "hunter2", "abcdefgh"):
        assert secret not in shown
    assert "[hidden]" in shown


def test_fields_that_are_secrets_by_name_are_hidden() -> None:
    assert "hunter2" not in written("json", "x", password="hunter2")


def test_traceback_stands_in_the_record_and_is_clean() -> None:
    out = io.StringIO()
    logs.set_up("json", "info", out)
    try:
        raise ValueError("bad \x1b[31m")
    except ValueError as error:
        logs.Log("maild.x").error("failed", error=error)
    lines = out.getvalue().splitlines()
    assert len(lines) == 1
    assert json.loads(lines[0])["traceback"][-1] == "ValueError: bad \\u001b[31m"
