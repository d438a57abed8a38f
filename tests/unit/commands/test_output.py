from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.commands import output


def shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int, *args: object
) -> list[str]:
    monkeypatch.setattr(output, "on_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", str(columns))
    output.table(*args, wide="SUBJECT")  # type: ignore[arg-type]
    return capsys.readouterr().out.splitlines()


ROWS = [
    ("#1001", "", "received", "infrastructure", "Printer " * 20),
    ("#1002", "", "closed", "user", "印刷機"),
]


def test_table_fits_the_terminal_and_never_cuts_what_names_the_row(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    head, first, second = shown(capsys, monkeypatch, 60, ("N", "DUE", "PHASE", "SEV", "SUBJECT"), ROWS)
    assert head == "\x1b[1mN      PHASE     SEV             SUBJECT\x1b[0m"  # nothing is due: no such column
    assert first.startswith("#1001  received  infrastructure  Printer")
    assert first.endswith("…")
    assert len(first) <= 60
    assert second == "#1002  closed    user            印刷機"


def test_pipe_gets_every_cell_whole_between_tabs(capsys: pytest.CaptureFixture[str]) -> None:
    output.table(("N", "DUE", "PHASE", "SEV", "SUBJECT"), ROWS, wide="SUBJECT")
    assert capsys.readouterr().out.splitlines()[1] == "#1002\t\tclosed\tuser\t印刷機"


@given(st.lists(st.integers(0, 300), min_size=1, max_size=9), st.integers(0, 200), st.data())
def test_columns_fit_whenever_they_can(natural: list[int], room: int, data: st.DataObject) -> None:
    wide = data.draw(st.integers(-1, len(natural) - 1))
    widths = output.fitted(natural, room, wide)
    assert all(0 <= w <= n for w, n in zip(widths, natural, strict=True))
    if wide != 0:
        assert widths[0] == natural[0]
    if sum(natural) <= room:
        assert widths == natural
    elif sum(widths) > room:  # nothing is left to give
        assert all(w <= 8 for w in widths[1:])


def test_numbers_stand_below_each_other_by_their_last_digit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(output, "on_terminal", lambda: True)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    rows = [("acme", 5, "0:20", "12%", "x1"), ("zorg", 1001, "110:05", "", "2")]
    output.table(("WHO", "N", "HOURS", "SHARE", "MIXED"), rows)
    assert capsys.readouterr().out.splitlines() == [
        "WHO      N   HOURS  SHARE  MIXED",
        "acme     5    0:20    12%  x1",
        "zorg  1001  110:05         2",
    ]
