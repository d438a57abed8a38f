"""winmail.dat ([MS-OXTNEF]): what Outlook packed into it, unpacked in place of the container.

tnefparse decodes objects and MAPI properties; walking them and putting attachments together is ours, since its own
walk copies the rest of the file for each object, strips NULs off contents and gives up on names in other codepages.
"""

from __future__ import annotations

import logging
import struct
from dataclasses import dataclass, field
from typing import Any

from maild.parse import charsets, rtf
from maild.parse.caps import ParseLimits

SIGNATURE = b"\x78\x9f\x3e\x22"
_NAME_LONG, _NAME_SHORT, _DISPLAY = 0x3707, 0x3704, 0x3001
_DATA, _MIME, _CONTENT_ID, _HIDDEN = 0x3701, 0x370E, 0x3712, 0x7FFE
_BODY, _HTML, _RTF = 0x1000, 0x1013, 0x1009
_CODEPAGE = 0x3FDE
_RENDDATA, _TITLE, _ATTDATA, _ATTACHMENT, _MAPIPROPS, _OEM, _ATTBODY = (
    0x9002,
    0x8010,
    0x800F,
    0x9005,
    0x9003,
    0x9007,
    0x800C,
)
_MESSAGE = b"\x07\x03\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46"
_MAX_DEPTH = 3


@dataclass(slots=True)
class TnefFile:
    """One file in the container. `message` holds an embedded mail's own unpacked content."""

    name: str = ""
    type: str = ""
    data: bytes = b""
    content_id: str = ""


@dataclass(slots=True)
class Tnef:
    """What a container holds."""

    files: list[TnefFile] = field(default_factory=list)
    text: str = ""
    html: str = ""
    rtf: bytes = b""
    broken: bool = False


def is_tnef(data: bytes) -> bool:
    """True for the signature 0x223E9F78."""
    return data[:4] == SIGNATURE


def read_tnef(data: bytes, limits: ParseLimits, depth: int = 0) -> Tnef | None:
    """Content of a container, None when it cannot be read at all. Broken ones give what they can."""
    if not is_tnef(data) or len(data) < 6 or len(data) > limits.tnef_bytes:
        return None
    logging.getLogger("tnefparse").setLevel(logging.CRITICAL)
    found = Tnef()
    codepage = "cp1252"
    current: dict[int, Any] | None = None
    pos = 6
    for _ in range(limits.tnef_objects):
        if pos + 9 > len(data):
            break
        level = data[pos]
        name, _kind, length = struct.unpack_from("<HHI", data, pos + 1)
        content = data[pos + 9 : pos + 9 + length]
        if level not in (1, 2) or len(content) < length:
            found.broken = True
            if level not in (1, 2):
                break
        pos += 9 + length + 2
        try:
            if name == _OEM and length >= 4:
                codepage = rtf._codepage(struct.unpack_from("<I", content)[0])
            elif name == _RENDDATA:
                _finish(found, current, limits, depth)
                current = {}
            elif level == 2:
                current = current if current is not None else {}
                _attachment_object(current, name, content, codepage)
            elif name == _MAPIPROPS:
                _message_properties(found, content)
            elif name == _ATTBODY and not found.text:
                found.text = charsets.decode_text(content.rstrip(b"\0"), codepage)[0]
        except (struct.error, ValueError, IndexError, TypeError, LookupError):
            found.broken = True
    else:
        found.broken = True
    _finish(found, current, limits, depth)
    return found


def _properties(content: bytes) -> dict[int, list[Any]]:
    """MAPI properties by id; strings of 8 bits come as latin-1, to be decoded by who knows the codepage."""
    from tnefparse.mapi import decode_mapi

    found: dict[int, list[Any]] = {}
    for attribute in decode_mapi(content, "latin-1"):
        raw = attribute.raw_data
        found.setdefault(attribute.name, raw if isinstance(raw, list) else [raw])
    return found


