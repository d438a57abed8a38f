"""Nothing that a customer wrote moves a cursor or turns a line around."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from maild.commands import output


def test_controls_and_bidi_marks_stand_escaped_in_a_line() -> None:
    assert output.safe_line("a\x1b[31mb\nc\u202ed") == "a\\x1b[31mb\\x0ac\\u202ed"


def test_newlines_and_tabs_stay_in_a_text() -> None:
    assert output.safe_text("a\n\tb\r\x9b") == "a\n\tb\\x0d\\x9b"


@given(st.text())
def test_no_text_leaves_a_control_in_a_line(text: str) -> None:
    shown = output.safe_line(text)
    assert not any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 or 0x202A <= ord(c) <= 0x202E for c in shown)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_json_says_the_same_and_holds_no_raw_control(text: str) -> None:
    line = output.to_json({"text": text})
    assert json.loads(line) == {"text": text}
    assert not any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 or 0x2066 <= ord(c) <= 0x2069 for c in line)


def test_json_of_a_mark_above_the_basic_plane_is_a_pair() -> None:
    assert json.loads(output.to_json("\U000e0041")) == "\U000e0041"
    assert "\U000e0041" not in output.to_json("\U000e0041")
