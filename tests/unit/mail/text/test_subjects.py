"""What a subject is about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.languages import forward_prefixes, reply_prefixes
from maild.mail.text.subjects import (
    base_subject,
    is_forward,
    is_reply,
    is_reply_or_forward,
    tag_numbers,
    tag_pattern,
    unrelated,
    without_tags,
)
from maild.render.subject import bare_subject
from tests.cases import cases

TAG = "[#{number}]"


@cases(
    ("subject", "base"),
    [
        ("Printer", "Printer"),
        ("Re: Printer", "Printer"),
        ("RE: AW: Antw: VÁ: SV: Printer", "Printer"),
        ("Re[2]: Fwd(3): Printer", "Printer"),
        ("Re: [#15789] Re: Printer", "Printer"),
        ("[EXT] Re: Printer", "Printer"),
        ("[EXT] Printer", "[EXT] Printer"),
        ("回复：打印机", "打印机"),
        ("Error: disk full", "Error: disk full"),
        ("Re:", ""),
        ("", ""),
    ],
)
def test_base_subject(subject: str, base: str) -> None:
    assert base_subject(subject, TAG) == base


def test_reply_and_forward_prefixes() -> None:
    assert is_reply_or_forward("AW: x")
    assert not is_reply_or_forward("Problem: x")
    assert is_forward("WG: x")
    assert not is_forward("Re: x")


@given(st.text(max_size=400))
def test_base_subject_of_anything_is_stable(subject: str) -> None:
    base = base_subject(subject, TAG)
    assert base_subject(base, TAG) == base
    assert not unrelated(subject, subject, TAG)


_ALL_PREFIXES = sorted(reply_prefixes() | forward_prefixes())


@cases("prefix", _ALL_PREFIXES)
def test_every_prefix_of_every_language_goes_for_everybody(prefix: str) -> None:
    for written in (
        f"{prefix}:",
        f"{prefix.upper()}: ",
        f"{prefix.title()} : ",
        f"{prefix}：",
        f"{prefix}[2]: ",
    ):
        subject = f"{written}Printer"
        assert is_reply_or_forward(subject), subject
        assert base_subject(subject, TAG) == bare_subject(subject, TAG) == "Printer"
        assert is_forward(subject) == (prefix not in reply_prefixes())
        assert is_reply(subject) == (prefix in reply_prefixes())


@pytest.mark.parametrize(
    "mark", ["[EXT]", "[EXTERN] [SPAM]", "{Spam?}", "***UNCHECKED***", "*** SPAM ***", "Extern:", "\u200f"]
)
def test_marks_of_gateways_hide_no_prefix(mark: str) -> None:
    assert is_reply(f"{mark} AW: Drucker")
    assert is_forward(f"{mark} WG: Drucker")
    assert base_subject(f"{mark} AW: [#7] Drucker", TAG) == "Drucker"


@pytest.mark.parametrize(
    "subject",
    [
        "Error: disk full",
        "Betreft: printer",
        "12:30 meeting",
        ": nothing",
        "Rechnung: 4711",
        "Externe: Maus",
        "[x]",
    ],
)
def test_words_with_a_colon_are_no_prefix(subject: str) -> None:
    assert not is_reply_or_forward(subject)
    assert base_subject(subject, TAG) == subject


@given(st.text(max_size=80), st.sampled_from(_ALL_PREFIXES), st.integers(1, 10**6))
def test_all_users_agree_on_any_subject(subject: str, prefix: str, number: int) -> None:
    base = base_subject(subject, TAG)
    assert bare_subject(f"{prefix}: [#{number}] {subject}", TAG) == base_subject(f" {subject}", TAG)
    assert not tag_numbers(base, TAG)
    assert is_reply_or_forward(subject) == (is_reply(subject) or is_forward(subject))
    assert not (is_reply(subject) and is_forward(subject))


@given(
    st.sampled_from([TAG, "#{number}#", "Ticket {number}", "{number}", "(maild) {number} Ő", "T-{number}"]),
    st.lists(
        st.sampled_from(
            ["7", "12 ", "[#7]", "[#[#7]7]", "#9#", "ticket 3", "[#", "]", "T-8", "\u0131", " x "]
        )
    ),
)
def test_every_tag_goes_whatever_its_format(tag: str, pieces: list[str]) -> None:
    subject = "".join(pieces)[:200]
    left, searched = subject, ""
    while searched != left:
        searched, left = left, tag_pattern(tag).sub(" ", left)
    assert without_tags(subject, tag) == left