def _string(value: Any, codepage: str) -> str:
    """A property's value as text."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, bytes):
        return charsets.decode_text(value.rstrip(b"\0"), codepage)[0]
    text = str(value).rstrip("\0")
    try:
        return charsets.decode_text(text.encode("latin-1"), codepage)[0]
    except UnicodeEncodeError:
        return text.lstrip("\ufeff")


def _attachment_object(current: dict[int, Any], name: int, content: bytes, codepage: str) -> None:
    if name == _TITLE:
        current["title"] = _string(content, codepage)  # type: ignore[index]
    elif name == _ATTDATA:
        current["data"] = content  # type: ignore[index]
    elif name == _ATTACHMENT:
        lengths = _binary_lengths(content)
        for ident, values in _properties(content).items():
            if ident == _DATA:
                value = values[0] if values else b""
                if isinstance(value, bytes):
                    current[_DATA] = value[: lengths.get(_DATA, len(value))]
            elif ident in (_NAME_LONG, _NAME_SHORT, _DISPLAY, _MIME, _CONTENT_ID):
                current[ident] = _string(values, codepage)


def _binary_lengths(content: bytes) -> dict[int, int]:
    """True length of the attachment's data: tnefparse gives it padded to four bytes."""
    for kind in (0x0102, 0x000D):
        at = content.find(struct.pack("<HHI", kind, _DATA, 1))
        if at >= 0 and at + 12 <= len(content):
            return {_DATA: struct.unpack_from("<I", content, at + 8)[0]}
    return {}


def _message_properties(found: Tnef, content: bytes) -> None:
    properties = _properties(content)
    codepage = "cp1252"
    if _CODEPAGE in properties:
        raw = properties[_CODEPAGE][0]
        if isinstance(raw, bytes) and len(raw) >= 4:
            codepage = rtf._codepage(struct.unpack_from("<I", raw)[0])
    if _BODY in properties:
        found.text = _string(properties[_BODY], codepage)
    if _HTML in properties:
        found.html = _string(properties[_HTML], codepage)
    if _RTF in properties:
        raw = properties[_RTF][0]
        if isinstance(raw, bytes):
            found.rtf = raw


def _finish(found: Tnef, current: dict[int, Any] | None, limits: ParseLimits, depth: int) -> None:
    if not current:
        return
    names: dict[Any, Any] = current
    data = names.get("data", b"")
    inner = names.get(_DATA, b"")
    name = names.get(_NAME_LONG) or names.get("title") or names.get(_NAME_SHORT) or names.get(_DISPLAY) or ""
    if inner.startswith(_MESSAGE):
        # an embedded mail: its files are shown as this mail's own, its text as a file
        nested = read_tnef(inner[len(_MESSAGE) :], limits, depth + 1) if depth < _MAX_DEPTH else None
        if nested is None:
            found.files.append(TnefFile(name or "message.dat", "application/ms-tnef", inner[len(_MESSAGE) :]))
            return
        text = tnef_text(nested, limits)
        found.files.append(TnefFile(f"{name or 'message'}.txt", "text/plain", text.encode("utf-8")))
        found.files.extend(nested.files)
        return
    data = data or inner
    if not data and not name:
        return
    found.files.append(
        TnefFile(name, str(names.get(_MIME, "")), data, str(names.get(_CONTENT_ID, "")).strip("<>"))
    )


def tnef_text(found: Tnef, limits: ParseLimits) -> str:
    """Readable text of the container's own message: plain, else HTML, else RTF."""
    from maild.parse.html import html_to_text

    if found.text.strip():
        return found.text
    if found.html.strip():
        return html_to_text(found.html[: limits.html_chars]).text
    if found.rtf:
        return rtf_body(found.rtf, limits)
    return ""


def rtf_body(packed: bytes, limits: ParseLimits) -> str:
    """Text of compressed RTF ([MS-OXRTFCP]); "" for damage."""
    from compressed_rtf import decompress

    from maild.parse.html import html_to_text

    if len(packed) > limits.rtf_bytes or len(packed) < 16:
        return ""
    size = struct.unpack_from("<I", packed)[0] + 4
    plain = b""
    for candidate in (packed[:size], packed, packed + b"\0"):
        try:
            plain = decompress(candidate)
            break
        except Exception:  # the library raises bare Exception for damage
            continue
    text, is_html = rtf.rtf_to_text(plain[: limits.rtf_bytes])
    return html_to_text(text[: limits.html_chars]).text if is_html else text
