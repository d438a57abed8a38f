"""Links in repeated words: each is written so that no program makes one of it, and the quick look passes none over."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.text.links import _LINK, _without, disarmed

#: what links are made of, and what ends or hides one
_PIECES = st.sampled_from(
    [
        " ", "\n", "\t", "\r\n", "\u00a0", "\u2028", "<", ">", '"', "(", ".", "..", "-", "@", ":", "/", ":/", "://", "http",
        "ftp+x",
        "www", "evil", "example", "c", "io", "7", "\u00e9", "\u0131", "\u212a", "\u017f", "_", "txt", "help", ".e", ".ex",
        "a.b",
    ]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=40).map("".join) | st.text(max_size=60))
def test_words_taken_by_themselves_are_written_as_the_whole_text_is(text: str) -> None:
    assert disarmed(text) == _LINK.sub(_without, text)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("see https://evil.example/x.y", "see https[:]//evil[.]example/x[.]y"),
        ("(www.evil.example)", "(www[.]evil[.]example)"),
        ("first line\nevil.example\nlast", "first line\nevil[.]example\nlast"),
        ("one two\tevil.example three", "one two\tevil[.]example three"),
        ("ftp:/evil", "ftp[:]/evil"),
        ("anna@acme.example wrote report.pdf at 10.30, e.g. now", None),
    ],
)
def test_what_is_no_link_stays(written: str, shown: str | None) -> None:
    assert disarmed(written) == (written if shown is None else shown)
