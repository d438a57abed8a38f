"""Machines that hide and persons who look like machines, each kind in several languages."""

from __future__ import annotations

import pytest

from maild.mail.guard import GuardContext, judge
from maild.mail.guard.automatic import is_another_desks
from maild.mail.parse import parse_mail
from tests.cases import cases
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


ABSENCES = [
    ("Anna Kiss is out of the office.", "I will be out of the office until 09.11. Is it urgent? Call Peter."),
    ("Anna Kiss ist außer Haus.", "Ich kehre zurück am 09.11. Dringend? Bitte an Peter wenden."),
    ("Kiss Anna nincs az irodában.", "2026.11.02-től nem leszek az irodában. Sürgős? Hívja Pétert."),
    ("Anna Kiss is afwezig.", "Ik ben afwezig tot 09-11. Dringende vraag? Bel Peter."),
    ("Anna Kiss est absente.", "Je serai absente jusqu'au 9. Une question ? Écrivez à Peter."),
    ("Abwesenheitsnotiz: [#1001] Drucker?", "Ich bin bis 9.11. nicht da. Noch Fragen?"),
    ("Out of Office Re: [#1001] Can you print?", "I'm away. Questions? Call 12."),
    ("Afwezigheidsbericht: [#1001] Printer?", "Ik ben er niet. Vragen?"),
    ("Vacation", "I am on vacation until Monday. Is it urgent? Contact peter@acme.example"),
]


@cases(("subject", "text"), ABSENCES)
def test_absences_without_a_mark_are_known_by_what_no_person_writes(subject: str, text: str) -> None:
    found = judge(mail(sender="Anna Kiss <anna@acme.example>", subject=subject, text=text), envelope(), CTX)
    assert found is not None
    assert found.kind == "auto_reply"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Peter Nagy is out of the office", "Please move his mails to me until Monday."),
        ("Anna Kiss", "I will be out of the office tomorrow, can you come on Wednesday?"),
        ("Re: [#1001] Printer", "I am out of the office until Monday. Can it wait?"),
        ("Abwesenheitsnotiz", "Wie stelle ich eine Abwesenheitsnotiz ein? Ich bin im Urlaub ab Montag."),
        ("Vacation calendar", "I am on vacation next week. Can you show me how to share it?"),
    ],
)
def test_who_writes_of_an_absence_is_a_person(subject: str, text: str) -> None:
    assert (
        judge(mail(sender="Anna Kiss <anna@acme.example>", subject=subject, text=text), envelope(), CTX)
        is None
    )


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Re: [#1001] Printer - Undeliverable", "The address had permanent errors:\n 550 5.1.1 user unknown"),
        ("Re: [#1001] Drucker (Unzustellbar)", "bob@acme.example: 550 5.1.1 unbekannt"),
        ("AW: [#1001] Drucker | Zustellung fehlgeschlagen", "Die Mail konnte nicht zugestellt werden."),
        ("RE: [#1001] Nyomtató: kézbesítés nem sikerült", "A levél nem kézbesíthető: 550 "),
    ],
)
def test_a_reports_name_at_the_end_of_the_subject_counts_beside_a_mail_systems_sender(
    subject: str, text: str
) -> None:
    found = judge(mail(sender="post_master@gw.acme.example", subject=subject, text=text), envelope(), CTX)
    assert found is not None
    assert found.kind == "bounce"
    assert judge(mail(sender="Anna <anna@acme.example>", subject=subject, text=text), envelope(), CTX) is None


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


