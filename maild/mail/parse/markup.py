"""Tags out of HTML, in one pass. Every character is looked at a bounded number of times, whatever stands there.

The standard library's html.parser is quadratic on unclosed constructs; here a search that failed once is never
repeated, and an unfinished construct is text or ends at the next `>`, as in browsers.
"""

from __future__ import annotations

import html as _entities
import re
from collections.abc import Iterator

_RAW = frozenset(("style", "script", "title", "textarea", "xmp"))
#: what stands in them is shown as it stands
_SHOWN_RAW = frozenset(("textarea", "xmp"))
_SIMPLE = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:_-]{0,39})((?:[\s/][^<>\"']*)?)>")
_OPENING = re.compile(r"<[a-zA-Z/!?]")
_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9:_-]{0,39})")
_STOP = re.compile(r"[>\"']")
_ATTRIBUTE = re.compile(r"([a-zA-Z_:@][a-zA-Z0-9_:.-]{0,60})(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?")
_MAX_ATTRIBUTES = 60


class Tag:
    """A start or end tag; attributes are read only when asked for."""

    __slots__ = ("_attributes", "_source", "empty", "end", "has_attributes", "name")

    def __init__(self, name: str, end: bool, source: str) -> None:
        self.name = name
        self.end = end
        self._source = source
        self.empty = source.endswith("/")
        self.has_attributes = "=" in source or "hidden" in source
        self._attributes: dict[str, str] | None = None

    def attributes(self) -> dict[str, str]:
        """Values by lower-case name, the first of doubled ones; entities resolved."""
        if self._attributes is None:
            values: dict[str, str] = {}
            for match in _ATTRIBUTE.finditer(self._source):
                value = match.group(2) or ""
                if value[:1] in ('"', "'"):
                    value = value[1:-1]
                if "&" in value:
                    value = _entities.unescape(value)
                values.setdefault(match.group(1).lower(), value)
                if len(values) >= _MAX_ATTRIBUTES:
                    break
            self._attributes = values
        return self._attributes


def tags_of(html: str) -> Iterator[tuple[str, Tag | None]]:
    """(text before the tag, tag) pairs in order; the last pair has no tag. Comments and declarations vanish."""
    find = html.find
    pos = 0
    text_from = 0
    no_comment_end = False
    quoteless: set[str] = set()  # quotes and end tags of which none follows any more
    while opening := _OPENING.search(html, pos):
        at = opening.start()
        if simple := _SIMPLE.match(html, at):
            slash, written, source = simple.groups()
            name = written.lower()
            yield html[text_from:at], Tag(name, slash == "/", source)
            pos = text_from = simple.end()
            if name in _RAW and not slash:
                pos = _raw_end(html, pos, name, quoteless)
                text_from = text_from if name in _SHOWN_RAW else pos
            continue
        following = html[at + 1 : at + 2]
        if following == "!" or following == "?":
            if html.startswith("<!--", at) and not no_comment_end:
                close = find("-->", at + 2)
                if close >= 0:
                    yield html[text_from:at], None
                    pos = text_from = close + 3
                    continue
                no_comment_end = True
            close = find(">", at)
            if close < 0:
                break
            yield html[text_from:at], None
            pos = text_from = close + 1
            continue
        match = _NAME.match(html, at + 1)
        if not match:
            if following == "/":  # "</>" and the like vanish in browsers
                close = find(">", at, at + 10)
                if close >= 0:
                    yield html[text_from:at], None
                    pos = text_from = close + 1
                    continue
            pos = at + 1
            continue
        close = _tag_end(html, match.end(), quoteless)
        if close < 0:
            break
        name = match.group(1).lower()
        yield html[text_from:at], Tag(name, following == "/", html[match.end() : close])
        pos = text_from = close + 1
        if name in _RAW and following != "/":
            pos = _raw_end(html, pos, name, quoteless)
            text_from = text_from if name in _SHOWN_RAW else pos
    yield html[text_from:], None


def _tag_end(html: str, pos: int, quoteless: set[str]) -> int:
    """Offset of the `>` that ends the tag, quotes heeded; -1 when there is none."""
    while True:
        match = _STOP.search(html, pos)
        if not match:
            return -1
        char = match.group()
        at = match.start()
        if char == ">":
            return at
        before = html[pos - 1 : at].rstrip()[-1:] if at - pos < 200 else ""
        if char in quoteless or before != "=":
            pos = at + 1
            continue
        close = html.find(char, at + 1)
        if close < 0:
            quoteless.add(char)
            pos = at + 1
            continue
        pos = close + 1


def _raw_end(html: str, pos: int, name: str, missing: set[str]) -> int:
    """Where the end tag of an element with raw text stands; unclosed, only its tag is skipped."""
    for needle in (f"</{name}", f"</{name.upper()}"):
        if needle not in missing:
            at = html.find(needle, pos)
            while at >= 0 and html[at + len(needle) : at + len(needle) + 1].strip("/> \t\r\n\f"):
                at = html.find(needle, at + 1)  # </stylex> ends nothing
            if at >= 0:
                return at
            missing.add(needle)
    return pos
