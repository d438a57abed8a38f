"""Signed ids: only ours verify, and nothing raises on what a mail may hold."""

from __future__ import annotations

import re
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.own_ids import Signer, claimed_address_number, claimed_number, nonce_of, subaddress

SIGNER = Signer(b"0123456789abcdef0123456789abcdef", "Desk.Example")
NUMBERS = st.integers(1, 10**18 - 1)


@given(NUMBERS, st.from_regex(r"\A[a-z0-9]{1,64}\Z"))
def test_our_ids_verify_to_their_ticket(number: int, nonce: str) -> None:
    made = SIGNER.message_id(number, nonce)
    assert SIGNER.verify(made) == number
    assert SIGNER.verify(SIGNER.root_id(number)) == number
    assert claimed_number(made) == number
    assert nonce_of(made) == nonce
    assert Signer(b"another secret of enough bytes..", "desk.example").verify(made) is None


@given(NUMBERS, NUMBERS)
def test_a_signature_is_of_one_number_only(number: int, other: int) -> None:
    moved = SIGNER.root_id(number).replace(f".{number}.", f".{other}.", 1)
    assert SIGNER.verify(moved) == (number if other == number else None)


@given(NUMBERS)
def test_reply_addresses_verify_and_kinds_are_not_interchangeable(number: int) -> None:
    address = SIGNER.reply_address("help@desk.example", number)
    assert SIGNER.verify_reply_address(address) == number
    assert SIGNER.verify_reply_address(address.upper()) == number
    assert claimed_address_number(address) == number
    signature = subaddress(address).partition(".")[2]
    assert SIGNER.verify(f"<maild.{number}.{signature}@desk.example>") is None


@given(st.text(max_size=200))
def test_any_text_is_simply_not_ours(text: str) -> None:
    assert SIGNER.verify(text) is None
    assert SIGNER.verify(f"<{text}>") is None
    assert SIGNER.verify_reply_address(text) is None
    assert claimed_number(text) is None


def test_gateways_may_change_case_and_domain() -> None:
    made = SIGNER.message_id(15789, "x7k")
    assert SIGNER.verify(made.upper()) == 15789
    assert SIGNER.verify(made.replace("desk.example", "gw.acme.example")) == 15789


def test_every_bit_of_the_signature_counts() -> None:
    made = SIGNER.message_id(15789, "x7k")
    head, signature, tail = re.fullmatch(r"(<maild\.15789\.x7k\.)(\w{16})(@.*)", made).groups()  # type: ignore[union-attr]
    for place in range(16):
        letter = "a" if signature[place] != "a" else "b"
        assert SIGNER.verify(f"{head}{signature[:place]}{letter}{signature[place + 1 :]}{tail}") is None


def test_the_shape_has_dots_and_one_at_sign() -> None:
    made = SIGNER.message_id(15789, "x7k")
    assert re.fullmatch(r"<maild\.15789\.x7k\.[a-z2-7]{16}@desk\.example>", made)
    # SpamAssassin's MSGID_RANDY looks for a long run without dots before the @
    assert not re.fullmatch(r"<[a-z\d][a-z\d$-]{10,29}[a-z\d]@[a-z\d][a-z\d.]{3,12}[a-z\d]>", made)


@pytest.mark.parametrize("nonce", ["", "A", "a.b", "a" * 65, "a\n", "a@b"])
def test_a_bad_nonce_is_our_mistake(nonce: str) -> None:
    with pytest.raises(ValueError, match="nonce"):
        SIGNER.message_id(1, nonce)


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        Signer(b"short", "desk.example")


def test_another_process_signs_the_same() -> None:
    """Workers judge large mails: a signer goes to them as it is copied."""
    assert deepcopy(SIGNER).root_id(7) == SIGNER.root_id(7)
