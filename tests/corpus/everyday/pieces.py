# ruff: noqa: E501
"""What the everyday corpora are made of: a wanted reading beside each mail, and the ways in which programs write one.

Everything is written by us, with reserved names; `random.Random(seed)` chooses, so that each run makes the same mails.
"""

from __future__ import annotations

import base64
import html
import quopri
import random
from dataclasses import dataclass
from email.header import Header

DESK = "help@desk.example"
LANGUAGES = ("en", "nl", "hu", "de", "fr", "it", "es", "pl")

#: (name, address) of who writes, by language
WRITERS = {
    "en": [
        ("Anna Miller", "anna@acme.example"),
        ("Tom O'Neil", "tom.oneil@acme.example"),
        ("Miller, Jane", "j.miller@acme.example"),
    ],
    "nl": [("Els de Vries", "els@acme.example"), ("Piet van den Berg", "p.vandenberg@acme.example")],
    "hu": [("Kovács Anna", "kovacs.anna@acme.example"), ("Szabó Gergő", "gergo@acme.example")],
    "de": [("Jörg Groß", "gross@acme.example"), ("Weber, Sabine", "sabine.weber@acme.example")],
    "fr": [("Hélène Petit", "helene.petit@acme.example"), ("Paul LEFÈVRE", "p.lefevre@acme.example")],
    "it": [("Giulia Rossi", "giulia.rossi@acme.example")],
    "es": [("José Núñez", "jose.nunez@acme.example")],
    "pl": [("Zofia Wójcik", "z.wojcik@acme.example")],
}
GREETINGS = {
    "en": ["Hello,", "Hi all,", "Good morning", "Dear help desk,", ""],
    "nl": ["Hoi,", "Goedemorgen,", "Beste helpdesk,", ""],
    "hu": ["Sziasztok!", "Tisztelt Ügyfélszolgálat!", "Jó reggelt!", ""],
    "de": ["Hallo zusammen,", "Guten Morgen,", "Sehr geehrte Damen und Herren,", ""],
    "fr": ["Bonjour,", "Bonjour à tous,", "Madame, Monsieur,", ""],
    "it": ["Buongiorno,", "Ciao,", ""],
    "es": ["Buenos días:", "Hola,", ""],
    "pl": ["Dzień dobry,", "Cześć,", ""],
}
#: closing formula and what stands below it; NAME is the writer's
SIGNATURES = {
    "en": [
        ["Kind regards,", "NAME"],
        [
            "Best regards",
            "",
            "NAME",
            "Purchasing",
            "Acme Ltd | 12 High Street | London",
            "T +44 20 7946 0101 | ADDRESS",
        ],
        ["-- ", "NAME", "Acme Ltd", "+44 20 7946 0102"],
        [],
    ],
    "nl": [
        ["Met vriendelijke groet,", "NAME"],
        ["Groeten,", "NAME", "Inkoop", "Tel. 010 555 0101"],
        ["-- ", "NAME", "Acme BV"],
        [],
    ],
    "hu": [
        ["Üdvözlettel:", "NAME"],
        ["Köszönettel,", "NAME", "beszerzés", "Tel.: +36 1 555 0101"],
        ["-- ", "NAME", "Acme Kft.", "ADDRESS"],
        [],
    ],
    "de": [
        ["Mit freundlichen Grüßen", "NAME"],
        ["Viele Grüße", "NAME", "Einkauf", "Tel. +49 30 5550101"],
        ["-- ", "NAME", "Acme GmbH", "Amtsgericht Berlin HRB 1234"],
        [],
    ],
    "fr": [
        ["Cordialement,", "NAME"],
        ["Bien à vous", "NAME", "Service achats", "Tél. : +33 1 55 50 10 10"],
        ["-- ", "NAME", "Acme SA"],
        [],
    ],
    "it": [["Cordiali saluti,", "NAME"], ["-- ", "NAME", "Acme Srl"], []],
    "es": [["Saludos cordiales,", "NAME"], ["-- ", "NAME", "Acme SL"], []],
    "pl": [["Pozdrawiam,", "NAME"], ["-- ", "NAME", "Acme Sp. z o.o."], []],
}
SHAPES = ("plain", "plain", "flowed", "both", "html", "mso", "br")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A mail and what a reader must find in it.

    who: "person", "bounce" or "automatic". new: what this mail adds, None where the corpus says nothing about it.
    text: words that the whole text must hold. tnef: of `attachments`, those that stand inside a winmail.dat.
    """

    name: str
    raw: bytes
    sender: str
    subject: str
    who: str = "person"
    new: str | None = None
    text: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    tnef: tuple[str, ...] = ()


def header(value: str, rng: random.Random) -> str:
    """A field's value as it travels: RFC 2047 in one of its two encodings, UTF-8 or what fits."""
    if value.isascii():
        return value
    for charset in rng.sample(("utf-8", "iso-8859-1", "iso-8859-2", "windows-1252"), 4):
        try:
            value.encode(charset)
        except UnicodeEncodeError:
            continue
        return Header(value, charset).encode()
    return Header(value, "utf-8").encode()


