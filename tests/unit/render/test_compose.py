from __future__ import annotations

import email
import html as html_lib
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.model import Mailbox
from maild.render import Enclosure, Outgoing, Rendered, compose, render_notice
from maild.render.clean import clean_line
from maild.render.compose import REFERENCES, capped, rfc_date
from maild.render.page import LOGO_CID
from maild.settings import DeskSettings, Settings
from maild.steps import whole

SETTINGS = Settings(desk=DeskSettings(name="Példa Ügyfélszolgálat", address="help@desk.example"))
MAIL = Outgoing(
    to=(Mailbox("anna@acme.example", "Kovács Anna"),),
    message_id="<maild.15789.k7qx2mpd@desk.example>",
    date=datetime(2026, 11, 2, 9, 30, 5, tzinfo=UTC),
    language="hu",
    in_reply_to="<their@acme.example>",
    references=("<root@desk.example>", "<their@acme.example>"),
    auto="auto-replied",
    instance="i-7f3a",
    ticket=15789,
)
WORDS = Rendered("[#15789] Nyomtató", "Megkaptuk.\n", "<p>Megkaptuk.</p>\n", (), "hu")
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)


def parsed(raw: bytes) -> Any:
    return email.message_from_bytes(raw)


def _newlines(given: str) -> str:
    return given.replace("\r\n", "\n").replace("\r", "\n")


def text_of(part: Any) -> str:
    return str(part.get_payload(decode=True).decode("utf-8").replace("\r\n", "\n"))


def test_headers_say_what_was_given() -> None:
    mail = parsed(compose(MAIL, WORDS, SETTINGS))
    assert str(make_header(decode_header(mail["From"]))) == "Példa Ügyfélszolgálat <help@desk.example>"
    assert str(make_header(decode_header(mail["To"]))) == "Kovács Anna <anna@acme.example>"
    assert mail["Message-ID"] == "<maild.15789.k7qx2mpd@desk.example>"
    assert mail["In-Reply-To"] == "<their@acme.example>"
    assert mail["References"].split() == ["<root@desk.example>", "<their@acme.example>"]
    assert mail["Date"] == "Mon, 02 Nov 2026 09:30:05 +0000"
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert mail["X-MS-Reactions"] == "disallow"
    assert mail["Content-Language"] == "hu"
    assert mail["X-Maild-Instance"] == "i-7f3a"
    assert mail["X-Maild-Ticket"] == "15789"
    assert "Reply-To" not in mail
    assert "Cc" not in mail


def test_agents_own_words_are_not_marked_automatic() -> None:
    mail = parsed(compose(replace(MAIL, auto="", from_name="Kata"), WORDS, SETTINGS))
    assert "Auto-Submitted" not in mail
    assert "X-Auto-Response-Suppress" not in mail
    assert mail["X-MS-Reactions"] == "disallow"
    assert str(make_header(decode_header(mail["From"]))).startswith("Kata (Példa")


def test_reply_to_is_the_plus_address_when_given() -> None:
    mail = parsed(compose(replace(MAIL, reply_to="help+k7qx@desk.example"), WORDS, SETTINGS))
    assert mail["Reply-To"].endswith("<help+k7qx@desk.example>")


def test_same_values_give_the_same_bytes() -> None:
    assert compose(MAIL, WORDS, SETTINGS) == compose(replace(MAIL), replace(WORDS), SETTINGS)


@given(ANY, ANY, ANY)
def test_any_words_come_back_out_of_the_mail(subject: str, text: str, html: str) -> None:
    raw = compose(MAIL, Rendered(subject, text, html), SETTINGS)
    mail = parsed(raw)
    plain, rich = mail.get_payload()

    assert text_of(plain).rstrip("\n") == _newlines(text).rstrip("\n")
    shown = _newlines(html)
    if rich["Content-Transfer-Encoding"] == "7bit":
        shown = shown.encode("ascii", "xmlcharrefreplace").decode()
    assert text_of(rich).rstrip("\n") == shown.rstrip("\n")
    assert str(make_header(decode_header(mail["Subject"].replace("\r\n", "")))) == clean_line(subject)
    assert sorted(mail.keys()) == sorted(parsed(compose(MAIL, WORDS, SETTINGS)).keys())
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def html_part(html: str) -> Any:
    return parsed(compose(MAIL, replace(WORDS, html=html), SETTINGS)).get_payload()[1]


def test_html_travels_as_ascii_lines_with_numbers_for_other_characters() -> None:
    part = html_part(
        "<style>p { color: red }</style>\n<p>Jóváhagyom, a rendelést köszönjük.</p>\n" + "<p>ok</p>\n" * 9
    )
    assert part["Content-Transfer-Encoding"] == "7bit"
    assert "<p>J&#243;v&#225;hagyom," in text_of(part)
    assert html_lib.unescape(text_of(part)).endswith(
        "<p>Jóváhagyom, a rendelést köszönjük.</p>\n" + "<p>ok</p>\n" * 9
    )


