"""Parameters of Content-Type and Content-Disposition (RFC 2045, 2183, 2231), with the usual offences.

Encoded-words in parameters, raw 8-bit, missing semicolons and quotes, doubled parameters, continuations out of order.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from maild.mail.parse import charsets, words

_BLANK = re.compile(rb"[\s,]")
_VISIBLE = re.compile(r"[!-~]+")
_PERCENT_UTF8 = re.compile(r"%[89A-Fa-f][0-9A-Fa-f]%[89ABab][0-9A-Fa-f]")
#: percent-encoded, no percent sign of a person's among them
_PERCENT_ASCII = re.compile(r"(?:[^%]|%[2-7][0-9A-Fa-f])+")
_PARAMETER = re.compile(rb"[;\s]*+([A-Za-z0-9!#$%&'+.^_`|~-]{1,80}(?:\*[0-9]{0,4}\*?)?)\s*+=\s*+")
_TYPE = re.compile(rb"\s*([A-Za-z0-9!#$&^_.+-]{1,100})\s*(?:/\s*([A-Za-z0-9!#$&^_.+-]{1,100}))?")
_BARE_TYPES = {
    "text": "text/plain",
    "html": "text/html",
    "plain": "text/plain",
    "multipart": "multipart/mixed",
}
#: `attachment filename="a.pdf"`: the semicolon is missing
_UNPARTED = re.compile(rb"\s*(?:attachment|inline)\s+(?=(?:file)?name\*?[0-9*]*\s*=)", re.I)
#: what stands between the pieces of a value that was folded piece by piece: `"=?...?="` `"=?...?="`
_BETWEEN_QUOTES = re.compile(rb"[ \t\r\n]*\"")
_MAX_PARAMETERS = 200
#: bytes of a value that is remembered
_LIKELY_AGAIN = 100


def content_type(value: bytes | None, default: str = "text/plain") -> tuple[str, dict[str, bytes]]:
    """(lower-case type/subtype, parameters by lower-case name as raw bytes, not yet decoded)."""
    if not value:
        return default, {}
    if len(value) > _LIKELY_AGAIN:
        return _content_type(value, default)
    kind, known = _likely(value, default)
    return kind, {**known}


@lru_cache(maxsize=256)
def _likely(value: bytes, default: str) -> tuple[str, dict[str, bytes]]:
    """Few different ones stand on parts without boundaries."""
    return _content_type(value, default)


def _content_type(value: bytes, default: str) -> tuple[str, dict[str, bytes]]:
    match = _TYPE.match(value)
    if not match:
        return default, parameters(value)
    main = match.group(1).decode("ascii").lower()
    if match.group(2):
        kind = f"{main}/{match.group(2).decode('ascii').lower()}"
    else:
        kind = _BARE_TYPES.get(main, default)
    return kind, parameters(value[match.end() :])


def disposition(value: bytes | None) -> tuple[str, dict[str, bytes]]:
    """("attachment", "inline" or "", parameters)."""
    if not value:
        return "", {}
    head = value.partition(b";")[0].strip().strip(b"\"'").lower()
    kind = "attachment" if head.startswith(b"attach") else "inline" if head.startswith(b"inline") else ""
    if not kind and b"=" not in head and head:
        kind = "attachment"  # RFC 2183, section 2.8: unknown dispositions are treated as attachment
    if unparted := _UNPARTED.match(value):
        return kind, parameters(value[unparted.end() :])
    rest = value[value.find(b";") :] if b";" in value else (value if b"=" in head else b"")
    return kind, parameters(rest)


def parameters(value: bytes) -> dict[str, bytes]:
    """Raw parameters; of a doubled one the first counts. Linear: each byte is looked at once."""
    values: dict[str, bytes] = {}
    value = words.unfold(value)
    pos, end = 0, len(value)
    for _ in range(_MAX_PARAMETERS):
        match = _PARAMETER.match(value, pos)
        if not match:
            pos = value.find(b";", pos)
            if pos < 0:
                break
            pos += 1
            continue
        name = match.group(1).decode("ascii").lower()
        raw, pos = _value(value, match.end(), end, name.rstrip("*0123456789") in ("name", "filename"))
        values.setdefault(name, raw)
        if pos >= end:
            break
    return values


def _value(value: bytes, pos: int, end: int, is_name: bool) -> tuple[bytes, int]:
    if value[pos : pos + 1] == b'"':
        out = bytearray()
        pos += 1
        while pos < end:
            stop = _next_of(value, pos, end)
            out += value[pos:stop]
            if stop >= end:
                return bytes(out), end
            if value[stop] == 0x22:
                again = _BETWEEN_QUOTES.match(value, stop + 1) if is_name else None
                if again is None:
                    return bytes(out), stop + 1
                out += b" "  # quoted strings in a row are one value
                pos = again.end()
                continue
            following = value[stop + 1 : stop + 2]
            # RFC 822 says quoted-pair; Windows paths say backslash
            out += following if following in (b'"', b"\\") else b"\\" + following
            pos = stop + 2
        return bytes(out), end
    stop = value.find(b";", pos)
    stop = end if stop < 0 else stop
    raw = value[pos:stop].strip(b" \t")
    if not is_name and (blank := _BLANK.search(raw)):
        stop = pos + blank.start() + (len(value[pos:stop]) - len(value[pos:stop].lstrip(b" \t")))
        raw = raw[: blank.start()]
    return raw.strip(b"'\"") if not is_name else raw.strip(b'"'), stop


def _next_of(value: bytes, pos: int, end: int) -> int:
    quote = value.find(b'"', pos)
    back = value.find(b"\\", pos, quote if quote >= 0 else end)
    return back if back >= 0 else quote if quote >= 0 else end


def text_parameter(params: dict[str, bytes], name: str, hint: str = "") -> str:
    """A parameter as text: RFC 2231 (charset, continuations), encoded-words, raw 8-bit. "" where absent."""
    if f"{name}*" in params:
        return _extended(params[f"{name}*"], hint)
    pieces = _continuations(params, name)
    if pieces:
        raw = b"".join(unquote_to_bytes(p) if star else p for p, star in pieces)
        if pieces[0][1]:
            charset, rest = _charset_of(pieces[0][0])
            if charset or rest is not pieces[0][0]:
                head = unquote_to_bytes(rest)
                raw = head + b"".join(unquote_to_bytes(p) if star else p for p, star in pieces[1:])
            return charsets.decode_text(raw, charset or hint)[0]
        return words.header_text(raw, hint)
    plain = params.get(name)
    if plain is None:
        return ""
    if plain[:20].lower().startswith((b"utf-8''", b"iso-8859-1''", b"us-ascii''", b"windows-1252''")):
        return _extended(plain, hint)
    text = words.header_text(plain, hint)
    if "%" in text and _VISIBLE.fullmatch(text) and _is_percent_encoded(text):
        try:  # percent-encoded UTF-8 without the star: some web mailers
            return unquote_to_bytes(text).decode("utf-8")
        except UnicodeDecodeError:
            return text
    return text


def _is_percent_encoded(text: str) -> bool:
    return _PERCENT_UTF8.search(text) is not None or (
        "%20" in text and _PERCENT_ASCII.fullmatch(text) is not None
    )


def _extended(raw: bytes, hint: str) -> str:
    charset, rest = _charset_of(raw)
    data = unquote_to_bytes(rest)
    text = charsets.decode_text(data, charset or hint)[0]
    return words.decode_words(text) if "=?" in text else text


def _charset_of(raw: bytes) -> tuple[str, bytes]:
    pieces = raw.split(b"'", 2)
    if len(pieces) == 3 and len(pieces[0]) < 40:
        return pieces[0].decode("ascii", "replace"), pieces[2]
    return "", raw


def _continuations(params: dict[str, bytes], name: str) -> list[tuple[bytes, bool]]:
    pieces: list[tuple[bytes, bool]] = []
    if not any("*" in key for key in params):
        return pieces  # as nearly always
    for number in range(_MAX_PARAMETERS):
        piece = _piece(params, f"{name}*{number}") or _piece(params, f"{name}*{number:02}")
        if piece is not None:
            pieces.append(piece)
        elif number > 1 or pieces:
            break
    return pieces


def _piece(params: dict[str, bytes], key: str) -> tuple[bytes, bool] | None:
    """One piece of a value and whether it is percent-encoded. Numbers with leading zeros (RFC 2231, section 3, has
    none) are read, too."""
    if f"{key}*" in params:
        return params[f"{key}*"], True
    return (params[key], False) if key in params else None
