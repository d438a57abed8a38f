"""Which "ids" of a mail are persons' addresses: in form, in fact, and by the words around them."""

from __future__ import annotations

from dataclasses import replace
from email.message import Message

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.named_persons import in_form, named_persons, possible_addresses
from maild.mail.parse import parse_mail
from maild.model import Mail
from tests.cases import cases

ID = "<a1@m.example>"


def written(in_reply_to: str = "", references: str = "", **fields: str) -> Mail:
    """The mail as parsed from its bytes."""
    block = Message()
    block["From"] = fields.pop("sender", "cecil@acme.example")
    block["To"] = "help@desk.example"
    block["Subject"] = "Re: Payroll"
    for name, value in fields.items():
        block[name.replace("_", "-")] = value
    text = "".join(f"{name}: {value}\n" for name, value in block.items())
    if in_reply_to:
        text += f"In-Reply-To: {in_reply_to}\n"
    if references:
        text += f"References: {references}\n"
    return parse_mail(f"{text}\nThe run stopped.\n".encode())


def left(in_reply_to: str = "", references: str = "", **fields: str) -> set[str]:
    """The ids that are taken for ids."""
    mail = written(in_reply_to, references, **fields)
    return {*mail.in_reply_to, *mail.references} - named_persons(mail)


@cases(
    ("value", "ids"),
    [
        # RFC 822's phrases, as MH, exmh, VM, elm, Pine and others wrote them
        ('Message from Bela Nagy <bela@acme.example> of "Mon, 02 Nov 2026 09:00:00 +0100." <a1@m.example>', {ID}),
        ('Message from Bela Nagy <bela.nagy75@acme.example> of "Mon, 02 Nov 2026 09:00" <a1@m.example>', {ID}),
        ('Your message of "Mon, 02 Nov 2026 09:00:00 +0100." <a1@m.example>', {ID}),
        ("<87wv1x@m.example> (Bela Nagy's message of \"Mon, 02 Nov 2026\")", {"<87wv1x@m.example>"}),
        ("Bela Nagy <bela75@acme.example>'s message of \"Mon, 02 Nov 2026 09:00:00 +0100\"", set()),
        ("Bela Nagy's message of 02 Nov 1998 <m3abc9@m.example>", {"<m3abc9@m.example>"}),
        ("<199811020900.KAA1@m.example> from \"Bela Nagy\" at Nov 2, 98 09:00:00 am", {"<199811020900.KAA1@m.example>"}),
        ("Mail from 'Bela <bela3@acme.example>' dated: Mon, 2 Nov 1998", set()),
        ("Nachricht von Béla Nagy <bela7@acme.example> vom 2.11.2026 <x9@m.example>", {"<x9@m.example>"}),
        ("from bela@acme.example at Nov 2, 98 09:00:00 am", set()),
        ("Message from bela75@acme.example of Mon, 02 Nov 2026", set()),
        ("<bela@acme.example>", set()),
        ("<bela.nagy@acme.example> <a1@m.example>", {ID}),
        ("<NagyBela@acme.example>", set()),
        ("<o'neill-smith@acme.example>", set()),
        ("<nagy.béla@acme.example>", set()),
        ("<Anna>", set()),
        # ids of every make
        ("<CAF+4x9tZ=abc@mail.gmail.com>", {"<CAF+4x9tZ=abc@mail.gmail.com>"}),
        ("<YSvSxYdqWabCdEfG@acme.example>", {"<YSvSxYdqWabCdEfG@acme.example>"}),
        ("<VI1PR04MB.eurprd04.prod.outlook.com>", {"<VI1PR04MB.eurprd04.prod.outlook.com>"}),
        ("<kxmjzlyhwqnoyyfvqqtkbvczqshdmnaouwpl@x.example>", {"<kxmjzlyhwqnoyyfvqqtkbvczqshdmnaouwpl@x.example>"}),
        ("<c02a@acme.example>", {"<c02a@acme.example>"}),
    ],
)  # fmt: skip
def test_an_id_is_what_stands_in_brackets_and_is_no_person(value: str, ids: set[str]) -> None:
    assert left(value) == ids
    assert left("", value) == ids


@pytest.mark.parametrize("field", ["Cc", "Reply_To", "Sender", "Return_Path", "Resent_From", "Errors_To"])
def test_an_address_of_this_mail_is_no_id(field: str) -> None:
    assert left("<b17@acme.example>", **{field: "Bela <b17@ACME.example>"}) == set()
    assert left("<b17@acme.example>") == {"<b17@acme.example>"}


def test_the_writer_of_the_mail_is_no_id() -> None:
    assert left("<c4@acme.example> <x1@m.example>", sender="Cecil <c4@acme.example>") == {"<x1@m.example>"}


def test_only_what_may_be_an_address_with_digits_is_asked_for_among_contacts() -> None:
    mail = written(
        "<bela75@Acme.example> <20261102090000.12345@m.example> <CAF+4x9tZ1=ab@x.example> <bela@a.example>"
    )
    assert possible_addresses(mail) == ("bela75@acme.example",)


def test_nothing_named_is_nobody() -> None:
    assert named_persons(written()) == frozenset()


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_fields_are_read_without_an_error(in_reply_to: str, references: str) -> None:
    mail = parse_mail(
        f"From: a@b.example\nIn-Reply-To: {in_reply_to}\nReferences: {references}\n\nx".encode(
            "utf-8", "replace"
        )
    )
    assert named_persons(mail) <= {*mail.in_reply_to, *mail.references}
    assert all("@" in one for one in possible_addresses(mail))


def test_ten_thousand_names_cost_no_more_than_sixty() -> None:
    many = " ".join(f"from Bela <b{n}@acme.example>" for n in range(10_000))
    mail = replace(
        written("<a1@b.example>"),
        references=tuple(f"<b{n}@x>" for n in range(10_000)), headers=(("References", many),),
    )  # fmt: skip
    assert len(named_persons(mail)) < 1000


@cases("local", ["a1", "CAFx", "anna", "x" * 33, "a.b-c_d", "", ".", "a..b", "YSvSxYdqWabC"])
def test_form_alone(local: str) -> None:
    expected = local in ("CAFx", "anna", "a.b-c_d")
    assert in_form(f"<{local}@acme.example>") is expected
