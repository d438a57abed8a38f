from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.receive.smtp_path import PathError, parse_path
from tests.cases import cases


@cases(
    ("argument", "address", "parameters"),
    [
        (b"FROM:<a@B.example>", "a@b.example", {}),
        (b"from: <a@b.example> size=10 BODY=8BITMIME", "a@b.example", {"SIZE": "10", "BODY": "8BITMIME"}),
        (b"FROM:<>", "", {}),
        (b"FROM:a@b.example SIZE=1", "a@b.example", {"SIZE": "1"}),
        (b"FROM:<@relay.example,@two.example:a@b.example>", "a@b.example", {}),
        (b'FROM:<"a"@b.example>', "a@b.example", {}),
        (b'FROM:<"a b>c"@b.example>', '"a b>c"@b.example', {}),
        (b'FROM:<"a@b"@c.example>', '"a@b"@c.example', {}),
        (b"FROM:<a@[IPv6:::1]>", "a@[ipv6:::1]", {}),
        (b"FROM:<postmaster>", "postmaster", {}),
        ("FROM:<jós@posta.example> SMTPUTF8".encode(), "jós@posta.example", {"SMTPUTF8": ""}),
        ("FROM:<anna@bücher.example> SMTPUTF8".encode(), "anna@xn--bcher-kva.example", {"SMTPUTF8": ""}),
    ],
)
def test_path_is_understood(argument: bytes, address: str, parameters: dict[str, str]) -> None:
    assert parse_path(argument, b"FROM:") == (address, parameters)


@cases(
    ("argument", "code"),
    [
        (b"<a@b.example>", "501"),
        (b"FROM:", "501"),
        (b"FROM:<a@b.example", "501"),
        (b"FROM:<a\0@b.example>", "501"),
        (b"FROM:<a@b.example\rX>", "501"),
        (b"FROM:<a\x1b[31m@b.example>", "501"),
        (b"FROM:<a\x7f@b.example>", "501"),
        ("FROM:<a\u2028@b.example> SMTPUTF8".encode(), "501"),
        ("FROM:<a\x85@b.example> SMTPUTF8".encode(), "501"),
        (b"FROM:<\xff@b.example>", "501"),
        (b"FROM:<a b@c.example>", "501"),
        (b"FROM:<a@b.example,c@d.example>", "501"),
        (b"FROM:<@b.example>", "501"),
        (b"FROM:<" + b"a" * 600 + b"@b.example>", "501"),
        ("FROM:<jós@posta.example>".encode(), "553"),
        (b"FROM:<a@b@c>", "501"),
        (b"FROM:<a@b:25>", "501"),
        (b"FROM:<help+victim@other.example@desk.example>", "501"),
        (b'FROM:<"a"@b@c>', "501"),
        ("FROM:<a@\u202eb.example> SMTPUTF8".encode(), "501"),
        ("FROM:<a\u200b@b.example> SMTPUTF8".encode(), "501"),
        ("FROM:<a\u200d@b.example> SMTPUTF8".encode(), "501"),
        ("FROM:<a@b\u00adc.example> SMTPUTF8".encode(), "501"),
        ("FROM:<a@b.example\U000e0041> SMTPUTF8".encode(), "501"),
        ('FROM:<"a\u2066 b"@c.example> SMTPUTF8'.encode(), "501"),
    ],
)
def test_path_is_refused(argument: bytes, code: str) -> None:
    with pytest.raises(PathError, match=f"^{code} "):
        parse_path(argument, b"FROM:")


@given(st.binary(max_size=80))
def test_whatever_is_sent_gives_a_clean_address_or_a_refusal(tail: bytes) -> None:
    try:
        answer, _ = parse_path(b"TO:<" + tail, b"TO:", international=True)
    except PathError as refusal:
        answer = str(refusal)
    assert not set(answer) & set(map(chr, [*range(32), *range(127, 160)]))
