# ruff: noqa: E501
"""Answers written into the quoted mail, quotes that begin in rare ways, endings of letters: each law with what it must
leave alone."""

from __future__ import annotations

import pytest

from maild.mail.parse import parse_mail
from maild.model import Mail
from tests.cases import cases

DESK = ("help@desk.example",)
GMAIL = (
    '<br><div class="gmail_quote"><div class="gmail_attr">On Mon, Nov 2, 2026 at 10:11 AM Help Desk &lt;help@desk.example&gt; '
    'wrote:<br></div><blockquote class="gmail_quote">{}</blockquote></div>'
)
OUTLOOK = (
    '<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class=MsoNormal><b>{}:</b> Help Desk &lt;help@desk.example&gt;<br>'
    "<b>{}:</b> 02.11.2026 10:11<br><b>{}:</b> Anna<br><b>{}:</b> Printer</p></div>{}"
)


def read(text: str, *, html: bool = False, plain: str = "", answers: bool = True) -> Mail:
    parent = "In-Reply-To: <root.1@desk.example>\n" if answers else ""
    head = f"From: Anna Kiss <anna.kiss@acme.example>\nTo: help@desk.example\nSubject: Printer\nMIME-Version: 1.0\n{parent}"
    kind = "text/html" if html else "text/plain"
    one = f"Content-Type: {kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n"
    if plain:
        other = f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{plain}\n"
        one = f"Content-Type: multipart/alternative; boundary=b\n\n--b\n{other}--b\n{one}--b--\n"
    return parse_mail((head + one).encode(), desk_addresses=DESK)


COLOURED = {
    "told, Gmail": (
        "<div>See my answers in red.</div>"
        + GMAIL.format(
            '<div>Which room?</div><div><font color="#ff0000">Room 12</font></div><div>Thanks</div>'
        ),
        "See my answers in red. Room 12",
    ),
    "greeting only": (
        "<div>Hi,</div>"
        + GMAIL.format(
            '<div>Tell us the room.</div><div><span style="color:rgb(255,0,0)">Room 12</span></div>'
        ),
        "Hi, Room 12",
    ),
    "nothing above": (
        GMAIL.format(
            '<p>Melyik szoba?</p><p><b style="color:#c00000">12-es</b></p><p>Mióta?</p><p style="color:#c00000">Hétfő óta</p>'
        ),
        "12-es Hétfő óta",
    ),
    "behind the question, in its line": (
        "<div>Dank u.</div>"
        + GMAIL.format('<div>Welke kamer? <span style="color:green">Kamer 12</span></div><div>Groet</div>'),
        "Dank u. Kamer 12",
    ),
    "Outlook de": (
        "<p>Antworten in Rot im Text.</p>"
        + OUTLOOK.format(
            "Von",
            "Gesendet",
            "An",
            "Betreff",
            '<p>Welcher Raum?</p><p><span style="color:red">Raum 12</span></p><p>Gruß</p>',
        ),
        "Antworten in Rot im Text. Raum 12",
    ),
    "Outlook fr": (
        "<p>Voir en rouge.</p>"
        + OUTLOOK.format(
            "De",
            "Envoyé",
            "À",
            "Objet",
            '<p>Quel bureau ?</p><p><span style="color:#FF0000">Bureau 12</span></p>',
        ),
        "Voir en rouge. Bureau 12",
    ),
}
#: a colour of programs, a heading of the quoted mail, links
NOT_ANSWERS = {
    "Outlook's blue": GMAIL.format(
        '<p>Which room?</p><p style="color:#1F497D">It is the room on the plan.</p>'
    ),
    "a heading": GMAIL.format('<p style="color:red">Important</p><p>The printer was changed.</p>'),
    "a link below a question": GMAIL.format(
        '<p>Satisfied?</p><p style="color:red"><a href="https://desk.example/r">Rate us</a></p>'
    ),
    "grey": GMAIL.format('<p>Which room?</p><p style="color:#5f5f5f">Help Desk</p>'),
}


@pytest.mark.parametrize("case", COLOURED)
def test_answers_in_colour_inside_a_quote_are_new(case: str) -> None:
    source, wanted = COLOURED[case]
    assert read(source, html=True).new_text.split() == wanted.split()
    # the plain part beside it shows nobody's colours
    assert read(source, html=True, plain="the same words without colours").new_text.split() == wanted.split()


@pytest.mark.parametrize("case", COLOURED)
def test_what_stands_in_a_quote_decides_nothing_whatever_its_colour(case: str) -> None:
    mail = read(COLOURED[case][0].replace("12", "approve"), html=True)
    assert not any(line.strip().lower().startswith("approve") for line in mail.visible_new_text.split("\n"))
    only = read(GMAIL.format('<p>May she?</p><p style="color:red">Approve</p>'), html=True)
    assert only.new_text.strip() == "Approve"
    assert only.visible_new_text.strip().startswith(">")


