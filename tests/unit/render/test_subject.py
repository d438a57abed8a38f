from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from maild.render.subject import LONGEST, bare_subject, cut, tag
from tests.cases import cases

FORM = "[#{number}]"


@cases(
    ("given", "bare"),
    [
        ("Printer", "Printer"),
        ("Re: Printer", "Printer"),
        ("AW: Re: [#7] Drucker", "Drucker"),
        ("VÁ: Válasz: Nyomtató", "Nyomtató"),
        ("Antw: Doorst: Printer", "Printer"),
        ("RE[2]: Printer", "Printer"),
        ("Réf : Imprimante", "Imprimante"),
        ("Printer [#99]", "Printer"),
        ("[[#1]#2] Printer", "[ #2] Printer"),
        ("Printer\r\nBcc: everybody@acme.example", "Printer Bcc: everybody@acme.example"),
        ("Re: ", ""),
        ("Reports: late", "Reports: late"),
        ("\u202egnp.exe", "gnp.exe"),
    ],
)
def test_prefixes_tags_and_controls_go(given: str, bare: str) -> None:
    assert bare_subject(given, FORM) == bare


def test_tag_form_of_the_configuration_is_used() -> None:
    assert tag(15789, "[Ticket {number}]") == "[Ticket 15789]"
    assert bare_subject("Re: [Ticket 15789] Printer [#7]", "[Ticket {number}]") == "Printer [#7]"


def test_digits_of_other_scripts_are_no_tag() -> None:
    assert bare_subject("[#١٢] Printer", FORM) == "[#١٢] Printer"


@given(st.text(max_size=400))
def test_bare_subject_is_one_line_without_controls_and_stays_itself(text: str) -> None:
    bare = bare_subject(text, FORM)
    assert not any(unicodedata.category(char) in ("Cc", "Zl", "Zp", "Cs") for char in bare)
    assert bare == bare.strip()
    assert "[#12]" not in bare_subject(text + "[#12]" + text, FORM)


def test_long_subject_is_cut_between_words() -> None:
    text = "printer " * 100
    short = cut(text.strip())
    assert len(short) <= LONGEST
    assert short.endswith("printer…")
    assert cut("x" * 500) == "x" * (LONGEST - 1) + "…"
