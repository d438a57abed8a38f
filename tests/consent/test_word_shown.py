# ruff: noqa: E501  (styles stand here as clients write them)
"""What the writer of a consent plainly said: text and HTML that differ, what is hidden or struck out, torn quoted lines.

Each is asked once more, plainly; the clients' own HTML goes on counting.
"""

from __future__ import annotations

import pytest

from tests.consent.keys import GOOD, sign
from tests.consent.world import Asked, World

#: a whole daemon with DNS and keys
pytestmark = pytest.mark.slow


def alternative(asked: Asked, plain: str | None, html: str) -> bytes:
    """A signed answer in both forms, or in HTML alone."""
    parts = [] if plain is None else [f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{plain}\r\n"]
    parts.append(f"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n--b--\r\n")
    return sign(asked.reply("".join(parts), more='Content-Type: multipart/alternative; boundary="b"\r\n'))


def held_and_asked_plainly(world: World, asked: Asked, raw: bytes) -> None:
    before = world.last_sent()
    world.send(raw)
    assert world.phase(asked.number) == "awaiting_approval"
    assert world.read(lambda tx: tx.consents.get(asked.consent)).state == "waiting"
    assert "approval_unclear" in {row["notice"] for row in world.outbound_since(before)}


DIFFER = {
    "the HTML says no": ("Yes, approved.", "<p>No.</p>"),
    "the HTML says more": ("Yes, approved.", "<p>Yes, approved.</p><p>But only from Friday on.</p>"),
    "the text says more": ("Yes, approved.\r\n\r\nBut only from Friday on.", "<p>Yes, approved.</p>"),
    "the HTML says nothing": ("Yes, approved.", "<p>Regards, Boss</p>"),
    "struck out": ("Yes, approved.", "<p><s>Yes, approved.</s></p>"),
    "struck out by del": ("Yes, approved.", "<p><del>Yes, approved.</del></p>"),
    "struck out by style": ("Yes, approved.", '<p style="text-decoration:line-through">Yes, approved.</p>'),
    "a doubt that is small": ("Yes, approved.", "<p>Yes, approved.</p><p style='font-size:1px'>not</p>"),
}


@pytest.mark.parametrize("case", DIFFER)
def test_text_and_html_that_say_different_things_are_asked_about(world: World, case: str) -> None:
    asked = world.ask()
    held_and_asked_plainly(world, asked, alternative(asked, *DIFFER[case]))


#: the token stands in each of the places where it counts, and in no other
PLACES = {
    "In-Reply-To": ("", "{message_id}", ""),
    "the address": ("help+{token}@desk.example", "", ""),
    "the address in copy": ("help@desk.example\r\nCc: help+{token}@desk.example", "", ""),
    "the text": ("", "", "maild-{token}"),
}


def placed(asked: Asked, place: str, text: str, more: str = "") -> bytes:
    """An answer with its token there and nowhere else."""
    to, parent, line = (one.format(message_id=asked.message_id, token=asked.token) for one in PLACES[place])
    if line:
        text += f"\r\n<p>{line}</p>\r\n" if more else f"\r\n{line}\r\n"
    raw = asked.reply(text, more=more, parent=parent, to=to or "help@desk.example")
    return sign(raw, fields=(*GOOD, "cc") if "copy" in place else GOOD)


@pytest.mark.parametrize("place", PLACES)
def test_what_hides_the_word_is_looked_for_wherever_the_token_stands(world: World, place: str) -> None:
    """The reply address holds the token and no word of ours: such an answer was read by its text alone."""
    for html, phase in (
        ("<p><s>Yes, approved.</s></p>", "awaiting_approval"),
        ('<p style="display:none">Yes, approved.</p><p>Hm.</p>', "awaiting_approval"),
        ("<p>Yes, approved.</p>", "received"),
    ):
        asked = world.ask()
        world.send(placed(asked, place, f"{html}\r\n", "Content-Type: text/html; charset=utf-8\r\n"))
        assert world.phase(asked.number) == phase, html
    asked = world.ask(text=TORN)
    torn = "> Please grant write access to the share for our trainee, the boss\r\n> said to me on the phone yesterday:\r\nYes, approved.\r\n"
    world.send(placed(asked, place, torn))
    assert world.phase(asked.number) == "awaiting_approval"


#: ways to keep a reader from seeing a word that is in the source
HIDING = [
    "display:none", "visibility:hidden", "visibility:collapse", "opacity:0", "opacity:.01", "font-size:0", "font-size:1px",
    "font:0/0 a", "font-size:0.01em", "color:#fff", "color:white", "color:transparent", "color:rgba(0,0,0,0)", "color:#fefefe",
    "color:snow", "color:hsl(0,0%,100%)", "background:#000", "background-color:#222;color:#111", "text-indent:-9999px",
    "text-indent:500em", "position:absolute;left:-9999px", "position:fixed;top:-99px", "margin-left:-5000px",
    "margin-left:9000px", "height:0;overflow:hidden", "max-height:0;overflow:hidden", "width:0;overflow:hidden",
    "clip:rect(0,0,0,0);position:absolute", "clip-path:inset(100%)", "transform:scale(0)", "transform:translateX(-999px)",
    "filter:opacity(0)", "filter:blur(9px)", "mso-hide:all", "line-height:0", "letter-spacing:-1em", "zoom:0",
    "content-visibility:hidden", "-webkit-text-fill-color:transparent", "mask:linear-gradient(transparent,transparent)",
    "z-index:-1", "text-decoration:line-through", "text-decoration-line:line-through", "font-family:Wingdings",
    "direction:rtl;unicode-bidi:bidi-override", "columns:9", "animation:x 1s", "dis\\70lay:none", "display:no/**/ne",
    "padding-left:3000px", "float:right", "text-shadow:0 0 9px", "width:1px",
]  # fmt: skip


@pytest.mark.parametrize("style", HIDING)
def test_a_word_that_a_style_may_hide_is_asked_about(world: World, style: str) -> None:
    asked = world.ask()
    held_and_asked_plainly(
        world, asked, alternative(asked, None, f'<p style="{style}">Yes, approved.</p><p>Boss</p>')
    )


SHEETS = [
    ".x{display:none}", "p{display:none}", "#y{opacity:0}", "div > p{color:#fff}", "*{font-size:0}", "p.x:first-child{clip-path:circle(0)}",
    "@media screen{.x{visibility:hidden}}", "[class]{display:none}", "body p{text-decoration:line-through}",
    "@import url(https://evil.example/a.css);", "p:nth-child(1){display:none}", "p::before{content:'Not '}",
]  # fmt: skip


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_word_that_a_style_sheet_may_hide_is_asked_about(world: World, sheet: str) -> None:
    asked = world.ask()
    html = f'<html><head><style>{sheet}</style></head><body><div><p class="x" id="y">Yes, approved.</p></div></body></html>'
    held_and_asked_plainly(world, asked, alternative(asked, None, html))


ELEMENTS = ["<s>{}</s>", "<del>{}</del>", "<strike>{}</strike>", "<details>{}</details>", "<dialog>{}</dialog>", "<noscript>{}</noscript>",
            "<template>{}</template>", "<audio>{}</audio>", "<canvas>{}</canvas>", "<bdo dir=rtl>{}</bdo>", "<p hidden>{}</p>",
            "<font color=white>{}</font>", "<font size=-7>{}</font>", "<p dir=rtl>{}</p>", "<table bgcolor=black><tr><td>{}</table>",
            "<datalist>{}</datalist>", "<!-- {} -->", "<marquee>{}</marquee>", "<sub><small>{}</small></sub>"]  # fmt: skip


@pytest.mark.parametrize("element", ELEMENTS)
def test_a_word_in_an_element_that_does_not_show_it_as_it_stands_decides_nothing(
    world: World, element: str
) -> None:
    asked = world.ask()
    world.send(alternative(asked, None, f"{element.format('Yes, approved.')}<p>Boss</p>"))
    assert world.phase(asked.number) == "awaiting_approval"


CLIENTS = {
    "outlook": (
        "<html xmlns:o='urn:x'><head><style><!-- @font-face {font-family:Calibri; panose-1:2 15 5 2 2 2 4 3 2 4;} "
        'p.MsoNormal, li.MsoNormal {margin:0cm; margin-bottom:.0001pt; font-size:11.0pt; font-family:"Calibri",sans-serif; '
        "mso-fareast-language:EN-US;} a:link, span.MsoHyperlink {mso-style-priority:99; color:#0563C1; text-decoration:underline;} "
        "span.EmailStyle17 {mso-style-type:personal-compose; color:windowtext;} .MsoChpDefault {mso-style-type:export-only;} "
        "@page WordSection1 {size:612.0pt 792.0pt; margin:70.85pt 70.85pt 2.0cm 70.85pt;} div.WordSection1 {page:WordSection1;} --></style></head>"
        '<body lang="EN-GB" link="#0563C1" vlink="#954F72"><div class="WordSection1"><p class="MsoNormal"><span '
        "style='mso-fareast-language:EN-US'>Yes, approved.<o:p></o:p></span></p><p class=MsoNormal><o:p>&nbsp;</o:p></p></div></body></html>"
    ),
    "gmail": '<div dir="ltr"><div>Yes, approved.</div><div><br></div></div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On '
             'Mon, Help wrote:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);'
             'padding-left:1ex"><div style="display:none">hello</div>Please decide</blockquote></div>',
    "apple": '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body style="word-wrap: break-word; '
             '-webkit-nbsp-mode: space; line-break: after-white-space;" class=""><div style="caret-color: rgb(0, 0, 0); color: rgb(0, 0, 0); '
             'font-family: Helvetica; font-size: 12px; font-style: normal; font-weight: 400; letter-spacing: normal; text-align: start; '
             'text-indent: 0px; text-transform: none; white-space: normal; word-spacing: 0px; -webkit-text-stroke-width: 0px; '
             'text-decoration: none;">Yes, approved.</div></body></html>',
    "owa": '<html><head><style type="text/css" style="display:none;"> P {margin-top:0;margin-bottom:0;} </style></head><body dir="ltr"><div '
           'class="elementToProof" style="font-family: Aptos, Aptos_EmbeddedFont, Calibri, Helvetica, sans-serif; font-size: 12pt; color: '
           'rgb(0, 0, 0);">Yes, approved.</div></body></html>',
    "thunderbird": '<html><head><meta http-equiv="content-type" content="text/html; charset=UTF-8"></head><body text="#000000" bgcolor="#FFFFFF">'
                   "<p>Yes, approved.</p></body></html>",
}  # fmt: skip


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("plain", [True, False])
def test_what_a_usual_client_writes_counts(world: World, client: str, plain: bool) -> None:
    asked = world.ask()
    world.send(alternative(asked, "Yes, approved.\r\n" if plain else None, CLIENTS[client]))
    assert world.phase(asked.number) == "received"


def test_a_meetings_summary_decides_nothing(world: World) -> None:
    asked = world.ask()
    meeting = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Yes\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    world.send(sign(asked.reply(meeting, more="Content-Type: text/calendar; method=REQUEST\r\n")))
    assert world.phase(asked.number) == "awaiting_approval"


# ----------------------------------------------------------------------------------------- signatures

SAYS_MORE = [
    "Best regards\r\nnot for Mallory", "Mit freundlichen Grüßen\r\nerst ab Freitag", "Üdv,\r\nBoss\r\nde csak péntek után",
    "Cordialement\r\nBoss\r\nsauf pour Mallory", "Met vriendelijke groet\r\nBoss\r\nbehalve Mallory", "Thanks\r\nNo",
    "-- \r\nBoss\r\nonly for reading\r\n+36 1 234 5678", "Sent from my iPhone, but only for reading",
    "Boss\r\nTel: call me before +36 1 234 5678", "Boss Bela\r\nuntil Friday\r\nTel +36 1 234 5678",
    "Boss\r\nE-mail: ask anna@acme.example", "Boss\r\nreject\r\nboss@acme.example",
    "Thanks\r\nMallory", "Best regards\r\nVera\r\nboss@acme.example", "Üdv\r\nMallory Márton\r\nTel +36 1 234 5678",
    "Thanks\r\nBoss\r\nRead access\r\n+36 1 234 5678", "Boss Bela\r\nolvasási jog\r\nTel +36 1 234 5678",
    "Boss Bela\r\nFriday 10:00 call first\r\n+36 1 234 5678", "Mit freundlichen Grüßen\r\nBoss\r\nab 1. Dezember\r\n+49 30 1234567",
    "Boss\r\nFor Dora\r\n+36 1 234 5678", "Boss\r\nup to 500 EUR\r\n+36 1 234 5678", "Boss\r\nsee attached list\r\n+36 1 234 5678",
    "[image: no]", "[logo but not for Mallory]",
]  # fmt: skip
SIGNATURES = [
    "Cordialement,\r\nBoss Bela\r\nDirecteur de la production\r\nSociété Acme, 12 rue de la Paix, 75002 Paris\r\n+33 1 23 45 67 89",
    "Met vriendelijke groet,\r\nBoss de Vries\r\nHoofd ICT | Acme BV\r\nIk werk op maandag tot en met donderdag\r\nT 020-1234567",
    "Mit freundlichen Grüßen\r\ni. A. Boss Bela\r\nLeiter IT\r\nAcme GmbH | Sitz der Gesellschaft: Berlin | HRB 12345",
    "Üdvözlettel:\r\nBoss Béla\r\nügyvezető igazgató\r\nAcme Kft.\r\n1111 Budapest, Fő u. 1.\r\nMobil: +36 30 555 0100",
    "Kind regards,\r\n\r\nBoss Bela\r\nHead of Sales and Marketing\r\nAcme Ltd. Reg. No. 1234567",
    "Best,\r\nBoss\r\nConnect with me on LinkedIn<https://linkedin.com/in/boss>\r\nFirst Floor, 12 High Street, London",
    "[Acme logo]<https://acme.example>\r\nBoss Bela\r\nT +44 20 1234 5678", "[cid:image001.png@01DA.ABC]\r\nBoss Bela",
    "Thanks\r\nBos", "Kind regards\r\nB. B.", "Best,\r\nBoss\r\nVP Engineering | Acme Inc.\r\nSuite 400, Springfield\r\n+1 555 010 0100",
    "Met vriendelijke groet\r\nBoss Bela\r\nInkoper\r\nBereikbaar maandag tot en met vrijdag 9:00-17:00\r\nT 020-1234567",
    "Best regards\r\nBoss Bela\r\nFor and on behalf of Acme Ltd\r\nOffice hours: Monday to Friday 09:00 - 17:00\r\n+44 20 1234 5678",
    "Sent from my iPhone", "Von meinem iPhone gesendet", "Az iPhone-omról küldve", "Envoyé de mon iPhone", "Verstuurd vanaf mijn iPhone",
    "Get Outlook for iOS<https://aka.ms/o0ukef>", "Gesendet mit Outlook für Android", "Télécharger Outlook pour iOS",
    "Best regards\r\nBoss\r\n\r\nThis e-mail is confidential. If you are not the intended\r\nrecipient, please do not copy it, but delete it.",
]  # fmt: skip


def test_a_signature_that_says_more_than_who_wrote_is_asked_about(world: World) -> None:
    """What is taken for a signature is cut away before the word is read: a condition may stand in it."""
    for text in SAYS_MORE:
        asked = world.ask()
        world.send(sign(asked.reply(f"Yes, approved.\r\n\r\n{text}\r\n")))
        assert world.phase(asked.number) == "awaiting_approval", text
    asked = world.ask()
    plain, html = (
        "Yes, approved.\r\n\r\nBest regards\r\nBoss",
        "<p>Yes, approved.</p><p>Best regards<br>not for Mallory</p>",
    )
    held_and_asked_plainly(world, asked, alternative(asked, plain, html))


def test_the_usual_signatures_in_five_languages_count(world: World) -> None:
    for text in SIGNATURES:
        asked = world.ask()
        world.send(sign(asked.reply(f"Yes, approved.\r\n\r\n{text}\r\n")))
        assert world.phase(asked.number) == "received", text


# --------------------------------------------------------------------------------------- torn quotes

TORN = "Please grant write access to the share for our trainee, the boss said to me on the phone yesterday: Yes, approved."


def test_an_unquoted_line_between_quoted_ones_decides_nothing(world: World) -> None:
    asked = world.ask(text=TORN)
    text = "> Please grant write access to the share for our trainee, the boss\r\n> said to me on the phone yesterday:\r\nYes, approved.\r\n> Regards\r\n"
    world.send(sign(asked.reply(text)))
    assert world.phase(asked.number) == "awaiting_approval"


def test_the_torn_end_of_the_last_quoted_line_decides_nothing(world: World) -> None:
    asked = world.ask(text=TORN)
    text = "> Please grant write access to the share for our trainee, the boss\r\n> said to me on the phone yesterday:\r\nYes, approved.\r\n"
    held_and_asked_plainly(world, asked, sign(asked.reply(text)))


def test_answers_above_and_below_a_whole_quote_count(world: World) -> None:
    for text in ("Yes, approved.\r\n\r\n> Please grant write access\r\n> to the share\r\n", "> Please grant write access\r\n> to the share\r\n\r\nYes, approved.\r\n",
                 "> Please grant write access\r\n> to the share\r\nYes, approved.\r\n"):  # fmt: skip
        asked = world.ask()
        world.send(sign(asked.reply(text)))
        assert world.phase(asked.number) == "received", text
