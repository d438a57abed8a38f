# ruff: noqa: E501
"""Two readings of one mail: what stands in the plain part for want of a text is none; a person's plain text is."""

from __future__ import annotations

import pytest

from maild.mail.parse import parse_mail
from tests.unit.mail.parse.mails import HEAD, mail, multipart, part

SAID = {
    "en": "The scanner is broken since Monday, room 12.",
    "hu": "A szkenner hétfő óta nem működik, 12-es szoba.",
    "de": "Der Scanner ist seit Montag kaputt, Raum 12.",
    "fr": "Le scanner est en panne depuis lundi, bureau 12.",
    "nl": "De scanner is sinds maandag stuk, kamer 12.",
    "es": "El escáner está roto desde el lunes, sala 12.",
    "it": "Lo scanner è rotto da lunedì, stanza 12.",
    "pl": "Skaner nie działa od poniedziałku, pokój 12.",
}
STUBS = [
    ("en", "This message requires an HTML viewer."),
    ("en", "Your email client does not support HTML emails"),
    ("en", "This is an HTML mail. Please switch your mail program to HTML."),
    ("en", "Please view this email in your browser: https://acme.example/v"),
    ("en", "If you cannot read this message, click here: https://acme.example"),
    ("en", "plain text version not available"),
    ("en", "HTML"),
    ("en", "-"),
    ("en", "N/A"),
    ("en", "no text"),
    ("en", "[image: Logo]"),
    ("en", "[cid:image001.png@01D]"),
    ("en", "\u00a0\r\n\u200b\r\n"),
    ("hu", "A levelezője nem tudja megjeleníteni ezt az üzenetet."),
    ("hu", "(nincs szöveg)"),
    ("de", "Ihr E-Mail-Programm kann diese Nachricht nicht anzeigen."),
    ("de", "Diese Nachricht ist im HTML-Format."),
    ("de", "(kein Text)"),
    ("fr", "Votre logiciel ne peut pas afficher ce message."),
    ("fr", "Ce message est au format HTML."),
    ("fr", "Si ce message ne s'affiche pas correctement, cliquez ici."),
    ("en", "Trouble with this mail not displaying correctly? Click here."),
    ("nl", "Uw mailprogramma kan dit bericht niet weergeven."),
    ("es", "Su programa no puede mostrar este mensaje."),
    ("it", "Il tuo programma non visualizza questo messaggio."),
    ("pl", "Twój program nie może wyświetlić tej wiadomości."),
    ("en", "このメールはHTML形式です。"),
    ("en", "E-posta programınız HTML desteklemiyor."),
    ("en", "Ваша почтовая программа не поддерживает HTML."),
]
#: a person's, though it names what stubs name
PERSONS = [
    "The HTML editor is broken, nothing is displayed.",
    "I cannot view the page in the browser.",
    "Nem tudja megjeleníteni a böngésző az oldalt, kérem segítsenek.",
    "Der Browser kann die Seite nicht anzeigen.",
    "HTML page broken",
    "ok",
    "N/A",
]


def new_of(entity: bytes, more: str = "") -> str:
    raw = HEAD + more.encode() + entity if more else mail(entity)
    return parse_mail(raw, desk_addresses=("help@desk.example",)).new_text


def both(plain: str, html: str) -> bytes:
    return multipart(
        "alternative", part("text/plain; charset=utf-8", plain), part("text/html; charset=utf-8", html)
    )


@pytest.mark.parametrize(("language", "stub"), STUBS)
def test_what_stands_for_a_text_gives_way_to_it(language: str, stub: str) -> None:
    assert new_of(both(stub, f"<html><body><p>{SAID[language]}</p></body></html>")) == SAID[language]


@pytest.mark.parametrize("stub", [stub for _, stub in STUBS[:6]])
def test_words_about_a_browser_are_words(stub: str) -> None:
    said = "The page stays empty in the browser since Monday."
    assert new_of(both(stub, f"<p>{said}</p>")) == said


@pytest.mark.parametrize("words", PERSONS)
def test_a_persons_plain_text_stays_whatever_it_names(words: str) -> None:
    assert new_of(both(words, f"<html><body><p>{words}</p></body></html>")) == words


@pytest.mark.parametrize("words", [*SAID.values(), "ok", "N/A"])
def test_a_plain_text_stays_beside_html_that_only_says_where_to_look(words: str) -> None:
    for html in ("", "<html><body></body></html>", "<p>Please view this email in your browser</p>"):
        assert new_of(both(words, html)) == words


@pytest.mark.parametrize("language", SAID)
def test_a_plain_part_with_nothing_but_the_quote_gives_way(language: str) -> None:
    html = f"<p>{SAID[language]}</p><blockquote type=cite>old text</blockquote>"
    more = "In-Reply-To: <root.1@desk.example>\r\n"
    assert new_of(both("\r\n\r\n> old text\r\n", html), more) == SAID[language]


def test_a_plain_part_that_was_cut_gives_way() -> None:
    html = "<p>Hello, the printer in room 12 is out of toner again, and the one beside it has the red lamp on.</p>"
    assert "red lamp" in new_of(both("Hello, the printer in", html))


@pytest.mark.parametrize(
    "text",
    [
        "The program writes this:\n\n--b1\nContent-Type: text/plain\n\nHello\n--b1--\n\nPlease look at it.",
        "--b1\nContent-Type: text/plain\n\nHello\n--b1--\n\nEzt írja a program, kérem nézzék meg.",
        "Das Programm schreibt:\n\n--b1\nContent-Type: text/plain\n\nHello\n--b1--",
        "Content-Type: text/html\n\n<b>x</b>\n\nc'est ce que je vois, merci de regarder.",
        "Dit staat er:\nbegin 644 x.txt\nis what stands in the first line.\nKunt u kijken?",
        'See this:\n\nContent-Type: multipart/alternative; boundary="b1"\n\n--b1\nContent-Type: text/plain\n\nHi\n--b1--\nwhy?',
        "=?utf-8?Q?a?= stands in the list, a=3D and =20, too",
    ],
)
@pytest.mark.parametrize("kind", ["", "Content-Type: text/plain; charset=utf-8\r\n"])
def test_mime_that_a_person_pasted_is_text(text: str, kind: str) -> None:
    raw = HEAD + kind.encode() + b"\r\n" + text.encode()
    assert parse_mail(raw).new_text.split() == text.split()


def test_only_what_may_answer_an_approval_mail_is_read_in_every_way() -> None:
    token, other = "abcdefghijklmnopqrstuvwxyz", "7rg5jcmjeqix4qo4tuko"
    entity = both("Yes", "<p>Yes</p>")

    def readings(field: str) -> int:
        return len(parse_mail(HEAD + f"{field}\r\n".encode() + entity).readings)

    signed = "lebiizog5tblo4ij@desk.example"
    assert readings(f"In-Reply-To: <maild.1001.{other}.{signed}>") == 0
    assert readings(f"References: <x@acme.example> <maild.1001.{other}.{signed}>") == 0
    assert readings(f"In-Reply-To: <maild.1001.{token}.{signed}>")
    assert readings(f"In-Reply-To: <MAILD.1001.{token.upper()}.{signed}>")
    assert readings(f"References: <a@b.example>\r\n <maild.1001.{token[:9]}\r\n {token[9:]}.{signed}>")
    assert readings(f"Cc: Desk <help+{token}@desk.example>")
    said = both(f"Yes\r\n\r\n> Reference: maild-{token}", "<p>Yes</p>")
    assert parse_mail(HEAD + said).readings