@pytest.mark.parametrize(
    "html",
    [
        "<p>" + "long " * 300 + "</p>",
        "<p>mail<br>\nFrom here on</p>",
        "<style>p::before { content: '→' } /* " + "-" * 90 + " */</style><p>ok</p>",
        "<p>Заявка принята, спасибо</p>",
    ],
)
def test_html_that_ascii_lines_would_harm_is_encoded(html: str) -> None:
    part = html_part(html + "\n")
    assert part["Content-Transfer-Encoding"] in ("quoted-printable", "base64")
    assert text_of(part).strip() == html


@settings(deadline=None)  # the first one compiles the templates
@given(ANY)
def test_any_customer_subject_makes_no_header(subject: str) -> None:
    rendered = whole(render_notice("accepted", "en", {"number": 7, "subject": subject}, SETTINGS))
    mail = parsed(compose(MAIL, rendered, SETTINGS))
    assert sorted(mail.keys()) == sorted(parsed(compose(MAIL, WORDS, SETTINGS)).keys())
    assert str(make_header(decode_header(mail["Subject"].replace("\r\n", "")))).startswith("[#7]")


def test_text_with_a_boundary_in_it_stays_in_its_part() -> None:
    raw = compose(MAIL, WORDS, SETTINGS)
    boundary = parsed(raw).get_boundary()
    again = parsed(compose(MAIL, replace(WORDS, text=f"--{boundary}--\nlast line\n"), SETTINGS))
    assert "last line" in text_of(again.get_payload()[0])


def test_logo_travels_inline_only_where_it_is_shown() -> None:
    logo = b"\x89PNG\r\n\x1a\n" + b"x" * 500
    plain = parsed(compose(MAIL, WORDS, SETTINGS, logo))
    assert [part.get_content_type() for part in plain.walk()].count("image/png") == 0
    shown = replace(WORDS, html=f'<img src="cid:{LOGO_CID}">')
    mail = parsed(compose(MAIL, shown, SETTINGS, logo))
    types = [part.get_content_type() for part in mail.walk()]
    assert types == ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"]
    picture = list(mail.walk())[-1]
    assert picture["Content-ID"] == f"<{LOGO_CID}>"
    assert picture.get_payload(decode=True) == logo


@pytest.mark.parametrize(
    "name",
    ["offer.pdf", "árajánlat.pdf", "ű" * 90 + ".pdf", 'a"b.pdf', "../../etc/passwd", "a\r\nBcc: x.pdf", ""],
)
def test_enclosed_file_comes_back_with_a_safe_name(name: str) -> None:
    mail = parsed(
        compose(
            replace(MAIL, enclosures=(Enclosure(name, "application/pdf", b"%PDF" * 99),)), WORDS, SETTINGS
        )
    )
    assert mail.get_content_type() == "multipart/mixed"
    part = mail.get_payload()[1]
    assert part.get_payload(decode=True) == b"%PDF" * 99
    assert part.keys() == ["Content-Type", "Content-Transfer-Encoding", "Content-Disposition"]
    found = part.get_filename()
    assert found
    assert not set(found) & set("/\\\r\n")
    if name == "árajánlat.pdf":
        assert found == name


def test_dangerous_types_of_enclosures_become_plain_octets() -> None:
    for kind in ("message/rfc822", "multipart/mixed", "text/html; charset=x", "a\r\nb/c", ""):
        mail = parsed(compose(replace(MAIL, enclosures=(Enclosure("x", kind, b"x"),)), WORDS, SETTINGS))
        assert mail.get_payload()[1].get_content_type() == "application/octet-stream"


def test_references_keep_the_root_and_the_newest() -> None:
    many = tuple(f"<{n}@desk.example>" for n in range(60))
    kept = capped((*many, "<59@desk.example>", "not an id"))
    assert len(kept) == REFERENCES
    assert kept[0] == "<0@desk.example>"
    assert kept[-1] == "<59@desk.example>"


def test_unfit_recipients_are_left_out_and_none_at_all_is_refused() -> None:
    two = replace(MAIL, to=(Mailbox("anna@acme.example\r\nBcc: x"), Mailbox("boss@acme.example")))
    assert parsed(compose(two, WORDS, SETTINGS))["To"] == "boss@acme.example"
    with pytest.raises(ValueError, match="To: no address"):
        compose(replace(MAIL, to=(Mailbox("nobody"),)), WORDS, SETTINGS)
    with pytest.raises(ValueError, match="is not a Message-ID"):
        compose(replace(MAIL, message_id="<a b>"), WORDS, SETTINGS)


def test_date_is_in_utc() -> None:
    at = datetime.fromisoformat("2026-01-01T00:30:00+01:00")
    assert rfc_date(at) == "Wed, 31 Dec 2025 23:30:00 +0000"
