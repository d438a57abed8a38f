# ruff: noqa: E501
"""A megabyte of anything that repeats: the time must not grow with the square of the size."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from maild.mail.parse import parse_mail
from tests.timing import grows_as_its_size

HTML = (
    '<div class="gmail_signature">x</div>', '<div class="gmail_signature">x', '<div class="gmail_quote">x</div>y<br>',
    '<div class="gmail_quote">x', '<div class="yahoo_quoted">On Mon, Nov 2, 2026 at 10:11 AM H &lt;h@d.example&gt; wrote:<br></div>z',
    "<blockquote type=cite>x", "<blockquote type=cite>x</blockquote>y", '<a href="http://x.example/a">b', "&amp;&#x41;&nbsp;",
    "<table><tr><td>x", "<ul><li>x", "<style>.a{display:none}", '<a title="x', "<!-- x", "<", "<br>", '<img src="cid:x" alt="y">',
    '<span style="display:none;font-size:0">x</span>', '<p class="MsoNormal"><span>x<o:p></o:p></span></p>', "<pre>\n", "</div>",
)  # fmt: skip
PLAIN = (
    ">>> a@b.example 2026-11-02 10:11 >>>\n", ">>> On 11/2/2026 at 10:11, in message\n", "> Message du 02/11/26 10:11\n",
    "> Message du 02/11/26 10:11\nx\n", "AB> x\nCD> y\n", '>>>>> "AB" == a@b.example writes:\n', "---- Ann wrote ----\n",
    "Ann ---11/02/2026 10:11:12 AM---x\nFrom: a\nSent: 2026\n", "Ann <a@b.example> wrote:\n\n", "As Bob said:\n> x\n",
    "From: a\nSent: 2026\nTo: b\nSubject: c\n\n", "On Mon, Nov 2, 2026 at 10:11 AM\n", "-- \n", "Regards,\nAnn\n", "x", ">", " ",
    "\n", "Received: x\nMessage-ID: y\n", "é", "xé ", "begin 644 a\n", "\x1b$B", "=?utf-8?q?a?=",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "piece"), [*(("html", p) for p in HTML), *(("plain", p) for p in PLAIN)])
def test_megabyte_of_one_piece_is_read_in_time(kind: str, piece: str) -> None:
    def reading(size: int) -> Callable[[], object]:
        body = (piece * (size // len(piece) + 1))[:size]
        raw = f"From: a@b.example\nSubject: x\nContent-Type: text/{kind}; charset=utf-8\n\n{body}".encode()
        return lambda: parse_mail(raw)

    grows_as_its_size(reading, 250_000, piece)


def test_long_run_of_letters_before_a_stray_byte_is_no_square() -> None:
    """The guess at a charset looked at each run of letters once for each of its letters."""

    def reading(size: int) -> Callable[[], object]:
        raw = b"From: a@b.example\nContent-Type: text/plain\n\n" + b"x" * size + b" \xe9 \xff"
        assert len(parse_mail(raw).text) > size
        return lambda: parse_mail(raw)

    grows_as_its_size(reading, 60_000)
