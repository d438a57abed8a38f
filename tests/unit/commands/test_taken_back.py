"""An act on two tickets is taken back from either, and each says what was."""

from __future__ import annotations

import pytest

from tests.unit.commands.conftest import TestDesk

ANNA = "anna@acme.example"


@pytest.fixture
def merged(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Two tickets, the first merged into the second a moment ago."""
    monkeypatch.setenv("MAILD_DELIVERY__HOLD_SECONDS", "60")
    one, other = (desk.mail(ANNA, "Mouse", f"My mouse is broken {how}.") or 0 for how in ("", "still"))
    desk.run("merge", str(one), str(other))
    return one, other


@pytest.mark.parametrize("which", [0, 1])
def test_a_merge_is_taken_back_from_either_ticket(
    desk: TestDesk, merged: tuple[int, int], which: int
) -> None:
    one, other = merged
    said = desk.run("undo", str(merged[which])).out
    assert f"#{one}: taken back, and its mail will not be sent:" in said
    assert f"- #{other}: #{one} merged into this" in said
    assert desk.show(one)["phase"] == "received"
    for number in merged:
        assert f"#{other}: #{one} merged into this" in desk.show(number)["entries"][-1]["text"]
    assert "did nothing" in desk.refused("undo", str(other))


def test_what_was_done_on_the_ticket_itself_goes_first(desk: TestDesk, merged: tuple[int, int]) -> None:
    desk.run("note", str(merged[1]), "-m", "Ask for the model.")
    assert "note: Ask for the model." in desk.run("undo", str(merged[1])).out
    assert desk.show(merged[0])["phase"] == "merged"


def test_the_log_says_what_each_line_was(desk: TestDesk, merged: tuple[int, int]) -> None:
    desk.run("undo")
    shown = desk.run("show", str(merged[0])).out
    assert "kata took back: received -> merged" in shown
    assert "kata took back: merge" in desk.run("show", str(merged[1])).out
