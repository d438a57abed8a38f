# ruff: noqa: E501
"""Whole mails made worse, by a seeded generator: what relays, gateways, clients and enemies do to them."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import lru_cache
from itertools import islice

from tests.corpus.mails.clients import samples
from tests.corpus.mails.machines import cases

TOKENS = (
    b"\r\n", b"\n", b"\r", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1b$B", b"=?utf-8?B?", b"?=", b"=?x?q?=41?=",
    b"--BB\r\n", b"--=_alt\r\n", b"--=_mix--\r\n", b"Content-Type: multipart/mixed; boundary=BB\r\n\r\n",
    b"Content-Type: message/rfc822\r\n\r\n", b"Content-Transfer-Encoding: base64\r\n", b"charset=utf-7", b"charset=utf-16",
    b"Content-Type: text/html\r\n", b"format=flowed; delsp=yes", b"Content-Disposition: attachment; filename*0*=utf-8''%e2",
    b"name=\"../../x\"", b"From: ", b"From: a@b, c@d\r\n", b"Subject: ", b"Subject:\r\n x\r\n", b"Date: ", b"Message-ID: <>\r\n",
    b"<div class=\"gmail_quote\">", b"<blockquote type=cite>", b"</blockquote>", b"<style>", b"<!--", b"<a href='", b"&#x110000;",
    b"<pre>", b"<table><tr><td>", b"\xe2\x80\xae", b"\xc2\x85", b"\xee\x80\x80quote\n", b"> ", b">>> x >>>\n", b"-- \n", b"On ",
    b" wrote:\n", b"-----Original Message-----\n", b"begin 644 x\n", b"\nend\n", b"{\\rtf1", b"BEGIN:VCALENDAR\r\n", b"=\r\n", b"=3D=",
    b"\xf0\x9f\x92\xa9", b"\xed\xa0\x80", b"x" * 2_000, b"(" * 500, b"<" * 500, b"\t ", b"; ", b"\"", b"\\",
)  # fmt: skip


@lru_cache(maxsize=1)
def seeds() -> tuple[bytes, ...]:
    """Some hundred whole mails to start from: every client, every kind of machine."""
    whole = [sample.raw for sample in islice(samples(), 0, None, 61)]
    return (*whole, *(case.raw for case in islice(cases(), 0, None, 3)))


def mutated(dice: random.Random) -> bytes:
    """One mail, one to six times made worse."""
    raw = dice.choice(seeds())
    for _ in range(dice.randint(1, 6)):
        raw = dice.choice(_WAYS)(dice, raw)
    return raw[:200_000]


def _cut(dice: random.Random, raw: bytes) -> bytes:
    at = dice.randint(0, len(raw))
    return raw[:at]


def _drop(dice: random.Random, raw: bytes) -> bytes:
    at = dice.randint(0, len(raw))
    return raw[:at] + raw[at + dice.choice((1, 2, 10, 100, 1_000)) :]


def _insert(dice: random.Random, raw: bytes) -> bytes:
    at = dice.randint(0, len(raw))
    return raw[:at] + dice.choice(TOKENS) * dice.choice((1, 1, 1, 2, 30)) + raw[at:]


def _insert_in_head(dice: random.Random, raw: bytes) -> bytes:
    at = dice.randint(0, max(0, raw.find(b"\r\n\r\n")))
    return raw[:at] + dice.choice(TOKENS) + raw[at:]


def _flip(dice: random.Random, raw: bytes) -> bytes:
    changed = bytearray(raw)
    for _ in range(dice.choice((1, 5, 50))):
        if changed:
            changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def _repeat(dice: random.Random, raw: bytes) -> bytes:
    at, size = dice.randint(0, len(raw)), dice.choice((5, 50, 500))
    return raw[:at] + raw[at : at + size] * dice.choice((2, 3, 20)) + raw[at + size :]


def _splice(dice: random.Random, raw: bytes) -> bytes:
    other = dice.choice(seeds())
    return raw[: dice.randint(0, len(raw))] + other[dice.randint(0, len(other)) :]


def _swap_lines(dice: random.Random, raw: bytes) -> bytes:
    lines = raw.split(b"\n")
    one, two = dice.randrange(len(lines)), dice.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one]
    return b"\n".join(lines)


def _line_ends(dice: random.Random, raw: bytes) -> bytes:
    return raw.replace(b"\r\n", dice.choice((b"\n", b"\r", b"\r\r\n", b"\n\r")))


def _recode(dice: random.Random, raw: bytes) -> bytes:
    name = dice.choice(
        (b"utf-7", b"utf-16", b"iso-2022-jp", b"gb2312", b"x-nonsense", b"unicode", b"idna", b"\0")
    )
    return raw.replace(b"utf-8", name)


_WAYS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    _cut, _drop, _insert, _insert, _insert_in_head, _flip, _repeat, _splice, _swap_lines, _line_ends, _recode,
)  # fmt: skip
