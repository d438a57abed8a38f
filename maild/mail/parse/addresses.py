"""Mailboxes: the one strict From that may be an identity, and lenient readings that may only be shown.

The strict reader accepts what every reader agrees on and refuses the rest (RFC 5322, section 3.4; contract, "No single
strict From"). The lenient reader is mail-parser's, with a last resort of our own.

Over 300 lines: the strict and the lenient reading of an address stand side by side, so that they cannot drift.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from mailparser.utils import get_addresses

from maild.mail.parse import words
from maild.mail.text import clean
from maild.mail.text.addresses import ATEXT, normalise
from maild.mail.text.characters import C0, pattern_of
from maild.model import Mailbox, Reason

_NAMED_MAILBOX = re.compile(
    rf"(?:\"([^\"\\\r\n\x00-\x1f]*)\"|([A-Za-z0-9 !#$%&'*+/=?^_`{{|}}~.-]*))[ ]?<([{ATEXT}]+@[A-Za-z0-9.-]+)>"
)
_BARE_MAILBOX = re.compile(rf"[{ATEXT}]+@[A-Za-z0-9.-]+")
_CONTROL = re.compile(pattern_of(C0 - {0x09}))
#: RFC 5322, 3.4.1: an addr-spec whose local part is a quoted-string, as fax and X.400 gateways write it
_QUOTED_SPEC = re.compile(r'"(?:[^"\\]|\\.)+"@[^\s<>()",;:@]+')
_RAW_BREAK = re.compile(rb"\r(?!\n[ \t])|(?<!\r)\n(?![ \t])|\r\n(?![ \t])|\x00")
_BRACKETS = re.compile(r"[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*")
_DOTTED = re.compile(r"@\s*[^\s@.]{1,250}\s*\.")
#: an address in any text, on both sides of its "@"; the left one read from right to left
_ANY_LOCAL = re.compile(rf"[{ATEXT}\x80-\U0010ffff]{{1,200}}")
_ANY_DOMAIN = re.compile(r"[A-Za-z0-9\x80-\U0010ffff_-]{1,63}(?:\.[A-Za-z0-9\x80-\U0010ffff_-]{1,63}){0,20}")
#: characters before an address among which its name is looked for
_BEFORE = 1_000
_MAX_FIELD = 8_192
_MAX_LIST = 65_536


def strict_sender(raw_from_values: Sequence[bytes | str]) -> tuple[Mailbox | None, Reason | None]:
    """The one mailbox of the one From field, or why there is none.

    Takes the values as received (folds and all). Reason codes: from-missing, from-duplicate, from-control,
    from-group, from-multiple, from-route, from-ambiguous, from-encoded-address, from-invalid, from-lookalike.
    """
    if not raw_from_values:
        return None, Reason("from-missing")
    if len(raw_from_values) > 1:
        return None, Reason("from-duplicate", _shown(raw_from_values))
    value = raw_from_values[0]
    raw = value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")
    if len(raw) > _MAX_FIELD:
        return None, Reason("from-invalid", _shown(raw_from_values))
    if _RAW_BREAK.search(raw.rstrip(b"\r\n")):
        return None, Reason("from-control", _shown(raw_from_values))
    text = _text(words.unfold(raw)).strip(" \t")
    if _CONTROL.search(text):
        return None, Reason("from-control", _shown(raw_from_values))
    if not text:
        return None, Reason("from-missing")
    if match := _NAMED_MAILBOX.fullmatch(text):
        address = normalise(match.group(3))
        phrase = match.group(2)
        if address and not (phrase and "=?" in match.group(3)) and "=?" not in match.group(3):
            return Mailbox(address, _name(match.group(1) or phrase or "", address)), None
    return _strict_scan(text, _shown(raw_from_values))


def _shown(raw_from_values: Sequence[bytes | str]) -> str:
    """What a refusal shows of the fields."""
    return clean.line(" | ".join(_text(v) for v in raw_from_values[:3]))[:300]


def strict_addresses(value: bytes) -> tuple[str, ...]:
    """The addresses of one address list (RFC 5322, section 3.4) that every reader agrees on, in order.

    A member that could be read in two ways gives none; a group, or quoting that never ends, leaves the whole
    list without any. What stands in a display name, a comment or a quoted string is never an address.
    """
    if len(value) > _MAX_LIST or _RAW_BREAK.search(value.rstrip(b"\r\n")):
        return ()
    text = _text(words.unfold(value))
    if _CONTROL.search(text):
        return ()
    members = _members(text)
    boxes = [_strict_scan(m.strip(" \t"), "")[0] for m in members if m.strip(" \t")]
    return tuple(box.address for box in boxes if box is not None)


def _members(text: str) -> list[str]:
    """An address list cut at the commas outside of quoted strings, comments and angle brackets; [] for a group."""
    members: list[str] = []
    start = i = 0
    angle = False
    try:
        while i < len(text):
            char = text[i]
            if char == '"':
                i = _until(text, i + 1, '"')[1]
                continue
            if char == "(":
                i = _comment(text, i)[1]
                continue
            if char in "<>":
                angle = char == "<"
            elif char in ";:" and not angle:
                return []
            elif char == "," and not angle:
                members.append(text[start:i])
                start = i + 1
            i += 1
    except _Refused:
        return []
    return [*members, text[start:]]


def _text(value: bytes | str) -> str:
    return words.raw_text(value, "") if isinstance(value, bytes) else value


def _name(phrase: str, address: str) -> str:
    name = words.decode_words(phrase) if "=?" in phrase else phrase
    name = clean.line(clean.invisible_out(name)).strip("\"' ")
    return "" if name.lower() == address else name[:400]


class _Refused(Exception):
    pass


def _strict_scan(text: str, shown: str) -> tuple[Mailbox | None, Reason | None]:
    """RFC 5322, section 3.4, for the whole field: one mailbox or a refusal."""
    try:
        phrase, name, angle, comments, bare = _tokens(text)
    except _Refused as error:
        return None, Reason(str(error), shown)
    spec = angle if angle is not None else bare
    spec = spec.strip(" \t")
    if not spec or "@" not in spec:
        return None, Reason("from-invalid", shown)
    if spec[0] != '"' and (
        spec.startswith("@") or (":" in spec and not spec.rpartition("@")[2].startswith("["))
    ):
        return None, Reason("from-route", shown)
    if "=?" in spec:
        return None, Reason("from-encoded-address", shown)
    address = normalise(spec)
    if address is None:
        lookalike = not spec.rpartition("@")[2].isascii() or not spec.isascii()
        return None, Reason("from-lookalike" if lookalike else "from-invalid", shown)
    for other in (phrase, *comments):
        # unquoted, the same address is fine and "Team @ Acme" is; any other address is somebody's reading
        if "@" in other and normalise(other.strip(" \t'")) != address and _DOTTED.search(other):
            return None, Reason("from-ambiguous", shown)
    return Mailbox(
        address, _name(name.strip() or (comments[0] if comments and angle is None else ""), address)
    ), None


def _tokens(text: str) -> tuple[str, str, str | None, list[str], str]:
    """(unquoted phrase, whole display name, angle-addr, comments, bare addr-spec) of a field with one mailbox."""
    phrase: list[str] = []  # without what is quoted: the part that could be mistaken for an address
    shown: list[str] = []
    comments: list[str] = []
    angle: str | None = None
    quoted_spec = ""
    commas = False
    i, end = 0, len(text)
    while i < end:
        char = text[i]
        if char == '"':
            if angle is not None or quoted_spec:
                raise _Refused("from-ambiguous")
            begin = i
            content, i = _until(text, i + 1, '"')
            if i < end and text[i] == "@":
                spec = _QUOTED_SPEC.match(text, begin)
                if spec is None:
                    raise _Refused("from-invalid")
                quoted_spec, i = spec.group(), spec.end()
                continue
            shown.append(content)
            phrase.append(" ")
            continue
        if char == "(":
            content, i = _comment(text, i)
            comments.append(content)
            phrase.append(" ")
            continue
        if char == "<":
            if angle is not None:
                raise _Refused("from-multiple")
            angle, i = _angle(text, i)
            continue
        if char in ";:" and angle is None:
            raise _Refused("from-group")
        if char == ",":
            commas = True
            phrase.append(" , ")
            shown.append(char)
        elif angle is not None and char not in " \t":
            raise _Refused("from-ambiguous")  # text behind the address
        elif char in ">)]\\[" and not (char in "[]" and angle is None):
            raise _Refused("from-invalid")
        else:
            phrase.append(char)
            shown.append(char)
        i += 1
    words_ = "".join(phrase).strip(" \t")
    if ("[" in words_ or "]" in words_) and not _BRACKETS.fullmatch(words_):
        raise _Refused("from-invalid")
    if quoted_spec:
        if angle is not None or commas or words_ or "".join(shown).strip():
            raise _Refused("from-multiple" if commas else "from-ambiguous")
        return "", "", None, comments, quoted_spec
    if angle is not None:
        if commas and (words_.endswith(",") or "@" in words_):
            raise _Refused("from-multiple")
        return words_, "".join(shown), angle, comments, ""
    if commas and words_.count("@") != 1:
        raise _Refused("from-multiple")
    if commas or '"' in text or " " in words_ or "\t" in words_:
        raise _Refused("from-ambiguous" if "@" in words_ else "from-invalid")
    return "", "", None, comments, words_


def _angle(text: str, i: int) -> tuple[str, int]:
    """(what stands between the brackets, the offset behind them); a quoted local part may hold a bracket."""
    inner = i + 1
    while text[inner : inner + 1] in (" ", "\t"):
        inner += 1
    quoted = _QUOTED_SPEC.match(text, inner) if text[inner : inner + 1] == '"' else None
    close = text.find(">", quoted.end() if quoted else i)
    if close < 0:
        raise _Refused("from-invalid")
    if quoted:
        if text[quoted.end() : close].strip(" \t"):
            raise _Refused("from-invalid")
        return quoted.group(), close + 1
    angle = text[i + 1 : close]
    if any(c in angle for c in '<"(,') and not angle.startswith("@"):
        raise _Refused("from-invalid")
    return angle, close + 1


def _until(text: str, i: int, close: str) -> tuple[str, int]:
    out = []
    while i < len(text):
        char = text[i]
        if char == "\\" and i + 1 < len(text):
            out.append(text[i + 1])
            i += 2
            continue
        if char == close:
            return "".join(out), i + 1
        out.append(char)
        i += 1
    raise _Refused("from-invalid")


def _comment(text: str, i: int) -> tuple[str, int]:
    depth, out = 0, []
    while i < len(text):
        char = text[i]
        if char == "\\" and i + 1 < len(text):
            out.append(text[i + 1])
            i += 2
            continue
        depth += (char == "(") - (char == ")")
        if char not in "()":
            out.append(char)
        i += 1
        if depth == 0:
            return "".join(out), i
    raise _Refused("from-invalid")


def mailboxes(values: Iterable[bytes], *, limit: int = 2_000) -> tuple[Mailbox, ...]:
    """Lenient reading of address fields, for showing and for recipients; the best reading first, none twice."""
    boxes: dict[str, Mailbox] = {}
    for value in values:
        for spec in two_in_one(value):
            value = words.unfold(value).replace(spec.encode(), b"")
        for box in _lenient(value, limit):
            if box.address not in boxes or (box.name and not boxes[box.address].name):
                boxes[box.address] = box
            if len(boxes) >= limit:
                return tuple(boxes.values())
    return tuple(boxes.values())


def shown_froms(values: Sequence[bytes], *, limit: int = 50) -> tuple[Mailbox, ...]:
    """What a From that is no strict one may be shown as; an address that is made to look like another's is shown whole,
    as it was written, and names nobody: `"anna@acme.example"@evil.example` is not Anna's."""
    whole = [Mailbox(clean.line(spec)[:400], "") for value in values for spec in two_in_one(value)]
    return tuple(whole) or mailboxes(values, limit=limit)


