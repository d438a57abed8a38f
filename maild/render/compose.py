"""A rendered notice as the bytes of a mail. The same values give the same bytes, always."""

from __future__ import annotations

import hashlib
from binascii import b2a_base64, b2a_qp
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache

from maild.model import Mailbox
from maild.render.clean import clean_line
from maild.render.header import address_header, header, id_header, valid_address, valid_id
from maild.render.notice import Rendered
from maild.render.page import LOGO_CID
from maild.settings import Settings
from maild.values import dataclass

#: ids kept in References: the ticket's root and the newest (RFC 5322 sets no limit, relays do)
REFERENCES = 20
#: RFC 5322, section 2.1.1 allows 998
LONGEST_LINE = 990
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with the mail. `type`: "application/pdf"."""

    name: str
    type: str
    content: bytes
    charset: str = ""  # of a text
    content_id: str = ""  # a picture inside the HTML, by this id (RFC 2392); "" = a file beside the mail


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One outbound row's frozen values (contract, Outgoing mail).

    `auto`: "auto-replied", "auto-generated" or "" for an agent's own words. `instance`: an opaque id of this
    installation, by which we know our own mails. `from_name`: shown before the desk's name. `consent_head`: the hash
    of the consent log's newest row, to which the mail is a witness.
    """

    to: tuple[Mailbox, ...]
    message_id: str
    date: datetime
    language: str = "en"
    cc: tuple[Mailbox, ...] = ()
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    reply_to: str | None = None
    auto: str = "auto-generated"
    instance: str = ""
    mark: str = ""  # of this very mail (X-Maild-Delivery): what returns it has seen it
    ticket: int | None = None
    enclosures: tuple[Enclosure, ...] = ()
    from_name: str = ""
    consent_head: str = ""


def compose(outgoing: Outgoing, rendered: Rendered, settings: Settings, logo: bytes = b"") -> bytes:
    """The whole mail with CRLF line ends.

    `logo` (PNG, JPEG or GIF) goes along inline when the HTML shows it. ValueError when the Message-ID, the
    date or every recipient is unfit; recipients whose address is unfit are left out.
    """
    head = _head(outgoing, rendered, settings)
    boundary = "=_" + hashlib.sha256(outgoing.message_id.encode()).hexdigest()[:24]
    text = text_part("plain", rendered.text)
    html = text_part("html", rendered.html)
    inside = [enclosure_part(one) for one in outgoing.enclosures if one.content_id]
    if logo and f"cid:{LOGO_CID}" in rendered.html:
        inside.insert(0, _logo(logo))
    if inside:
        html = multipart("related", boundary + "r", [html, *inside], '; type="text/html"')
    body = multipart("alternative", boundary + "a", [text, html])
    if beside := [enclosure_part(one) for one in outgoing.enclosures if not one.content_id]:
        body = multipart("mixed", boundary + "m", [body, *beside])
    return b"".join((*head, b"MIME-Version: 1.0\r\n", body))


def _head(outgoing: Outgoing, rendered: Rendered, settings: Settings) -> list[bytes]:
    if not valid_id(outgoing.message_id):
        raise ValueError(f"{outgoing.message_id!r} is not a Message-ID")
    desk = settings.desk
    shown = f"{outgoing.from_name} ({desk.name})" if outgoing.from_name else desk.name
    to, cc = _fit(outgoing.to), _fit(outgoing.cc)
    ascii_too = any(address.isascii() for address, _ in (*to, *cc))
    fields = [address_header("From", [(desk.address, shown)]), address_header("To", to, within=ascii_too)]
    if cc:
        fields.append(address_header("Cc", cc, within=ascii_too))
    fields.append(header("Subject", rendered.subject))
    fields.append(f"Date: {rfc_date(outgoing.date)}\r\nMessage-ID: {outgoing.message_id}\r\n".encode("ascii"))
    if outgoing.in_reply_to:
        fields.append(id_header("In-Reply-To", [outgoing.in_reply_to]))
    if outgoing.references:
        fields.append(id_header("References", capped(outgoing.references)))
    if outgoing.reply_to:
        fields.append(address_header("Reply-To", [(outgoing.reply_to, desk.name)]))
    fields.append(_constant("Content-Language", rendered.language or outgoing.language))
    if outgoing.auto:
        # RFC 3834, section 5. Never "All" for Exchange: that would suppress delivery reports too.
        fields.append(_constant("Auto-Submitted", outgoing.auto))
        fields.append(b"X-Auto-Response-Suppress: OOF, AutoReply\r\n")
    # Outlook offers a thumb in place of an answer; nobody would see it
    fields.append(b"X-MS-Reactions: disallow\r\n")
    if outgoing.instance:
        fields.append(_constant("X-Maild-Instance", outgoing.instance))
    if outgoing.mark:
        fields.append(f"X-Maild-Delivery: {outgoing.mark}\r\n".encode("ascii"))
    if outgoing.consent_head:
        fields.append(header("X-Maild-Consent-Log", outgoing.consent_head))
    if outgoing.ticket:
        fields.append(b"X-Maild-Ticket: %d\r\n" % outgoing.ticket)
    return fields


#: fields of which a desk writes few different ones
_constant = lru_cache(maxsize=64)(header)


def _fit(mailboxes: Iterable[Mailbox]) -> list[tuple[str, str]]:
    return [(box.address, box.name) for box in mailboxes if valid_address(box.address)]


def capped(references: tuple[str, ...]) -> list[str]:
    """Each id once; the first (the ticket's root, by which clients keep the thread) and the newest."""
    ids = [one for one in dict.fromkeys(references) if valid_id(one)]
    return ids if len(ids) <= REFERENCES else [ids[0], *ids[1 - REFERENCES :]]


