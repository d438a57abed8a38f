"""One look-up per mail: everything the rules may want, capped."""

from __future__ import annotations

import hashlib

from maild.app.lookup import approval_tokens, desk_address, keys_of
from maild.mail.own_ids import Signer
from maild.model import DeliveryReport, Mailbox
from maild.settings import DeskSettings, Settings
from tests.unit.factory import HELP, envelope, mail
from threading_rules.view import MAX_IDS

SIGNER = Signer(b"0123456789abcdef0123456789abcdef", "desk.example")
SETTINGS = Settings(desk=DeskSettings(address=HELP, aliases=("support@desk.example",)))
TOKEN = "abcdefghijklmnopqrstuvwxyz"


def test_ids_stand_nearest_first_and_a_reports_original_before_all() -> None:
    found = keys_of(
        mail(
            in_reply_to=("<b@x>",),
            references=("<root@x>", "<a@x>", "<b@x>"),
            report=DeliveryReport("dsn", "<sent@desk.example>"),
        ),
        envelope(),
        SETTINGS,
    )
    assert found.message_ids == (
        "<sent@desk.example>", "<b@x>", "<a@x>", "<root@x>", "<new@acme.example>",
    )  # fmt: skip
    assert found.own_message_id == "<new@acme.example>"


def test_a_long_references_field_keeps_its_ends() -> None:
    references = tuple(f"<{n}@x>" for n in range(5000))
    ids = keys_of(mail(references=references), envelope(), SETTINGS).message_ids
    assert len(ids) == MAX_IDS + 2  # with the oldest and the mail's own
    assert ids[0] == "<4999@x>"
    assert ids[-2:] == ("<0@x>", "<new@acme.example>")


def test_numbers_of_tags_bare_ones_tokens_and_reply_addresses() -> None:
    found = keys_of(
        mail(
            subject="[#5] and #6",
            in_reply_to=(SIGNER.message_id(7, "x"),),
            to=(Mailbox(SIGNER.reply_address(HELP, 8)),),
        ),
        envelope(rcpt_to=(SIGNER.reply_address(HELP, 9),)),
        SETTINGS,
    )
    assert set(found.numbers) == {5, 6, 7, 8, 9}


def test_no_sender_is_no_key() -> None:
    assert keys_of(mail(None), envelope(), SETTINGS).sender is None


def test_thread_index_asks_for_its_own_and_for_those_of_the_mails_before() -> None:
    def keys(index: str | None) -> tuple[str, ...]:
        return keys_of(mail(thread_index=index), envelope(), SETTINGS).keys

    assert keys("AB" * 22) == (f"thread-index:{'ab' * 22}",)
    answer = keys("ab" * 32)
    assert answer == tuple(f"thread-index:{'ab' * length}" for length in (32, 27, 22))
    deep = keys("ab" * (22 + 5 * 300))
    assert len(deep) == 13
    assert deep[-1] == keys("ab" * 22)[0]
    assert keys("ab" * 21) == keys(None) == ()


def test_approval_tokens_with_their_best_place() -> None:
    other = "zyxwvutsrqponmlkjihgfedcba"
    answer = mail(
        text=f"yes\n> Reference: maild-{TOKEN.upper()}\n> maild-{other}",
        in_reply_to=(SIGNER.message_id(15789, TOKEN),),
    )
    assert approval_tokens(answer, envelope()) == ((TOKEN, "in-reply-to"), (other, "body"))
    hashes = keys_of(answer, envelope(), SETTINGS).token_hashes
    assert hashes[0] == hashlib.sha256(TOKEN.encode()).hexdigest()


def test_approval_token_in_the_reply_address() -> None:
    to = (Mailbox(f"help+{TOKEN}@desk.example"),)
    assert approval_tokens(mail(to=to), envelope()) == ((TOKEN, "to"),)


def test_text_that_only_looks_like_a_token_is_none() -> None:
    assert approval_tokens(mail(text=f"maild-{TOKEN}x xmaild-{TOKEN} {TOKEN}"), envelope()) == ()


def test_desk_address_from_envelope_then_header_then_delivery() -> None:
    to_support = (Mailbox("support@desk.example"),)
    assert (
        desk_address(mail(), envelope(rcpt_to=("support+x@desk.example",)), SETTINGS)
        == "support@desk.example"
    )
    assert desk_address(mail(to=to_support), envelope(rcpt_to=()), SETTINGS) == "support@desk.example"
    hidden = mail(to=(), headers={"Delivered-To": "<support@desk.example>"})
    assert desk_address(hidden, envelope(rcpt_to=()), SETTINGS) == "support@desk.example"
    assert desk_address(mail(to=()), envelope(rcpt_to=()), SETTINGS) == HELP


def test_letters_that_only_look_like_a_tokens_ask_for_nothing_and_break_nothing() -> None:
    long_s, kelvin = "\u017f" * 26, "abcdefghijklmnopqrstuvwxy\u212a"
    assert keys_of(mail(text=f"{long_s} {kelvin}"), envelope(), SETTINGS).token_hashes == ()


def test_a_token_among_other_words_is_asked_for() -> None:
    asked = keys_of(mail(text=f"see ({TOKEN}), please"), envelope(), SETTINGS).token_hashes
    assert asked == (hashlib.sha256(TOKEN.encode()).hexdigest(),)