def two_in_one(value: bytes) -> list[str]:
    """The addresses of a field whose quoted local part holds an address of its own (`"anna@acme.example"@evil.example`):
    nobody's mailbox, and no reading of the field may find one in it. Each character is looked at twice at most."""
    if b'"@' not in value:
        return []
    text = _text(words.unfold(value[:_MAX_FIELD]))
    found = []
    i = text.find('"')
    while i >= 0:
        try:
            content, end = _until(text, i + 1, '"')
        except _Refused:
            break
        spec = _QUOTED_SPEC.match(text, i) if text[end : end + 1] == "@" and "@" in content else None
        if spec is not None and normalise(spec.group()) is None:
            found.append(spec.group())
        i = text.find('"', end)
    return found


def _lenient(value: bytes, limit: int) -> list[Mailbox]:
    text = _text(words.unfold(value)).translate(dict.fromkeys((*range(32), 127), " ")).strip(" ")
    if not text:
        return []
    if named := _NAMED_MAILBOX.fullmatch(text):
        phrase, spec = named.group(1) or named.group(2) or "", named.group(3)
    else:
        phrase, spec = "", text if _BARE_MAILBOX.fullmatch(text) else ""
    if spec and (address := normalise(spec)):
        return [Mailbox(address, _name(phrase, address))]
    boxes = []
    for name, spec in _by_mail_parser(text, limit):
        address = normalise(spec)
        if address:
            boxes.append(Mailbox(address, _name(name, address)))
    return boxes or _last_resort(text, limit)