def rfc_date(at: datetime) -> str:
    """RFC 5322, section 3.3, in UTC."""
    utc = at.astimezone(UTC)
    day, month = _WEEKDAYS[utc.weekday()], _MONTHS[utc.month - 1]
    time = f"{utc.hour:02d}:{utc.minute:02d}:{utc.second:02d}"
    return f"{day}, {utc.day:02d} {month} {utc.year:04d} {time} +0000"


def text_part(subtype: str, text: str) -> bytes:
    """A text part in UTF-8 with its header, in the encoding that is shortest and stays legible."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = _seven_bit(text) if subtype == "html" else None
    octets = text.encode("utf-8", "replace") if plain is None else b""
    # Quoted-printable stays legible and survives every relay; base64 is shorter for scripts far from Latin.
    if plain is not None:
        encoding, coded = b"7bit", plain
    elif len(octets) > len(text) * 1.4:
        encoding, coded = b"base64", _base64(octets)
    else:
        encoding = b"quoted-printable"
        coded = b2a_qp(octets, istext=True).replace(b"\n", b"\r\n")
    return b"Content-Type: text/%b; charset=utf-8\r\nContent-Transfer-Encoding: %b\r\n\r\n%b" % (
        subtype.encode(), encoding, coded,
    )  # fmt: skip


def _seven_bit(html: str) -> bytes | None:
    """HTML as ASCII lines that need no encoding (RFC 2045, section 2.7), other characters by their numbers: half
    the work for us, and a fifth shorter. None where that is not so, or a character would cost more than in base64.
    """
    octets = html.encode("ascii", "xmlcharrefreplace")
    if len(octets) > len(html) * 1.4 or b"\nFrom " in octets:
        return None
    # between style marks the numbers of characters mean nothing
    if len(octets) != len(html) and not html[html.find("<style") : html.rfind("</style")].isascii():
        return None
    return octets.replace(b"\n", b"\r\n") if _has_short_lines(octets) else None


def _has_short_lines(octets: bytes) -> bool:
    """Whether no line is longer than LONGEST_LINE: from each line's beginning to the last line end within reach."""
    start = 0
    while len(octets) - start > LONGEST_LINE:
        start = octets.rfind(b"\n", start, start + LONGEST_LINE + 1) + 1
        if not start:
            return False
    return True


def _base64(octets: bytes) -> bytes:
    # RFC 2045, section 6.8: lines of 76
    return b"".join(
        b2a_base64(octets[at : at + 57], newline=False) + b"\r\n" for at in range(0, len(octets), 57)
    )


def multipart(subtype: str, boundary: str, parts: list[bytes], parameters: str = "") -> bytes:
    """Parts in one, between marks that stand in none of them (RFC 2046, section 5.1.1)."""
    mark = boundary.encode()
    # "=_" cannot stand in quoted-printable or base64 (RFC 2045, section 6.7); HTML in 7bit or a header of a
    # part could hold it all the same.
    while any(mark in part for part in parts):
        mark += b"x"
    head = b'Content-Type: multipart/%b; boundary="%b"%b\r\n\r\n' % (
        subtype.encode(),
        mark,
        parameters.encode(),
    )
    middle = b"".join(b"--%b\r\n%b\r\n" % (mark, part) for part in parts)
    return head + middle + b"--%b--\r\n" % mark


@lru_cache(maxsize=4)
def _logo(content: bytes) -> bytes:
    kind = "png" if content.startswith(b"\x89PNG") else "gif" if content.startswith(b"GIF8") else "jpeg"
    return (
        f"Content-Type: image/{kind}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-ID: <{LOGO_CID}>\r\nContent-Disposition: inline; filename=logo.{kind}\r\n\r\n"
    ).encode("ascii") + _base64(content)


def enclosure_part(enclosure: Enclosure) -> bytes:
    """A file as a part, under a name and type that are no header, path or multipart."""
    major, _, minor = enclosure.type.partition("/")
    safe = major.isalnum() and minor.replace("-", "").replace(".", "").replace("+", "").isalnum()
    kind = enclosure.type if safe and enclosure.type.isascii() else "application/octet-stream"
    if kind.startswith(("multipart/", "message/")):  # may not be base64 (RFC 2046, section 5)
        kind = "application/octet-stream"
    return (
        header("Content-Type", f"{kind}; charset={enclosure.charset}" if enclosure.charset else kind)
        + b"Content-Transfer-Encoding: base64\r\n"
        + (f"Content-ID: <{enclosure.content_id}>\r\n".encode("ascii") if enclosure.content_id else b"")
        + f"Content-Disposition: {'inline' if enclosure.content_id else 'attachment'}; ".encode("ascii")
        + f"{_filename(enclosure.name)}\r\n\r\n".encode("ascii")
        + _base64(enclosure.content)
    )


def _filename(name: str) -> str:
    """The parameter filename, by RFC 2231 where the name is not plain ASCII."""
    name = clean_line(name).replace("/", "_").replace("\\", "_")[:100].strip(". ") or "file"
    if name.isascii() and '"' not in name:
        return f'filename="{name}"'
    # RFC 2231, section 3: continuations, each line short, no octet cut in two
    units = [chr(octet) if octet in _PLAIN else f"%{octet:02X}" for octet in name.encode("utf-8", "replace")]
    pieces = ["".join(units[at : at + 20]) for at in range(0, len(units), 20)]
    if len(pieces) == 1:
        return f"\r\n filename*=utf-8''{pieces[0]}"
    return ";".join(
        f"\r\n filename*{n}*=" + ("utf-8''" if n == 0 else "") + piece for n, piece in enumerate(pieces)
    )
