"""Machines that hide and persons who look like machines, each kind in several languages."""

from __future__ import annotations

import pytest

from maild.mail.guard import GuardContext, judge
from maild.mail.guard.automatic import is_another_desks
from maild.mail.parse import parse_mail
from tests.unit.factory import HELP, envelope, mail

CTX = GuardContext(desk_addresses=(HELP,))


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (
            "AUTO: Kiss, Anna is out of the office. (returning 05/01/2027)",
            'I am out of the office until 05/01/2027. Note: This is an automated response to your message "Can you '
            'print?" sent on 04/01/2027.',
        ),
        (
            "AUTO: Anna Kiss ist außer Haus (Rückkehr am 05.01.2027)",
            "Ich bin bis 05.01.2027 nicht im Büro. Dies ist eine automatische Antwort auf „Drucken Sie?“",
        ),
        ("AUTO: Anna is niet op kantoor (terug op 05-01-2027)", "Ik ben afwezig tot 5 januari."),
        ("AUTO : Anna est absente (retour le 05/01/2027)", "Je suis absente jusqu'au 5 janvier."),
    ],
)
def test_notices_of_domino_are_automatic_whatever_they_repeat(subject: str, text: str) -> None:
    found = judge(mail(subject=subject, text=text), envelope(), CTX)
    assert found is not None
    assert found.kind == "auto_reply"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Out of office for Anna", "Could you set one? She is on vacation until Monday."),
        ("AUTO: the gate does not open", "The automatic gate is stuck, who can come?"),
    ],
)
def test_who_asks_about_absences_and_automata_is_a_person(subject: str, text: str) -> None:
    assert judge(mail(subject=subject, text=text), envelope(), CTX) is None


@pytest.mark.parametrize("local", ["post_master", "postmaster", "post-master"])
def test_a_gateway_that_pastes_its_dialogue_sends_a_bounce(local: str) -> None:
    text = "Error: Invalid user\n550 - no such user here\nMAIL FROM: help@desk.example\nRCPT TO: 1555@sms.example"
    found = judge(
        mail(subject="Re: [#1001] Printer", sender=f"{local}@sms.example", text=text), envelope(), CTX
    )
    assert found is not None
    assert found.kind == "bounce"


def test_a_postmaster_of_flesh_is_a_person() -> None:
    text = "Hello, since Monday we get a 550 from you. Which address may we write to?"
    assert (
        judge(mail(subject="Mail problem", sender="postmaster@acme.example", text=text), envelope(), CTX)
        is None
    )


def _raw(above: str, below: str = "") -> bytes:
    return (
        f"{above}Received: from mail.acme.example by forwarder.example; 2 Nov 2026 10:11:30 +0100\n"
        f"From: Anna <anna@acme.example>\nTo: help@desk.example\nSubject: Printer\n{below}\nIt is broken.\n"
    ).encode()


def test_precedence_that_a_hop_wrote_says_nothing_of_the_writer() -> None:
    above = "Delivered-To: help@desk.example\nPrecedence: bulk\nReceived: (forwarder 3); 2 Nov 2026 10:12:00 +0100\n"
    assert judge(parse_mail(_raw(above)), envelope(), CTX) is None
    own = judge(parse_mail(_raw("", "Precedence: bulk\n")), envelope(), CTX)
    assert own is not None
    assert own.reasons[0].code == "precedence"


@pytest.mark.parametrize(
    "text",
    [
        "👍\n\nAnna reacted via Gmail\n<https://www.google.com/gmail/about/>",
        "❤\n\nAnna reacted to your message:",
        "👍 Anna hat über Gmail reagiert",
        "Anna heeft gereageerd op je bericht",
        "🎉\n\nAnna a réagi à votre message",
        "Anna reagált az üzenetedre",
    ],
)
def test_a_reaction_is_recorded_and_nothing_more(text: str) -> None:
    found = judge(mail(subject="Re: [#1001] Printer", text=text), envelope(), CTX)
    assert found is not None
    assert (found.kind, found.reasons[0].code) == ("auto_reply", "reaction")


def test_who_writes_about_a_reaction_is_a_person() -> None:
    text = "Nobody reacted to your message about the printer, so I call now. It still jams in room 12."
    assert judge(mail(subject="Re: [#1001] Printer", text=text), envelope(), CTX) is None


DESKS = [
    ("X-Powered-BY", "Znuny (https://www.znuny.com/)"),
    ("X-Mailer", "Zammad Mail Service"),
    ("RT-Ticket", "acme #12"),
    ("X-GLPI-Ticket", "12"),
]


@pytest.mark.parametrize(("field", "value"), DESKS)
def test_marks_of_another_desk_alone_on_an_answer_leave_a_person(field: str, value: str) -> None:
    answer = mail(subject="Re: [#1001] Printer", in_reply_to=("<a@desk.example>",), headers=[(field, value)])
    verdict = judge(answer, envelope(), CTX)
    assert verdict is not None
    assert is_another_desks(verdict, answer, envelope())
    for more in (("Precedence", "bulk"), ("Auto-Submitted", "auto-generated")):
        loud = mail(subject="Re: x", in_reply_to=("<a@desk.example>",), headers=[(field, value), more])
        verdict = judge(loud, envelope(), CTX)
        assert verdict is not None
        assert not is_another_desks(verdict, loud, envelope())
    fresh = mail(subject="Printer", headers=[(field, value)])
    verdict = judge(fresh, envelope(), CTX)
    assert verdict is not None
    assert not is_another_desks(verdict, fresh, envelope())
