"""The canonical forms of RFC 6376 are those of an independent implementation, and cost what the mail's size says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from dkim.canonicalization import Relaxed, Simple
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.auth.canonical import CanonicalMail, relaxed_body, relaxed_field, simple_body, without_b
from tests.cases import cases
from tests.timing import grows_as_its_size

#: RFC 6376, 3.4.5
BODY = b" C \r\nD \t E\r\n\r\n\r\n"


def test_the_example_of_the_rfc() -> None:
    assert relaxed_body(BODY) == b" C\r\nD E\r\n"
    assert simple_body(BODY) == b" C \r\nD \t E\r\n"
    assert relaxed_field(b"A", b" X") == b"a:X"
    assert relaxed_field(b"B ", b" Y\t\r\n\tZ  ") == b"b:Y Z"


def test_an_empty_body_is_nothing_when_relaxed_and_a_line_end_when_simple() -> None:
    assert relaxed_body(b"") == relaxed_body(b"\r\n\r\n") == b""
    assert simple_body(b"") == simple_body(b"\r\n\r\n") == b"\r\n"


pieces = st.lists(st.sampled_from([b" ", b"\t", b"\r\n", b"\r", b"a", b"bc", b"  ", b"\r\r\n"]), max_size=30)


@given(pieces)
def test_bodies_are_canonical_as_dkimpy_says(parts: list[bytes]) -> None:
    body = b"".join(parts) + b".\r\n"
    assert relaxed_body(body) == Relaxed.canonicalize_body(body)
    assert simple_body(body) == Simple.canonicalize_body(body)


@given(st.lists(st.sampled_from([b" ", b"\t", b"\r\n ", b"\r\n\t", b"a", b"bc"]), max_size=30))
def test_fields_are_canonical_as_dkimpy_says(parts: list[bytes]) -> None:
    value = b"".join(parts)
    [(name, theirs)] = Relaxed.canonicalize_headers([(b"SubJect", value)])
    assert relaxed_field(b"SubJect", value) + b"\r\n" == name + b":" + theirs


@pytest.mark.parametrize(
    ("value", "emptied"),
    [
        (b"v=1; b=AbC\r\n dE=", b"v=1; b="),
        (b" b=x; bh=yb=z", b" b=; bh=yb=z"),
        (b"v=1;\r\n\tb = x y ;d=a", b"v=1;\r\n\tb =;d=a"),
        (b"v=1; bh=b", b"v=1; bh=b"),
    ],
)
def test_only_the_value_of_b_is_left_out(value: bytes, emptied: bytes) -> None:
    assert without_b(value) == emptied


MEGABYTE = 1_000_000


@cases(
    "body",
    [
        b" " * MEGABYTE,
        b" " * MEGABYTE + b"x",
        b" \t" * (MEGABYTE // 2) + b"x\r\n",
        b" x" * (MEGABYTE // 2),
        b"  x" * (MEGABYTE // 3),
        b"\r\n" * (MEGABYTE // 2),
        b"\r" * MEGABYTE,
        b"\r\r\n" * (MEGABYTE // 3),
        b" \r\n" * (MEGABYTE // 3),
        (b" " * 1_000 + b"\r") * (MEGABYTE // 1_001),
    ],
    ids=lambda body: repr(body[:8]),
)
@cases("make", [relaxed_body, simple_body])
def test_a_megabyte_of_anything_is_canonical_at_once(make: Callable[[bytes], object], body: bytes) -> None:
    def making(size: int) -> Callable[[], object]:
        part = body[-size:]
        return lambda: make(part)

    grows_as_its_size(making, MEGABYTE // 8)


@cases(
    "head",
    [
        lambda n: b"DKIM-Signature: b=x" + b"\r\n " * (5 * n) + b"\r\n",
        lambda n: b"DKIM-Signature: b=x\r\nA:" + b" " * (15 * n) + b"x\r\n",
        lambda n: b"DKIM-Signature: " + b";" * (15 * n) + b"b=x\r\n",
        lambda n: b"DKIM-Signature: b=x\r\n" + b"A: b\r\n" * (2 * n),
    ],
    ids=["folds", "blanks", "tags", "fields"],
)
@cases("form", ["simple", "relaxed"])
def test_a_megabyte_of_header_is_hashed_at_once(form: str, head: Callable[[int], bytes]) -> None:
    def hashing(count: int) -> Callable[[], object]:
        raw, names = head(count), tuple(f"x{n}" for n in range(count)) + ("a",) * count
        return lambda: CanonicalMail(raw, raw).header_hash(form, names, 0)

    grows_as_its_size(hashing, 5_000)
