"""What HTML says by its looks: a drawn line above a lone "From:", words above the mail that nobody sees."""

from __future__ import annotations

import pytest

from maild.mail.parse import parse_mail
from maild.model import Mail

DESK = ("help@desk.example",)
ANSWER = "In-Reply-To: <root.1@desk.example>\n"
#: From in a language, an answer, what is answered
ANSWERS = [
    ("From:", "Room 12, twice.", "Which room is it in?"),
    ("Feladó:", "A 12-es szoba, kétszer.", "Melyik szoba az?"),
    ("Von:", "Raum 12, zweimal.", "Welcher Raum ist es?"),
    ("De :", "Bureau 12, deux fois.", "Quel bureau ?"),
    ("Van:", "Kamer 12, twee keer.", "Welke kamer?"),
]
BORDERS = [
    "border-top:1px solid #ccc",
    "border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm",
    "border-width: 1px 0 0 0; border-style: solid; border-color: gray",
    "border-top-style:solid;border-top-width:1px",
    "border-top:2px dashed #999",
    "border-left:2px solid #1010ff;padding-left:5px",
]
UNSEEN = [
    "display:none",
    "display: none !important;",
    "max-height:0px;overflow:hidden",
    "mso-hide:all",
    "font-size:0; line-height:0",
    "font-size:1px;color:#fff;line-height:1px;max-height:0px;opacity:0;overflow:hidden",
    "visibility:hidden;opacity:0",
]


def read(html: str, more: str = "") -> Mail:
    raw = f"From: Anna <anna@acme.example>\nSubject: Printer\n{more}Content-Type: text/html; charset=utf-8\n\n{html}"
    return parse_mail(raw.encode(), desk_addresses=DESK)


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize(("label", "new", "old"), ANSWERS)
def test_from_alone_below_a_drawn_line_begins_what_is_answered(
    label: str, new: str, old: str, border: str
) -> None:
    sender = f"<b>{label}</b> Help Desk &lt;help@desk.example&gt;"
    for html in (
        f"<div>{new}</div><div style='{border}'>{sender}</div><div>{old}</div>",
        f"<p>{new}</p><div><div style='{border}'><p><span>{sender}<br></span></p></div></div><p>{old}</p>",
    ):
        found = read(html, ANSWER)
        assert (found.new_text, found.left_out) == (new, 2)
        assert read(html).new_text == new  # it quotes the desk, whatever the head says


@pytest.mark.parametrize(("label", "new", "old"), ANSWERS)
def test_a_drawn_line_alone_begins_nothing(label: str, new: str, old: str) -> None:
    table = (
        f"<p>{new}</p><table style='border:1px solid'><tr><td>{label} Room 101</td></tr></table><p>{old}</p>"
    )
    vendor = f"<p>{new}</p><div style='border-top:1px solid'><b>{label}</b> Bob &lt;bob@vendor.example&gt;</div><p>{old}</p>"
    words = f"<p>{new}</p><div style='border-top:1px solid'>{old}</div>"
    for html in (table, words):
        assert old in read(html, ANSWER).new_text
    assert old in read(vendor).new_text


@pytest.mark.parametrize("style", UNSEEN)
@pytest.mark.parametrize("new", [new for _, new, _ in ANSWERS])
def test_words_above_the_first_that_is_seen_are_not_new_text(new: str, style: str) -> None:
    for html in (
        f"<html><body><div style='{style}'>See what is new this week</div><div>{new}</div></body></html>",
        f"<span style='{style}'>See what is new &nbsp;&zwnj;&nbsp;&zwnj;</span><p>{new}</p>",
    ):
        found = read(html)
        assert (found.new_text, found.left_out) == (new, 1)
        assert "See what is new" in found.text


@pytest.mark.parametrize(
    "html",
    [
        "<div style='display:none'>{}</div>",  # there is nothing else
        "<table bgcolor=black><tr><td style='color:#fff'>{}</td></tr></table><p>second</p>",
        "<style>@media (max-width:5px){{.d{{display:none}}}}</style><div class=d>{}</div><p>second</p>",
        "<p>first</p><div style='display:none'>{}</div>",
        "<div style='max-height:0.5em'>{}</div><p>second</p>",
    ],
)
def test_what_some_see_or_what_stands_elsewhere_stays(html: str) -> None:
    for _, new, _ in ANSWERS:
        assert new in read(html.format(new)).new_text
