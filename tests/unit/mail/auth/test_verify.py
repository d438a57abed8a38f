"""Signatures that hold and do not: each form and algorithm, keys in rows, times that count from the reception."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from maild.mail.auth.block import block_of
from maild.mail.auth.canonical import CanonicalMail
from maild.mail.auth.signatures import Signature, signatures
from maild.mail.auth.verify import verify
from tests.consent import keys
from tests.timing import takes_less

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
RAW = (
    b"Received: from a\r\n\tby b\r\nFrom: Anna <anna@acme.example>\r\nTo: help@desk.example\r\n"
    b"Subject: A  folded\r\n\t subject\r\nDate: Mon, 2 Nov 2026 09:30:00 +0000\r\n\r\nOne  line \r\n\r\nanother\r\n\r\n\r\n"
)
KEY = "s1._domainkey.acme.example"


def parted(raw: bytes) -> tuple[CanonicalMail, Signature]:
    head = raw[: raw.index(b"\r\n\r\n") + 2] if b"\r\n\r\n" in raw else raw[: raw.index(b"\n\n") + 1]
    return CanonicalMail(raw, head), signatures(block_of(head))[0]


def code(raw: bytes, *records: bytes, at: datetime = AT) -> str:
    letter, signature = parted(raw)
    failed = verify(letter, signature, {KEY: records}, at)
    return failed.code if failed else "holds"


@pytest.mark.parametrize("head", [b"simple", b"relaxed"])
@pytest.mark.parametrize("body", [b"simple", b"relaxed"])
def test_each_form_that_another_program_signed_holds(head: bytes, body: bytes) -> None:
    raw = keys.sign(RAW, canonical=(head, body))
    assert code(raw, keys.strong().record, at=datetime.now(UTC)) == "holds"
    assert (
        code(raw.replace(b"another", b"one more"), keys.strong().record, at=datetime.now(UTC)) == "dkim-fail"
    )
    assert code(raw.replace(b"Anna", b"Boss"), keys.strong().record, at=datetime.now(UTC)) == "dkim-fail"


def test_a_mail_stored_with_line_feeds_alone_holds_too() -> None:
    raw = keys.sign(RAW).replace(b"\r\n", b"\n")
    assert code(raw, keys.strong().record, at=datetime.now(UTC)) == "holds"


def test_a_second_from_breaks_a_signature() -> None:
    raw = keys.sign(RAW)
    assert (
        code(b"From: boss@acme.example\r\n" + raw, keys.strong().record, at=datetime.now(UTC)) == "dkim-fail"
    )


def test_each_row_at_the_keys_name_is_tried() -> None:
    raw, now = keys.sign(RAW), datetime.now(UTC)
    assert code(raw, b"v=spf1 -all", keys.strong().record, at=now) == "holds"
    assert code(raw, keys.strangers().record, keys.strong().record, at=now) == "holds"
    assert code(raw, keys.strangers().record, b"v=DKIM1; p=", at=now) == "dkim-fail"


def signed_by_hand(extra: bytes = b"") -> bytes:
    """An Ed25519 signature (RFC 8463), which dkimpy makes only with another library."""
    letter = CanonicalMail(RAW, RAW[: RAW.index(b"\r\n\r\n") + 2])
    bh = base64.b64encode(letter.body_hash("relaxed"))
    field = (
        b"DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=acme.example; s=s1; h=from:subject:date:from;"
        b" bh=" + bh + extra + b"; b="
    )
    raw = field + b"\r\n" + RAW
    letter, signature = (
        CanonicalMail(raw, raw[: raw.index(b"\r\n\r\n") + 2]),
        ("from", "subject", "date", "from", "from"),
    )
    value = PRIVATE.sign(letter.header_hash("relaxed", signature, 0))
    return field + base64.b64encode(value) + b"\r\n" + RAW


PRIVATE = ed25519.Ed25519PrivateKey.from_private_bytes(b"\7" * 32)
PUBLIC = PRIVATE.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
ED25519 = b"v=DKIM1; k=ed25519; p=" + base64.b64encode(PUBLIC)


def test_ed25519_holds() -> None:
    assert code(signed_by_hand(), ED25519) == "holds"
    assert code(signed_by_hand().replace(b"folded", b"bolder"), ED25519) == "dkim-fail"
    assert code(signed_by_hand(), keys.strong().record) == "dkim-no-key"


def test_a_signature_ends_by_the_time_of_reception_not_of_the_check() -> None:
    ends = b"; t=%d; x=%d" % (AT.timestamp(), AT.timestamp() + 600)
    raw = signed_by_hand(ends)
    assert code(raw, ED25519, at=AT + timedelta(minutes=10)) == "holds"
    assert code(raw, ED25519, at=AT + timedelta(minutes=20)) == "dkim-expired"
    assert code(raw, ED25519, at=AT - timedelta(days=1)) == "dkim-in-future"


@pytest.mark.parametrize(
    ("tag", "found"),
    [
        (b"; i=@mail.acme.example", "holds"),
        (b"; i=@acme.example.evil.example", "dkim-malformed"),
        (b"; q=dns/txt", "holds"),
        (b"; q=other", "dkim-malformed"),
        (b"; t=soon", "dkim-malformed"),
        (b"; l=4", "dkim-l"),
    ],
)
def test_what_stands_in_a_signature_must_be_known(tag: bytes, found: str) -> None:
    assert code(signed_by_hand(tag), ED25519) == found


def test_a_strict_key_is_for_its_own_domain() -> None:
    strict = ED25519 + b"; t=s"
    assert code(signed_by_hand(), strict) == "holds"
    assert code(signed_by_hand(b"; i=@mail.acme.example"), strict) == "dkim-key-not-for-mail"


def test_a_giant_key_costs_nothing() -> None:
    numbers = rsa.RSAPublicNumbers((1 << 500_000) | 1, (1 << 524_287) | 1)
    try:
        der = numbers.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    except ValueError:  # the library refuses to make it: by hand then
        der = b"\x30\x83\x02\x00\x00" + b"\xff" * 131_072
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(der)
    signed, now = keys.sign(RAW), datetime.now(UTC)
    assert code(signed, *[record] * 5, at=now) == "dkim-no-key"
    takes_less(0.5, lambda: code(signed, *[record] * 5, at=now), "a key of half a million bits")


def test_dkimpy_still_agrees_with_what_we_take() -> None:
    raw = keys.sign(RAW)
    assert dkim.verify(raw, dnsfunc=lambda name, timeout=5: keys.strong().record)


def test_a_key_of_512_bits_proves_nothing() -> None:
    raw = keys.sign(RAW, key=keys.weak())
    assert code(raw, keys.weak().record, at=datetime.now(UTC)) == "dkim-weak-key"