def signed(language: str, name: str, address: str, rng: random.Random) -> list[str]:
    lines = rng.choice(SIGNATURES[language])
    shown = " ".join(reversed(name.split(", "))) if ", " in name else name
    return [line.replace("NAME", shown).replace("ADDRESS", address) for line in lines]


def body(lines: list[str], shape: str, rng: random.Random) -> tuple[str, bytes]:
    """(content type field, encoded body with its transfer encoding's field in front) in one program's way."""
    if shape == "both":
        boundary = f"=_{rng.randrange(10**9)}"
        out = f'Content-Type: multipart/alternative; boundary="{boundary}"\n\n'.encode()
        for one in ("plain", rng.choice(("html", "mso", "br"))):
            kind, data = body(lines, one, rng)
            out += f"--{boundary}\n".encode() + kind.encode() + data + b"\n"
        return "", out + f"--{boundary}--\n".encode()
    if shape in ("plain", "flowed"):
        # RFC 3676: lines that begin so are stuffed, and none ends in a blank but "-- "
        stuffed = [
            f" {line}" if shape == "flowed" and line.startswith((" ", ">", "From ")) else line
            for line in lines
        ]
        text, more = "\n".join(stuffed) + "\n", "; format=flowed" if shape == "flowed" else ""
        kind = f"text/plain; charset=utf-8{more}"
    else:
        text, kind = page(lines, shape), "text/html; charset=utf-8"
    return f"Content-Type: {kind}\n", transferred(text.encode(), rng)


def page(lines: list[str], shape: str) -> str:
    """HTML as an editor of the web, Outlook or an app writes it."""
    shown = [html.escape(line, quote=False) for line in lines]
    if shape == "mso":
        inner = "".join(f'<p class="MsoNormal">{line or "&nbsp;"}<o:p></o:p></p>\n' for line in shown)
        return f'<html xmlns:o="urn:schemas-microsoft-com:office:office"><body lang="EN-US"><div class="WordSection1">{inner}</div></body></html>'
    if shape == "br":
        return "<html><body>" + "<br>\n".join(shown) + "</body></html>"
    return '<div dir="ltr">' + "".join(f"<div>{line or '<br>'}</div>" for line in shown) + "</div>"


def transferred(data: bytes, rng: random.Random) -> bytes:
    how = rng.choice(("8bit", "quoted-printable", "base64"))
    coded = (
        quopri.encodestring(data) if how[0] == "q" else base64.encodebytes(data) if how[0] == "b" else data
    )
    return f"Content-Transfer-Encoding: {how}\n\n".encode() + coded


def letter(
    name: str,
    language: str,
    subject: str,
    lines: list[str],
    rng: random.Random,
    *,
    fields: str = "",
    signature: bool = True,
    shape: str = "",
    who: tuple[str, str] | None = None,
) -> Wanted:
    """A person's mail; all of `lines` is what they wrote, a greeting and a signature come around it."""
    writer, address = who or rng.choice(WRITERS[language])
    greeting = rng.choice(GREETINGS[language])
    own = [*([greeting, ""] if greeting else []), *lines]
    tail = signed(language, writer, address, rng) if signature else []
    kind, data = body([*own, *(["", *tail] if tail else [])], shape or rng.choice(SHAPES), rng)
    display = f'"{writer}"' if "," in writer else header(writer, rng)
    head = (
        f"Received: from mx.acme.example by mx.desk.example; Mon, 2 Nov 2026 10:12:02 +0100\nFrom: {display} <{address}>\n"
        f"To: Help Desk <{DESK}>\nSubject: {header(subject, rng)}\nDate: Mon, 2 Nov 2026 10:12:00 +0100\n"
        f"Message-ID: <{rng.randrange(10**12)}.{language}@acme.example>\n{fields}MIME-Version: 1.0\n"
    )
    raw = (head.encode() + kind.encode() + data).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return Wanted(
        f"{name} {language}", raw, address, subject, new="\n".join(own), text=tuple(x for x in own if x)[:3]
    )
