"""The arguments of MAIL and RCPT (RFC 5321, section 4.1.1.2 and 4.1.1.3) as bytes from the wire.

Lenient where senders are known to be (a space after the colon, no angle brackets), strict where it
matters: a control, NUL or ill-formed UTF-8 anywhere is refused, for it ends in logs, headers and SQL.
"""

from __future__ import annotations

import re

from maild.mail.text.addresses import folded
from maild.mail.text.characters import CONTROLS, JOINERS, SEPARATORS, pattern_of

#: RFC 5321, section 4.5.3.1: local part 64 and domain 255, with room for long VERP locals of the world
MAX_ADDRESS = 512

_ESCAPED = re.compile(r"\\(.)")
_CONTROL = re.compile(pattern_of(CONTROLS | SEPARATORS | {0xFEFF}))
_ROUTE = re.compile(r"@[^<>:\s]*:(?=[^:]*$)")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"(@[^\s<>"@]+)?')
_PLAIN = re.compile(r'[^\s<>"()\\,;:@]*(?:@(?:[^\s<>"()\\,;:@\[\]]*|\[[A-Za-z0-9:.]+\]))?')
#: invisible, yet a letter of some scripts: what IDNA makes of a domain with them is judged afterwards
_JOINERS = dict.fromkeys(JOINERS)


class PathError(Exception):
    """The reply line for an argument that cannot be taken."""


def parse_path(argument: bytes, keyword: bytes, *, international: bool = False) -> tuple[str, dict[str, str]]:
    """`FROM:<a@b> SIZE=7` with keyword `FROM:` -> ("a@b", {"SIZE": "7"}).

    The address comes normalised (lower case, A-labels, unquoted where quotes say nothing); "" is the
    null path. Parameter names in upper case, a parameter without value as "". Raises PathError with
    the whole reply. `international`: SMTPUTF8 was or is asked for (RFC 6531).
    """
    if argument[: len(keyword)].upper() != keyword:
        raise PathError(
            f"501 5.5.4 Syntax: {'MAIL' if keyword == b'FROM:' else 'RCPT'} {keyword.decode()}<address>"
        )
    try:
        text = argument[len(keyword) :].decode("utf-8").strip(" \t")
    except UnicodeDecodeError:
        raise PathError("501 5.1.7 Address is not UTF-8") from None
    if _CONTROL.search(text):
        raise PathError("501 5.1.7 Control characters in an address")
    path, rest = _split(text)
    parameters = _parameters(rest)
    if not path.isascii() and not (international or "SMTPUTF8" in parameters):
        raise PathError("553 5.6.7 Address needs SMTPUTF8")  # RFC 6531, section 3.5
    return _address(path), parameters


def _split(text: str) -> tuple[str, str]:
    if not text.startswith("<"):
        path, _, rest = text.partition(" ")
        if not path:
            raise PathError("501 5.5.4 An address is missing")
        return path, rest
    quoted = escaped = False
    for at, letter in enumerate(text):
        if escaped:
            escaped = False
        elif quoted and letter == "\\":
            escaped = True
        elif letter == '"':
            quoted = not quoted
        elif letter == ">" and not quoted:
            return text[1:at], text[at + 1 :]
    raise PathError("501 5.1.7 An address lacks its closing bracket")


def _address(path: str) -> str:
    if not path:
        return ""
    path = _ROUTE.sub("", path, count=1) if path.startswith("@") else path  # RFC 5321, appendix C
    if len(path) > MAX_ADDRESS:
        raise PathError("501 5.1.7 Address is too long")
    quoted = _QUOTED.fullmatch(path)
    if quoted:
        if not quoted[2]:
            path = _ESCAPED.sub(r"\1", quoted[1])  # `"postmaster"` alone
        elif quoted[1]:
            return _visible(path)
    if not _PLAIN.fullmatch(path) or path.startswith("@") or path.endswith("@"):
        raise PathError("501 5.1.7 Malformed address")
    return _visible(path)


def _visible(path: str) -> str:
    """Normalised; nothing in it may hide or turn what stands beside it (bidi marks, zero width, U+00A0)."""
    address = folded(path)
    if not path.translate(_JOINERS).isprintable() or not address.isprintable():
        raise PathError("501 5.1.7 Invisible characters in an address")
    return address


def _parameters(rest: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for word in rest.split():
        name, _, value = word.partition("=")
        values[name.upper()] = value
    return values
