"""Header fields as bytes. What a customer wrote can become part of a value, never a field of its own.

RFC 5322 (sections 2.2.3 folding, 3.4 addresses, 3.6.4 ids), RFC 2047 (encoded words), RFC 6532 (addresses
outside ASCII). Built by hand: `EmailMessage` of Python before 3.11.15 writes an encoded line end of a
subject as a real one (CVE-2026-1299), and is ten times slower.
"""

from __future__ import annotations

import re
from binascii import b2a_base64
from collections.abc import Iterable
from functools import lru_cache

from maild.mail.text.addresses import written
from maild.render.clean import clean_line

FOLD = 78  # RFC 5322, section 2.1.1: should not be longer
_WORD = 75  # RFC 2047, section 2: longest encoded word
_NAME = re.compile(r"[!-9;-~]{1,60}")  # RFC 5322, section 3.6.8: printable ASCII but the colon
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")
_LOCAL = re.compile(
    r"[^\s\"(),:;<>@\[\]\\\x00-\x20\x7f-\xa0]{1,200}"  # dot-atom, UTF-8 too
    r"|\"(?:[ !#-\[\]-~]|\\[ -~]){0,200}\""  # quoted-string
)
_DOMAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252}[A-Za-z0-9_])?|\[[0-9A-Za-z:.]{2,60}\]")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]{1,60}")
#: how each octet stands in a "Q" word: RFC 2047, section 5 (3), the set that is safe in a phrase too
_Q = tuple(
    "_" if octet == 32
    else chr(octet) if chr(octet) in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!*+-/"
    else f"={octet:02X}"
    for octet in range(256)
)  # fmt: skip


def header(name: str, value: str) -> bytes:
    """One unstructured field, folded, ending in CRLF. Line ends and controls in `value` become spaces or go.

    ValueError for a name that no header field may have.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not the name of a header field")
    return f"{name}: {_unstructured(value, len(name) + 2)}\r\n".encode("ascii")


def _unstructured(value: str, used: int) -> str:
    text = clean_line(value)
    if text.isascii():
        if used + len(text) <= FOLD and "=?" not in text:
            return text
        # Text that looks like an encoded word would be decoded by the reader: encode it, so it shows as it is.
        if "=?" not in text and max(map(len, text.split(" "))) < 900:
            return _fold(text, used)
    return encoded_words(text, used)


def _fold(text: str, used: int) -> str:
    lines, line, room = [], "", FOLD - used
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > room:
            lines.append(line)
            line, room = word, FOLD - 1
        else:
            line = f"{line} {word}" if line else word
    lines.append(line)
    return "\r\n ".join(lines)


def encoded_words(text: str, used: int) -> str:
    """`text` as encoded words, split between characters, folded after `used` columns of the first line."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    plain = sum(octet < 128 for octet in text.encode())
    as_q = plain * 3 >= len(text.encode()) * 2
    head, tail = ("=?utf-8?q?", "?=") if as_q else ("=?utf-8?b?", "?=")
    room = min(_WORD, FOLD - 2 - used) - len(head) - len(tail)
    words: list[str] = []
    piece: list[str] = []
    length = 0
    for char in text:
        octets = char.encode()
        shown = "".join(_Q[octet] for octet in octets) if as_q else char
        cost = len(shown) if as_q else len(octets)
        # base64 makes four of three, rounded up to whole groups
        full = length + cost > room if as_q else -(-(length + cost) // 3) * 4 > room
        if full and piece:
            words.append(_encoded(piece, as_q, head, tail))
            piece, length, room = [], 0, _WORD - len(head) - len(tail)
        piece.append(shown)
        length += cost
    words.append(_encoded(piece, as_q, head, tail))
    return "\r\n ".join(words)


def _encoded(piece: list[str], as_q: bool, head: str, tail: str) -> str:
    text = "".join(piece)
    return head + (text if as_q else b2a_base64(text.encode(), newline=False).decode()) + tail


def valid_address(address: str) -> bool:
    """Can `address` stand between angle brackets? RFC 5321, section 4.1.2; local parts may be UTF-8."""
    local, at, domain = address.rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        return False
    return local.isascii() or (clean_line(local) == local and local.isprintable())


@lru_cache(maxsize=2048)
def mailbox(address: str, name: str = "") -> str:
    """RFC 5322, section 3.4: name-addr. ValueError for an address that could change the field."""
    if not valid_address(address):
        raise ValueError(f"{address!r} is not a mail address")
    name = clean_line(name)[:120].strip()
    spec = written(address)
    if not name or name == address:
        return spec
    return f"{_phrase(name)} <{spec}>"


def unreachable_group(address: str) -> str:
    """An address that is not ASCII among others that are, as a group with nobody in it (RFC 6857, section 3.1.8): the
    header stays one that every relay takes, and still says who else got the mail."""
    return f"{encoded_words(address, 12)}:;"


def _phrase(name: str) -> str:
    if not name.isascii() or "=?" in name or len(name) > 60:
        return encoded_words(name, 12)
    if _ATOMS.fullmatch(name):
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def address_header(name: str, mailboxes: Iterable[tuple[str, str]], *, within: bool = False) -> bytes:
    """An address list field from (address, name) pairs, one mailbox a line when it gets long. `within`: another field
    of the mail has an ASCII address, so this one must need no SMTPUTF8.

    ValueError for an invalid address or an empty list (RFC 5322 has none).
    """
    pairs = list(mailboxes)
    mixed = any(address.isascii() for address, _ in pairs)
    boxes = [
        mailbox(address, shown)
        if address.isascii() or not (mixed or within) or not valid_address(address)
        else unreachable_group(address)
        for address, shown in pairs
    ]
    if not boxes or not _NAME.fullmatch(name):
        raise ValueError(f"{name}: no address")
    return f"{name}: {_listed(boxes, ', ', len(name) + 2)}\r\n".encode()


def _listed(items: list[str], between: str, used: int) -> str:
    out, column = items[0], used + len(items[0])
    for item in items[1:]:
        if column + len(between) + len(item) > FOLD:
            out += between.rstrip() + "\r\n " + item
            column = 1 + len(item)
        else:
            out += between + item
            column += len(between) + len(item)
    return out


def valid_id(message_id: str) -> bool:
    """Is it a Message-ID that can stand in a header as it is (printable ASCII in angle brackets)?"""
    return bool(_MESSAGE_ID.fullmatch(message_id))


def id_header(name: str, message_ids: Iterable[str]) -> bytes:
    """RFC 5322, section 3.6.4: ids folded one a line; invalid ones are left out, b"" when none remains."""
    ids = [one for one in message_ids if valid_id(one)]
    return (f"{name}: " + "\r\n ".join(ids) + "\r\n").encode("ascii") if ids else b""
