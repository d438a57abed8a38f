"""winmail.dat ([MS-OXTNEF]): what Outlook packed into it, unpacked in place of the container.

An own reader: tnefparse copies the rest of the file for each object, strips NULs off the contents of files, and
gives up on names in other codepages.
"""

from __future__ import annotations

import struct
from dataclasses import field

from maild.mail.parse import charsets, mapi, rtf
from maild.mail.parse.caps import ParseLimits
from maild.mail.parse.html import html_to_text, without_marks
from maild.mail.text import clean
from maild.values import dataclass

SIGNATURE = b"\x78\x9f\x3e\x22"
_NAME_LONG, _NAME_SHORT, _DISPLAY = 0x3707, 0x3704, 0x3001
_DATA, _MIME, _CONTENT_ID = 0x3701, 0x370E, 0x3712
_BODY, _HTML, _RTF = 0x1000, 0x1013, 0x1009
_CODEPAGE = 0x3FDE
_RENDDATA, _TITLE, _TRANSPORT, _ATTDATA, _ATTACHMENT, _MAPIPROPS, _OEM, _ATTBODY = (
    0x9002, 0x8010, 0x9001, 0x800F, 0x9005, 0x9003, 0x9007, 0x800C,
)  # fmt: skip
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
class _Attachment:
    """Pieces of one attachment, gathered from its objects."""

    title: str = ""  # attAttachTitle, in the codepage
    long: str = ""
    short: str = ""  # 8.3
    shown: str = ""
    transport: str = ""
    type: str = ""
    content_id: str = ""
    data: bytes = b""
    object: bytes = b""


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
    tnef = Tnef()
    codepage = "cp1252"
    current: _Attachment | None = None
    pos = 6
    for _ in range(limits.tnef_objects):
        if pos + 9 > len(data):
            break
        level = data[pos]
        name, _kind, length = struct.unpack_from("<HHI", data, pos + 1)
        content = data[pos + 9 : pos + 9 + length]
        if level not in (1, 2) or len(content) < length:
            tnef.broken = True
            if level not in (1, 2):
                break
        pos += 9 + length + 2
        try:
            if name == _OEM and length >= 4:
                codepage = rtf.codepage(struct.unpack_from("<I", content)[0])
            elif name == _RENDDATA:
                _finish(tnef, current, limits, depth)
                current = _Attachment()
            elif level == 2:
                current = current or _Attachment()
                _attachment_object(current, name, content, codepage)
            elif name == _MAPIPROPS:
                _message_properties(tnef, content, codepage)
            elif name == _ATTBODY and not tnef.text:
                tnef.text = _text(content, codepage)
        except (struct.error, ValueError):
            tnef.broken = True
    else:
        tnef.broken = True
    _finish(tnef, current, limits, depth)
    return tnef


def _string(prop: mapi.Property | None, codepage: str) -> str:
    """A property's value as text."""
    if prop is None:
        return ""
    if prop.is_unicode:
        return prop.value.decode("utf-16-le", "replace").rstrip("\0").lstrip("\ufeff")
    return _text(prop.value, codepage)


def _text(value: bytes, codepage: str) -> str:
    return charsets.decode_text(value.rstrip(b"\0"), codepage)[0]


def _attachment_object(current: _Attachment, name: int, content: bytes, codepage: str) -> None:
    if name == _TITLE:
        current.title = _text(content, codepage)
    elif name == _TRANSPORT:
        current.transport = _text(content, codepage)
    elif name == _ATTDATA:
        current.data = content
    elif name == _ATTACHMENT:
        properties = mapi.properties(content)
        current.long = _string(properties.get(_NAME_LONG), codepage)
        current.short = _string(properties.get(_NAME_SHORT), codepage)
        current.shown = _string(properties.get(_DISPLAY), codepage)
        current.type = _string(properties.get(_MIME), codepage)
        current.content_id = _string(properties.get(_CONTENT_ID), codepage).strip("<>")
        if _DATA in properties:
            current.object = properties[_DATA].value


def _message_properties(tnef: Tnef, content: bytes, codepage: str) -> None:
    properties = mapi.properties(content)
    internet = codepage
    if _CODEPAGE in properties and len(properties[_CODEPAGE].value) >= 4:
        internet = rtf.codepage(struct.unpack_from("<I", properties[_CODEPAGE].value)[0])
    tnef.text = _string(properties.get(_BODY), codepage) or tnef.text
    tnef.html = _string(properties.get(_HTML), internet)
    if _RTF in properties:
        tnef.rtf = properties[_RTF].value


def _longer(title: str, short: str) -> str:
    """A title is the whole name, or the 8.3 form of it once more."""
    return title if len(title) > len(short) or "~" in short else short or title


def _finish(tnef: Tnef, current: _Attachment | None, limits: ParseLimits, depth: int) -> None:
    if current is None:
        return
    name = current.long or _longer(current.title, current.short) or current.shown or current.transport
    if current.object.startswith(_MESSAGE):
        # an embedded mail: its files are shown as this mail's own, its text as a file
        inner = current.object[len(_MESSAGE) :]
        nested = read_tnef(inner, limits, depth + 1) if depth < _MAX_DEPTH else None
        if nested is None:
            tnef.files.append(TnefFile(name or "message.dat", "application/ms-tnef", inner))
            return
        text = without_marks(tnef_text(nested, limits)[0])
        tnef.files.append(TnefFile(f"{name or 'message'}.txt", "text/plain", text.encode("utf-8", "replace")))
        tnef.files.extend(nested.files)
        return
    data = current.data or current.object
    if data or name:
        tnef.files.append(TnefFile(name, current.type, data, current.content_id))


def tnef_text(tnef: Tnef, limits: ParseLimits) -> tuple[str, str, bool]:
    """(text, visible text, whether marker lines stand in them) of the container's own message: plain, else HTML,
    else RTF."""
    if tnef.text.strip():
        return _plain(tnef.text)
    if tnef.html.strip():
        return _html(tnef.html, limits)
    if tnef.rtf:
        return rtf_body(tnef.rtf, limits)
    return "", "", False


def _plain(text: str) -> tuple[str, str, bool]:
    text = clean.text(text)
    return text, text, False


def _html(html: str, limits: ParseLimits) -> tuple[str, str, bool]:
    read = html_to_text(html[: limits.html_chars], max_tags=limits.html_tags)
    return read.text, read.visible, True


def rtf_body(packed: bytes, limits: ParseLimits) -> tuple[str, str, bool]:
    """The same of compressed RTF ([MS-OXRTFCP]); "" for damage."""
    from maild.mail.parse.packed_rtf import unpacked

    if len(packed) > limits.rtf_bytes:
        return "", "", False
    plain = unpacked(packed, limits.rtf_bytes)
    text, is_html = rtf.rtf_to_text(plain[: limits.rtf_bytes])
    return _html(text, limits) if is_html else _plain(text)
