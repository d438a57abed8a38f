# ruff: noqa: E501
"""Every rule of new text beside an example, which it takes, and its nearest neighbour, which it must leave alone.

The test walks the room: a file of rules without a row fails.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import maild.mail.newtext
from maild.mail.parse import parse_mail

#: files that hold no rule of their own: the scan, the tables, what the head says, the order
NO_RULES = {"__init__", "lines", "phrasebook", "setting", "placed", "history"}
#: answers in colour inside a quote have their pairs in test_answers_inside
ELSEWHERE = {"tinted"}
DATED = "On Mon, 2 Nov 2026 at 10:11, Help Desk <help@desk.example> wrote:"
BLOCK = "From: Help Desk <help@desk.example>\nSent: Monday, November 2, 2026 10:11 AM\nTo: Anna\nSubject: Printer\n\nWhich room is it?"
LAWYERS = "This e-mail is confidential and intended solely for the addressee. If you are not the intended recipient, please notify the sender and delete it."
SIGNED = "Kind regards\nAnna Kiss\nAcme Kft.\nTel. +36 1 555 0100"
#: file of rules -> (what, an answer's text, how it goes on and is left out, how another goes on and stays)
ROWS = [
    ("attribution", "who wrote, above marked lines", "Room 12.", f"\n\n{DATED}\n> Which room?", "\n\nPeter wrote on 2 Nov that the part ships today."),
    ("attribution", "over several lines", "Room 12.", "\n\nOn Nov 2, 2026, at 10:11 AM, Help Desk <\nhelp@desk.example>\nwrote:\n\n> Which room?", "\n\nOn Nov 2, 2026 it broke. Peter wrote it down."),
    ("attribution", "without a colon", "Room 12.", "\n\nHelp Desk <help@desk.example> wrote\n\n> Which room?", "\n\nPeter of the help desk wrote\nwhich room it is in."),
    ("headerblock", "a block of four labels", "Room 12.", f"\n\n{BLOCK}", "\n\nFrom: Room 101\nTo: Room 202\nDate: 12 March 2027\n\nCall me first."),
    ("bars", "lines behind bars", "Room 12.", f"\n\n{DATED}\n\n| Which room?\n| Is it on?", "\n\n| PC | user |\n| 12 | Dora |"),
    ("marked", "marked lines at the end", "Room 12.", "\n\n> Which room is it in?\n> Did you restart it?", "\n\nI typed:\n> print test\n> exit\nand nothing came."),
    ("appline", "what an app adds", "Room 12.", "\n\nSent from my iPhone", "\n\nSent from my phone they look fine."),
    ("disclaimer", "a lawyer's paragraph", "Room 12.", f"\n\n{LAWYERS}", "\n\nThis message contains confidential drawings, please store it in the safe."),
    ("signature", "the writer's own", "Room 12.", f"\n\n{SIGNED}", "\n\nDora Kis\nPhone: +36 1 555 0100\ndora.kis@acme.example"),
    ("signature", "one that tells its number", "Room 12.", f"\n\n{SIGNED}", f"\n\nMy signature says:\n\n{SIGNED}\n\nThat number is the old one, please write +36 1 555 0199 there."),
    ("tail", "below two dashes and a blank", "Room 12.", "\n\n-- \nAnna Kiss\nAcme Kft.\nTel. +36 1 555 0100", "\n\n2. Dora\n--\nPlease give Dora a mouse."),
    ("tail", "a list's footer", "Room 12.", "\n\n_______________\nTo unsubscribe from this mailing list write to list@acme.example", "\n\n_______________\nThe line above is all that it prints."),
    ("hints", "a quote that nothing was said to stand in", "Yes.", f"\n\n{DATED}\n> Which room?", f" See my answers below.\n\n{DATED}\n> Which room?\n> Room 12."),
]  # fmt: skip


def new_of(text: str) -> list[str]:
    raw = (
        "From: Anna Kiss <anna.kiss@acme.example>\nSubject: Re: Printer\nIn-Reply-To: <root.1@desk.example>\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{text}\n"
    )
    return parse_mail(raw.encode(), desk_addresses=("help@desk.example",)).new_text.split()


@pytest.mark.parametrize(("file", "what", "said", "goes", "stays"), ROWS)
def test_a_rule_takes_its_example_and_not_its_neighbour(
    file: str, what: str, said: str, goes: str, stays: str
) -> None:
    assert new_of(said + goes) == new_of(said)
    kept = new_of(said + stays)
    assert [word for word in stays.replace(DATED, "").replace("> ", "").split() if word not in kept] == []


def test_each_file_of_rules_has_a_row() -> None:
    files = {one.stem for one in Path(maild.mail.newtext.__file__).parent.glob("*.py")}
    assert files - NO_RULES - ELSEWHERE == {row[0] for row in ROWS}
