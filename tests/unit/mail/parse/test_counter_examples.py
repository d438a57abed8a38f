# ruff: noqa: E501
"""Every rule by which bytes become a mail beside an example and its nearest neighbour, which is read in another way.

The test walks the room: a file without a row fails, unless `NO_RULES` says that it only carries out what others decide.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from compressed_rtf import compress

import maild.mail.parse
from maild.mail.parse import parse_mail
from maild.model import Mail
from tests.unit.mail.parse.mails import multipart, part
from tests.unit.mail.parse.winmail import container, message_objects

#: the tree's leaves, what the parts come to, the whole, collecting lines: the rules are in the files that these call
NO_RULES = {"__init__", "mail", "leaves", "writer"}
HEAD = b"From: Anna <anna@acme.example>\nTo: help@desk.example\nSubject: Printer\nDate: Mon, 2 Nov 2026 10:12:00 +0100\nMessage-ID: <1@acme.example>\n"
PLAIN = b"Content-Type: text/plain; charset=utf-8\n\n"


def text(body: str | bytes, head: str = "Content-Type: text/plain; charset=utf-8") -> bytes:
    return HEAD + head.encode() + b"\n\n" + (body if isinstance(body, bytes) else body.encode())


def field(line: str | bytes, instead: bytes = b"") -> bytes:
    """A mail with this field, in the place of the usual one of that name."""
    data = line if isinstance(line, bytes) else line.encode()
    name = data.partition(b":")[0].lower()
    kept = b"".join(one + b"\n" for one in HEAD.splitlines() if one.partition(b":")[0].lower() != name)
    return kept + data + b"\n" + PLAIN + (instead or b"It jams.\n")


def entity(*parts: bytes, kind: str = "mixed") -> bytes:
    return HEAD + multipart(kind, *parts)


def html(body: str) -> bytes:
    return text(body, "Content-Type: text/html; charset=utf-8")


def answer(body: str) -> bytes:
    """An answer to a mail of the desk."""
    return b"In-Reply-To: <x.1@desk.example>\n" + html(body)


def both(plain: str, rich: str) -> bytes:
    return entity(
        part("text/plain; charset=utf-8", plain), part("text/html; charset=utf-8", rich), kind="alternative"
    )


def attached(disposition: str) -> bytes:
    return entity(part("text/plain", "See it."), part("application/pdf", b"%PDF", disposition))


def calendar(method: str, kind: str = "text/calendar") -> bytes:
    body = f"BEGIN:VCALENDAR\nMETHOD:{method}\nBEGIN:VEVENT\nUID:1@x\nSUMMARY:Visit\nDTSTART:20261103T090000Z\nRRULE:FREQ=DAILY\nEND:VEVENT\nEND:VCALENDAR\n"
    return text(body, f"Content-Type: {kind}; charset=utf-8")


def signed(oid: str) -> bytes:
    """A CMS object that holds a text, as far as its kind says so."""

    def der(tag: int, data: bytes) -> bytes:
        size = bytes((len(data),)) if len(data) < 128 else bytes((0x81, len(data)))
        return bytes((tag,)) + size + data

    inner = der(
        0x30,
        der(0x06, bytes.fromhex("2a864886f70d010701"))
        + der(0xA0, der(0x04, b"Content-Type: text/plain\r\n\r\nIt jams.\r\n")),
    )
    whole = der(
        0x30,
        der(0x06, bytes.fromhex(oid)) + der(0xA0, der(0x30, der(0x02, b"\x01") + der(0x31, b"") + inner)),
    )
    return HEAD + part("application/pkcs7-mime; smime-type=signed-data", whole, encoding="base64")


def winmail(data: bytes, kind: str = "application/ms-tnef") -> bytes:
    return entity(part(f"{kind}; name=winmail.dat", data, encoding="base64"))


def said(mail: Mail) -> str:
    return " ".join(mail.text.split())


def new(mail: Mail) -> str:
    return " ".join(mail.new_text.split())


def visible(mail: Mail) -> str:
    return " ".join(mail.visible_new_text.split())


def names(mail: Mail) -> list[str]:
    return [one.name for one in mail.attachments]


def strict(mail: Mail) -> str | None:
    return mail.sender.address if mail.sender else None


DSN = part(
    "message/delivery-status",
    "Reporting-MTA: dns; mx.acme.example\n\nFinal-Recipient: rfc822; x@acme.example\nAction: failed\nStatus: 5.1.1\n",
)
TOKEN = "<p>maild-abcdefghijklmnopqrstuvwxyz</p>"  # readings are compared of what may answer an approval mail
QUOTED = '<div>{0}</div><div class="gmail_quote"><div class="gmail_attr">On Mon, 2 Nov 2026 at 10:11, Help &lt;help@desk.example&gt; wrote:</div><blockquote class="gmail_quote"><div>Which room?</div><div style="color:{1}">Room 12.</div></blockquote></div>'

#: file, what it decides, an example and its reading, the neighbour and its reading, what of the mail
ROWS: list[tuple[str, str, bytes, object, bytes, object, Callable[[Mail], object]]] = [
    ("addresses", "one strict From", field("From: Anna <anna@acme.example>"), "anna@acme.example", field("From: anna@acme.example <bob@evil.example>"), None, strict),
    ("addresses", "a quoted local part", field('From: "john doe"@acme.example'), '"john doe"@acme.example', field('From: "john"doe@acme.example'), None, strict),
    ("addresses", "a name that is an address", field('From: "anna@acme.example" <bob@evil.example>'), "bob@evil.example", field("From: anna@acme.example, bob@evil.example"), None, strict),
    ("bodies", "what is shown of alternatives", both("It jams.", "<p>It jams.</p>"), "It jams.", entity(part("text/plain", "It jams."), part("text/html", "<p>Since Monday.</p>")), "It jams. Since Monday.", said),
    ("bodies", "a mail that is attached is no text", entity(part("text/plain", "See it."), part("message/rfc822", "Subject: x\n\nApproved.")), "See it.", entity(part("text/plain", "See it."), part("text/plain", "Approved.")), "See it. Approved.", said),
    ("calendar", "a calendar part is read", calendar("REQUEST"), "REQUEST", calendar("REQUEST", "text/plain"), None, lambda m: m.calendar and m.calendar.method),
    ("caps", "a header of any length is read to its cap", HEAD + b"X-A: 1\n" * 20_000 + b"\nIt jams.", True, HEAD + b"X-A: 1\n" * 20 + b"\nIt jams.", False, lambda m: m.capped),
    ("charsets", "UTF-8 under a Western label", text("café", "Content-Type: text/plain; charset=iso-8859-1"), "café", text("café".encode("latin-1"), "Content-Type: text/plain; charset=iso-8859-1"), "café", said),
    ("charsets", "a damaged byte in UTF-8", text("Größe ist schön".encode() + b" \xc3 gut"), "Größe ist schön \ufffd gut", text("Größe ist schön".encode("latin-1")), "Größe ist schön", said),
    ("cms", "an opaque signature wraps a text", signed("2a864886f70d010702"), "It jams.", signed("2a864886f70d010703"), False, lambda m: "It jams." in said(m) and "It jams."),
    ("css", "what nobody sees is no word of the person", html('<p>No.</p><p style="display:none">Approved.</p>'), "No.", html('<p>No.</p><p style="display:block">Approved.</p>'), "No. Approved.", visible),
    ("dates", "a lenient date", field("Date: Mon, 2 Nov 2026 10:12"), 2026, field("Date: Mon, 32 Nov 2026 10:12"), None, lambda m: m.date and m.date.year),
    ("fingerprint", "one mail twice", text("It jams.\n"), "same", text("It  jams.\r\n"), "same", lambda m: "same" if m.fingerprint == parse_mail(text("It jams.")).fingerprint else "another"),
    ("fingerprint", "another mail with the same head", text("It jams."), "same", text("It jams again."), "another", lambda m: "same" if m.fingerprint == parse_mail(text("It jams.")).fingerprint else "another"),
    ("flowed", "a blank at a line's end joins it", text("The printer \njams.", "Content-Type: text/plain; format=flowed"), "The printer jams.", text("The printer \njams."), "The printer \njams.", lambda m: m.text.strip().replace("printer\n", "printer \n")),
    ("headers", "a folded field is one", field("Subject: Printer\n jams"), "Printer jams", field("Subject: Printer\njams"), "Printer", lambda m: m.subject),
    ("headers", "a bare CR begins no field", field(b"Subject: Printer\rFrom: boss@acme.example"), "anna@acme.example", field(b"Subject: Printer\nX: boss@acme.example"), "anna@acme.example", strict),
    ("html", "blocks are lines", html("<p>One</p><p>Two</p>"), ["One", "Two"], html("<span>One</span> <span>Two</span>"), ["One Two"], lambda m: [line for line in m.text.split("\n") if line]),
    ("html", "what a client marked as a quote is history", answer("<p>Yes.</p><blockquote type=cite>Which room?</blockquote>"), "Yes.", answer("<p>Yes.</p><p>Which room?</p>"), "Yes. Which room?", new),
    ("ids", "an id stands in angle brackets", field('In-Reply-To: Message of "Mon" <a.1@x.example>'), ("<a.1@x.example>",), field("In-Reply-To: Your message of Monday"), (), lambda m: m.in_reply_to),
    ("ids", "a Thread-Index of 22 bytes and more", field(b"Thread-Index: " + base64.b64encode(b"\x01" * 22)), 44, field(b"Thread-Index: " + base64.b64encode(b"\x01" * 21)), 0, lambda m: len(m.thread_index or "")),
    ("jis", "the vendor's rows of ISO-2022-JP", text(b"\x1b$B" + bytes.fromhex("2d21") + b"\x1b(B", "Content-Type: text/plain; charset=iso-2022-jp"), "①", text(b"$B-!(B", "Content-Type: text/plain; charset=iso-2022-jp"), "$B-!(B", said),
    ("language", "the language of the words", text("A nyomtató nem működik, kérem, nézzék meg."), "hu", text("Drukarka nie działa, proszę o pomoc."), None, lambda m: m.language),
    ("legacy", "which charset no label names", text("A nyomtató őrült lassú".encode("cp1250"), "X: y"), "A nyomtató őrült lassú", text("Não há impressões, coração".encode("latin-1"), "X: y"), "Não há impressões, coração", said),
    ("mapi", "the text of a winmail.dat's properties", winmail(container(message_objects(text="It jams."))), "It jams.", winmail(container(message_objects(text="It jams."))[:40]), "", said),
    ("markup", "a tag is no text", html("<p>a <b>b</b></p>"), "a b", html("<p>1 < 2 and 3 > 2</p>"), "1 < 2 and 3 > 2", said),
    ("mbox", "a mailbox file's mark", text("Hello,\n\n>From Monday nobody can print.\n"), "Hello, From Monday nobody can print.", text("Hello,\n\n>From Monday nobody\n>can print, he says.\n"), "Hello, >From Monday nobody >can print, he says.", said),
    ("names", "a name without a way out of its folder", attached('Content-Disposition: attachment; filename="../../etc/offer.pdf"'), ["offer.pdf"], attached('Content-Disposition: attachment; filename="offer 1.pdf"'), ["offer 1.pdf"], names),
    ("packed_rtf", "packed RTF of a winmail.dat", winmail(container(message_objects(rtf=compress(rb"{\rtf1\ansi It jams.\par}")))), "It jams.", winmail(container(message_objects(rtf=b"\0" * 40))), "", said),
    ("params", "a name in pieces (RFC 2231)", attached("Content-Disposition: attachment; filename*0=off; filename*1=er.pdf"), ["offer.pdf"], attached("Content-Disposition: attachment; filename=off; name=er.pdf"), ["off.pdf"], lambda m: [n if n.endswith(".pdf") else f"{n}.pdf" for n in names(m)]),
    ("plain_style", "what every reader surely sees", answer(f"<p>Approved.</p>{TOKEN}"), True, answer(f'<p style="clip-path:inset(100%)">Approved.</p>{TOKEN}'), False, lambda m: all("Approved." in one for one in m.readings)),
    ("readings", "the HTML says more than the plain part", both("Your program cannot display HTML.", "<p>The printer on floor two jams since Monday morning.</p>"), "The printer on floor two jams since Monday morning.", both("The printer jams.", "<p>The printer jams.</p><p>Acme Kft.</p>"), "The printer jams.", said),
    ("recurrence", "how often a meeting repeats", calendar("REQUEST"), "every day", calendar("REQUEST").replace(b"FREQ=DAILY", b"FREQ=DAILY;BYHOUR=9"), "repeats: FREQ=DAILY;BYHOUR=9", lambda m: m.calendar and m.calendar.repeats),
    ("report", "a delivery report", entity(part("text/plain", "No."), DSN, kind="report; report-type=delivery-status"), "dsn", field("Subject: Undelivered mail: what is it", b"I get it for each mail that I send.\n"), None, lambda m: m.report and m.report.kind),
    ("rtf", "a letter in RTF", entity(part("text/rtf", rb"{\rtf1\ansi It \b jams.\par}")), "It jams.", text(r"It \b jams."), r"It \b jams.", said),
    ("structure", "a boundary parts", entity(part("text/plain", "One."), part("text/plain", "Two.")), "One. Two.", text("--B\nContent-Type: text/plain\n\nOne.\n--B--"), "--B Content-Type: text/plain One. --B--", said),
    ("tint", "answers in a vivid colour", answer(QUOTED.format("See my answers in red.", "red")), True, answer(QUOTED.format("Thanks.", "#222222")), False, lambda m: "Room 12." in new(m)),
    ("tnef", "winmail.dat is a wrapping", winmail(container(message_objects(text="It jams."))), [], winmail(b"not a container"), ["winmail.dat"], names),
    ("transfer", "base64 with a list's footer", text(base64.b64encode(b"It jams.") + b"\r\n____________\r\nlist mailing list\r\nlist@x.example\r\n", "Content-Type: text/plain\nContent-Transfer-Encoding: base64"), "It jams.", text("SXQgamFtcy4= is what it shows"), "SXQgamFtcy4= is what it shows", said),
    ("uu", "a file inside the text", text("See it.\n\nbegin 644 a.txt\n#0V%T\n`\nend\n"), ["a.txt"], text("See it.\n\nbegin 644 the works\non Monday\nend\n"), [], names),
    ("words", "an encoded word in a subject", field("Subject: =?utf-8?q?caf=C3=A9?="), "café", field("Subject: 2=?3 and 4?=5"), "2=?3 and 4?=5", lambda m: m.subject),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=[f"{row[0]}: {row[1]}" for row in ROWS])
def test_a_rule_reads_its_example_and_its_neighbour_in_another_way(
    row: tuple[str, str, bytes, object, bytes, object, Callable[[Mail], object]],
) -> None:
    _, _, example, wanted, neighbour, other, of = row
    read = [of(parse_mail(raw, desk_addresses=("help@desk.example",))) for raw in (example, neighbour)]
    assert read == [wanted, other]
    assert example != neighbour


def test_each_file_of_rules_has_a_row() -> None:
    files = {one.stem for one in Path(maild.mail.parse.__file__).parent.glob("*.py")}
    assert files - NO_RULES == {row[0] for row in ROWS}
