"""One list each of what controls, turns and hides; no other stands anywhere, and every user heeds them."""

from __future__ import annotations

import re
import sys
import unicodedata
from pathlib import Path

from maild.commands.output import safe_line, safe_text, to_json
from maild.mail.parse.names import safe
from maild.mail.text.characters import (
    BIDI,
    CONTROLS,
    INVISIBLE,
    JOINERS,
    SEPARATORS,
    SHAPELESS,
    SURROGATES,
    UNSAFE,
    UNSEEN,
    escape,
    is_unseen,
    pattern_of,
)
from maild.mail.text.clean import invisible_out, line, shown_line, shown_text, text
from maild.mail.text.folding import fold
from maild.render.clean import clean_data
from maild.work.logs import clean as logged
from tests.cases import cases

ROOT = Path(__file__).parents[4]
#: format characters that are seen: signs that span the digits after them, and joiners of hieroglyphs
_SEEN_FORMATS = re.compile(r"[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2]|[\U000110bd-\U0001d17a]")


def test_every_format_character_of_unicode_is_listed_or_is_seen() -> None:
    formats = {c for c in range(sys.maxunicode + 1) if unicodedata.category(chr(c)) == "Cf"}
    assert {c for c in formats - INVISIBLE if not _SEEN_FORMATS.match(chr(c))} == set()
    assert all(is_unseen(chr(c)) for c in formats)


def test_every_bidi_control_of_unicode_is_listed() -> None:
    turning = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
    assert {c for c in range(0x3000) if unicodedata.bidirectional(chr(c)) in turning} <= BIDI


@cases("code", [*sorted(UNSAFE - SURROGATES), 0xD800, 0xDFFF])
def test_what_is_unsafe_reaches_no_terminal_log_page_or_name(code: int) -> None:
    char = chr(code)
    for shown in (safe_line(f"a{char}b"), logged(f"a{char}b")):
        assert char not in shown
        assert shown.isprintable()
    if char not in "\n\t":
        assert char not in safe_text(f"a{char}b")
        assert char not in shown_text(f"a{char}b")
        assert char not in clean_data({"k": [f"a{char}b"]})["k"][0]
    assert char not in to_json(f"a{char}b")
    assert char not in shown_line(f"a{char}b")
    assert char not in safe(f"a{char}b.txt")


@cases("code", sorted(INVISIBLE | SHAPELESS))
def test_what_is_not_seen_stands_escaped_in_a_line_of_a_terminal(code: int) -> None:
    """A joiner, too, where it joins nothing."""
    for shown in (f"a{chr(code)}b", chr(code), f" {chr(code)}", f"x{chr(code) * 3}"):
        assert safe_line(shown) == shown.replace(chr(code), escape(code))
    assert all(char not in safe_text(f"a{chr(code)}b") for char in map(chr, INVISIBLE))


@cases(
    "text",
    [
        "\U0001f468\u200d\U0001f4bb",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u0915\u094d\u200d\u0937",
        "Zo\u00eb \u2764\ufe0f",
    ],
)
def test_joiners_that_a_script_or_a_picture_needs_stay(text: str) -> None:
    assert safe_line(text) == safe_text(text) == text


@cases("code", sorted(CONTROLS | SEPARATORS))
def test_no_control_is_kept_in_a_line(code: int) -> None:
    assert chr(code) not in line(f"a{chr(code)}b")
    if code not in (0x09, 0x0A) and code in CONTROLS:
        assert chr(code) not in text(f"a{chr(code)}b")


@cases("code", sorted(INVISIBLE))
def test_what_is_invisible_parts_no_word(code: int) -> None:
    assert invisible_out(f"pass{chr(code)}word") == "password"
    assert fold(f"Pass{chr(code)}word") == "password"
    assert (chr(code) in shown_line(f"a{chr(code)}b")) == (code in JOINERS)


@cases("code", sorted(SHAPELESS | INVISIBLE))
def test_the_strict_question_knows_all_that_is_not_seen(code: int) -> None:
    assert is_unseen(chr(code))


def test_pattern_and_set_are_one() -> None:
    pattern = re.compile(pattern_of(UNSEEN))
    assert {c for c in range(sys.maxunicode + 1) if pattern.match(chr(c))} == UNSEEN


def test_escapes_tell_the_code_point() -> None:
    assert [escape(c) for c in (0x1B, 0x202E, 0xE0041)] == ["\\x1b", "\\u202e", "\\U000e0041"]