@cases(
    "text",
    [
        "Anna reacted to your message. Give Eva admin rights!",
        "Anna reacted to your message, call me now",
        "Anna reacted to your message call me now",
        "I liked your message. It still jams.",
        "Peter reacted to your message. I disagree.",
        "I reacted to your mail yesterday: it still jams.",
        "Anna hat auf Ihre Mail reagiert, rufen Sie mich an.",
        "Anna heeft gereageerd op je bericht. Bel mij.",
        "Anna a réagi à votre message : il ne marche pas",
        "Anna reagált az üzenetedre, hívjanak fel.",
        "👍 call me",
        "Liked your mail. Printer is dead again.",
        'Loved "it works" - it does not.',
        'Liked "closed". Open it again!',
        "Anna liked the laptop, please order it.",
    ],
)
def test_who_says_more_than_that_somebody_reacted_is_a_person(text: str) -> None:
    for subject in ("Re: [#1001] Printer", "[#1001] Printer"):
        assert judge(mail(subject=subject, new_text=text, text=text), envelope(), CTX) is None, text


def test_words_below_a_subject_that_tells_of_a_reaction_are_a_persons() -> None:
    for text, machine in (("👍 [#1001] Printer", True), ("👍", True), ("Give Eva admin rights", False)):
        found = judge(mail(subject="Anna reacted to your message", new_text=text, text=text), envelope(), CTX)
        assert (found is not None) is machine, text


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


#: (subject, text, more fields): who asks, in a mail that answers nothing, is a person
ASKERS = [
    ("Szabadság", "Szabadságon leszek jövő héten, kérem, tegyék át a látogatást.", ""),
    ("Vacation", "I'm on vacation next week, please move the visit to Monday.", ""),
    ("Urlaub: Termin", "Ich bin im Urlaub, bitte verschieben Sie den Termin.", ""),
    (
        "Out of office for Anna",
        "She is on vacation until Monday.",
        "X-Auto-Response-Suppress: DR, OOF, AutoReply\n",
    ),
    ("Abwesenheitsnotiz einrichten", "Für Anna, sie ist im Urlaub.", "X-Auto-Response-Suppress: All\n"),
    (
        "Mail delivery failed: what is this",
        "I get this:\n\nThis message was created automatically by mail delivery",
        "",
    ),
]
#: (subject, text): answers to a mail of ours that say what they are
ANSWERS = [
    ("Re: [#1001] Printer", "*** This is an automatic reply ***\nI am away until 9 November."),
    ("AW: [#1001] Drucker", "Dies ist eine automatische Antwort. Ich bin bis 9.11. nicht da."),
    ("Re: [#1001] Printer", "Dit is een automatisch bericht. Wij zijn gesloten."),
    ("Re: [#1001] Nyomtató", "Ez egy automatikus üzenet. Hétfőn jövök."),
    ("Re: [#1001] Imprimante", "Ceci est un message automatique. Nous sommes fermés."),
    ("Abwesenheitsnachricht", "Ich lese zurzeit keine E-Mails."),
    ("Anna Kiss/Acme is out of the office.", "I will not return until 11/09/2026."),
]


def _letter(subject: str, text: str, more: str = "") -> bytes:
    return (
        f"From: Anna Kiss <anna@acme.example>\nTo: {HELP}\nSubject: {subject}\n{more}MIME-Version: 1.0\n"
        f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n"
    ).encode()


@pytest.mark.parametrize(("subject", "text", "more"), ASKERS)
def test_who_asks_for_something_is_a_person(subject: str, text: str, more: str) -> None:
    assert judge(parse_mail(_letter(subject, text, more)), envelope(), CTX) is None


@pytest.mark.parametrize(("subject", "text"), ANSWERS)
def test_an_answer_that_says_that_it_is_automatic_is(subject: str, text: str) -> None:
    found = judge(parse_mail(_letter(subject, text, "In-Reply-To: <1.a@desk.example>\n")), envelope(), CTX)
    assert found is not None
    assert found.kind == "auto_reply"


def test_a_person_may_speak_of_an_automatic_reply() -> None:
    text = "Your automatic reply reached me.\nThis is an automatic door, by the way, and it is stuck."
    raw = _letter("Re: [#1001] Door", text, "In-Reply-To: <1.a@desk.example>\n")
    assert judge(parse_mail(raw), envelope(), CTX) is None
