"""RFC 5322, section 2.1.1: HTML goes out as it is where no line is longer than a mail's line may be."""

from __future__ import annotations

import pytest

from maild.render.compose import LONGEST_LINE, text_part

FULL = "x" * LONGEST_LINE


@pytest.mark.parametrize(
    ("html", "encoding"),
    [
        ("short\n" * 400, b"7bit"),
        (f"{FULL}\n{FULL}\n{FULL}", b"7bit"),
        (f"a\n{FULL}\n\nb", b"7bit"),
        (f"{FULL}x", b"quoted-printable"),
        (f"a\n{FULL}x\nb", b"quoted-printable"),
        (f"{'a' * 500}\n{'b' * 500}\n{FULL}x\n", b"quoted-printable"),
    ],
)
def test_a_line_too_long_makes_the_part_quoted_printable(html: str, encoding: bytes) -> None:
    part = text_part("html", html)
    head, _, body = part.partition(b"\r\n\r\n")
    assert encoding in head
    assert max(map(len, body.split(b"\r\n"))) <= LONGEST_LINE
    if encoding == b"7bit":
        assert body == html.replace("\n", "\r\n").encode()