@pytest.mark.parametrize("case", NOT_ANSWERS)
def test_colours_of_the_quoted_mail_are_no_answers(case: str) -> None:
    mail = read("<p>It prints again, you can close it.</p>" + NOT_ANSWERS[case], html=True)
    assert mail.new_text == "It prints again, you can close it."


def test_the_mark_of_a_coloured_line_is_nowhere_in_the_text() -> None:
    for source, _ in COLOURED.values():
        mail = read(source, html=True)
        assert not any(
            "\ue004" in text for text in (mail.text, mail.new_text, mail.elided, mail.visible_new_text)
        )
    assert "\ue004" not in read("a \ue004 b").text


KEPT_OUT = {
    "rule and From alone": ("It prints now.\n\n________________________________\nFrom: Help Desk <help@desk.example>\n\nDoes it print?", "It prints now."),
    "the same hu": ("Nyomtat.\n\n--------------------\nFeladó: Help Desk <help@desk.example>\n\nNyomtat?", "Nyomtat."),
    "the same de": ("Druckt.\n\n--------------------\nVon: Help Desk <help@desk.example>\n\nDruckt er?", "Druckt."),
    "Notes' head": ('Done.\n\n"Help Desk" <help@desk.example>\n02.11.2026 10:11\n\nTo\n<anna.kiss@acme.example>\ncc\n\nSubject\nPrinter\n\nHello Anna, please restart.', "Done."),
    "Notes' head de": ("Erledigt.\n\nHelp Desk <help@desk.example>\n02.11.2026 10:11\n\nAn\nAnna Kiss\nKopie\n\nBetreff\nPrinter\n\nBitte neu starten.", "Erledigt."),
    "questions without attribution": ("Hi,\n\n> Which room?\n\nRoom 12\n\n> Since when?\n\nMonday", "Hi, Room 12 Monday"),
    "the same nl": ("Dag,\n\n> Welke kamer?\n\nKamer 12", "Dag, Kamer 12"),
    "name in brackets": ("My answers are marked.\n\nFrom: Help Desk <help@desk.example>\nSent: Monday, November 2, 2026 10:11 AM\nTo: Anna\nSubject: Printer\n\nWhich room?\n[Anna Kiss] Room 12\nSince when?\n[AK] Monday\n[HD] end", "My answers are marked. [Anna Kiss] Room 12 [AK] Monday"),
    "Idézet": ("Megy.\n\nIdézet (Help Desk <help@desk.example>):\n\n> Megy?", "Megy."),
    "thanks and wishes": ("It prints.\n\nMany thanks and best wishes,\nAnna", "It prints."),
    "the same de ": ("Er druckt.\n\nBesten Dank im Voraus und freundliche Grüße\nAnna Kiss", "Er druckt."),
    "rule above the sender": ("It prints.\n\n_____________________\nAnna Kiss\nAcme Ltd\nTel: +44 20 7946 0101", "It prints."),
    "whole name and one line": ("It prints.\n\n*Anna Kiss*\nPurchasing\n+44 20 7946 0101", "It prints."),
    "Tuta": ("It prints.\n\n-- \nSecured with Tuta Mail:\nhttps://tuta.com/free-email", "It prints."),
    "Superhuman": ("It prints.\n\nSent via Superhuman", "It prints."),
    "a tree of Webdings": ("It prints.\n\nP Please consider the environment before printing this e-mail", "It prints."),
}  # fmt: skip
KEPT = [
    "The strange mails say\n\n-----\nFrom: bank@evil.example\n-----\n\nIs it real?",
    "Your mails come like this:\n\n----------\nFrom: Help Desk <help@desk.example>\n----------\n\nCan the name be changed?",
    "Move it.\n\nTo\nroom 12\n\nSubject\nprinter\n\nCall me before.",
    "I typed\n> dir\nand got\n> File Not Found\nwhat now",
    "[Anna Kiss] is what the display shows.\n[HD] shows the other one.",
    "Many thanks and best wishes to Tom, who came at once. Now the scanner fails.",
    "Two names for the door:\n\n_____________________\nDora Klein\nAcme Ltd\nTel: +44 20 7946 0101",
    "Two parcels.\n\nSent via DHL on Monday",
    "Please order for\n\nDora Klein\nPurchasing\n+44 20 7946 0101",
    "P please move it to parking place P.",
]  # fmt: skip


@cases("case", KEPT_OUT)
def test_history_and_endings_go(case: str) -> None:
    text, wanted = KEPT_OUT[case]
    assert read(text).new_text.split() == wanted.split()


@cases("text", KEPT)
def test_what_looks_like_them_stays(text: str) -> None:
    assert read(text).new_text.split() == text.split()
    assert read(text, answers=False).new_text.split() == text.split()


def test_many_colours_in_one_line_make_one_answer() -> None:
    source = GMAIL.format("<p>Which?</p>" + '<font color="red">a</font><b>b</b>' * 5_000)
    mail = read(source, html=True)
    assert mail.new_text == "ab" * 5_000
