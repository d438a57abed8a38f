"""What a subject is about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.subjects import base_subject, is_forward, is_reply_or_forward, unrelated

TAG = "[#{number}]"


@pytest.mark.parametrize(
    ("subject", "base"),
    [
        ("Printer", "Printer"),
        ("Re: Printer", "Printer"),
        ("RE: AW: Antw: VÁ: SV: Printer", "Printer"),
        ("Re[2]: Fwd(3): Printer", "Printer"),
        ("Re: [#15789] Re: Printer", "Printer"),
        ("[EXT] Re: Printer", "Printer"),
        ("[EXT] Printer", "[EXT] Printer"),
        ("回复：打印机", "回复：打印机"),
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