def _by_mail_parser(text: str, limit: int) -> list[tuple[str, str]]:
    """mail-parser's structural reading; it costs about a microsecond a character, hence the cut."""
    if len(text) > 64 * limit:
        text = text[: 64 * limit]
    try:
        return [(n, a) for n, a in get_addresses(text) if a]
    except Exception:  # whatever it stumbles over, our own last resort reads the field
        return []


def _last_resort(text: str, limit: int) -> list[Mailbox]:
    """Anything that looks like an address, what stands in angle brackets first."""
    decoded = words.decode_words(text)
    boxes: list[Mailbox] = []
    for start, spec in _looking_like_addresses(decoded[:65_536]):
        address = normalise(spec.strip(".'"))
        if not address:
            continue
        before = decoded[max(0, start - _BEFORE) : start].rstrip(" ")
        box = Mailbox(
            address,
            _name(before[:-1].rstrip(" ").rpartition(",")[2] if before.endswith("<") else "", address),
        )
        boxes.insert(0, box) if before.endswith("<") and len(boxes) < 2 else boxes.append(box)
        if len(boxes) >= limit:
            break
    return boxes


def _looking_like_addresses(text: str) -> Iterator[tuple[int, str]]:
    """(where it begins, what it says), from left to right; each character is looked at twice at most."""
    done, at = 0, text.find("@")
    while at >= 0:
        local = _ANY_LOCAL.match(text[max(done, at - 200) : at][::-1])
        domain = _ANY_DOMAIN.match(text, at + 1)
        if local and domain:
            done = domain.end()
            yield at - len(local.group()), local.group()[::-1] + text[at:done]
        at = text.find("@", max(done, at + 1))
