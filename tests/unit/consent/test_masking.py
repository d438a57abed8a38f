"""Tokens of approval mails in what is shown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from maild.app.automatic_mail import filed_by_hand
from maild.app.handle_mail import decide
from maild.consent.hiding import hide, token_hash
from maild.consent.masking import hidden, shown
from maild.mail.own_ids import Signer
from maild.mail.parse import parse_mail
from maild.model import AuthResult, ConsentFacts, FileMail, Notice, Plan, SendNotice, TokenFacts
from maild.settings import CalendarSettings, Settings
from maild.ticket.phases import ConsentState, Phase
from maild.ticket.vocabulary import ConsentKind
from tests.unit.factory import NOW, envelope, facts, mail, ticket

SETTINGS = Settings(calendars={"office": CalendarSettings("office")})
LATER = NOW + timedelta(days=3)
TOKEN = "abcdefghijklmnopqrstuvwxyz"
SIGNER = Signer(b"k" * 32, "desk.example")


@pytest.mark.parametrize("shape", ["{}", "In-Reply-To: {}\r\nx", "('{}',)", "unknown-ids: {}; {}"])
def test_nothing_of_an_approval_mails_message_id_is_shown(shape: str) -> None:
    message_id = SIGNER.message_id(1001, TOKEN)
    for spelled in (message_id, message_id.upper()):
        shown = hide(shape.format(spelled, spelled))
        assert "[token]" in shown
        signature = spelled.split(".")[3].partition("@")[0]
        assert signature not in shown
        assert "desk.example" not in shown.lower()


def test_what_holds_no_token_is_shown_as_it_is() -> None:
    for text in (
        SIGNER.message_id(1001, "n1"),
        SIGNER.root_id(1001),
        "help+1001.abc@desk.example",
        "<x@y.example>",
    ):
        assert hide(text) == text


def test_reference_line_and_reply_address_lose_their_token() -> None:
    assert hide(f"Reference: maild-{TOKEN}.") == "Reference: maild-[token]."
    assert hide(f"help+{TOKEN}@desk.example") == "help+[token]@desk.example"


def test_mail_that_an_agent_files_shows_no_token_that_it_quotes() -> None:
    said = f"> Reference: maild-{TOKEN}"
    found = parse_mail(f"From: boss@acme.example\r\nSubject: x\r\n\r\nSee below.\r\n{said}\r\n".encode())
    (filed,) = filed_by_hand(7, "bounce", "boss@acme.example", found, 1001, "kata").changes
    assert isinstance(filed, FileMail)
    assert TOKEN in found.text
    assert TOKEN not in repr(filed)


@pytest.mark.parametrize("said", ["Reference: maild-{}", "> maild-{}", "it says {} below"])
def test_nothing_that_follows_from_a_mail_shows_the_open_token_that_it_quotes(said: str) -> None:
    token = TokenFacts(token_hash(TOKEN), 1, "boss@acme.example", SIGNER.message_id(15789, TOKEN), LATER)
    held = ConsentFacts(
        1, 15789, ConsentKind.PERMISSION, ConsentState.WAITING, NOW, LATER, ("boss@acme.example",), "anna@acme.example",
        "0" * 64, "Access for Bob", "dmarc", Phase.RECEIVED, (token,),
    )  # fmt: skip
    quoting = mail("anna@acme.example", "Re: [#15789] Access", f"Is this it?\n\n{said.format(TOKEN)}")
    known = facts(ticket(phase=Phase.AWAITING_APPROVAL), consents={1: held}, tokens={token.token_hash: token})
    plan = decide(
        quoting,
        envelope("anna@acme.example"),
        known,
        AuthResult("none"),
        SETTINGS,
        SIGNER,
        NOW,
        nonce=lambda: "b" * 64,
    )
    assert plan.changes
    assert TOKEN not in repr(plan)


def test_letters_that_only_fold_to_those_of_a_token_hide_none() -> None:
    """A long s and a Kelvin sign are an s and a k to whoever compares without regard to case."""
    for other in (TOKEN.replace("s", "\N{LATIN SMALL LETTER LONG S}"), TOKEN.replace("k", "\N{KELVIN SIGN}")):
        assert hide(f"help+{other}@desk.example") == "help+[token]@desk.example"


def test_a_mail_tells_of_its_own_id_unless_it_is_a_tokens() -> None:
    plain = mail(message_id="<x@y.example>")
    assert shown(plain).message_id == shown(plain, {"h"}).message_id == "<x@y.example>"
    back = shown(mail(message_id=SIGNER.message_id(1001, TOKEN)))
    assert back.message_id is not None
    assert "[token]" in back.message_id
    assert shown(mail(message_id=None)).message_id is None


def test_what_goes_out_names_no_approval_mail_but_other_mails() -> None:
    ours, plain = SIGNER.message_id(1001, TOKEN), "<x@y.example>"
    for answered, kept in ((ours, None), (plain, plain), (None, None)):
        notice = Notice("received", 1, (), "en", {}, in_reply_to=answered, references=(plain, ours))
        (change,) = hidden(Plan((SendNotice(notice),))).changes
        assert isinstance(change, SendNotice)
        assert (change.notice.in_reply_to, change.notice.references) == (kept, (plain,))


def test_of_bare_words_of_a_tokens_form_only_known_tokens_are_hidden() -> None:
    other = TOKEN[::-1]
    assert hide(f"{TOKEN} and {other}", {token_hash(TOKEN)}) == f"[token] and {other}"
    assert hide(f"{TOKEN.upper()} and {other}", {token_hash(TOKEN)}) == f"[token] and {other}"
