"""Collects the words of an HTML document as lines: blanks collapsed, blocks parted, quotes prefixed, twice over
(everything, and only what is visible)."""

from __future__ import annotations

import re

from maild.mail.text import clean

_SPACE = re.compile(r"[ \t\r\n\f]+")
_MAX_BLANK = 1
_MAX_BEGINNING = 4  # pieces of a line that still is at its beginning
#: the characters of our marker lines: icon fonts use them too
_PRIVATE = dict.fromkeys(range(0xE000, 0xE006))


class TextBuilder:
    """Text under construction. Widths are not wrapped."""

    def __init__(self) -> None:
        self._lines: list[tuple[str, str]] = []  # (all, visible)
        self._all: list[str] = []  # of the line under construction
        self._seen: list[str] = []
        self._gap = 0  # line breaks owed before the next words
        self._blank_owed = False
        self._prefix = ""
        self._has_hidden = False
        self._next_prefix = ""
        self._tint = ""

    def words(self, text: str, *, pre: bool, hidden: bool) -> None:
        """Words at the current place; `pre` keeps blanks and line breaks."""
        if pre:
            for number, line in enumerate(clean.text(text).split("\n")):
                if number:
                    self.line_break()
                if line:
                    self._put(line, hidden)
            return
        if not text.isascii():
            text = clean.invisible_out(text).replace("\xa0", " ")
        text = _SPACE.sub(" ", text)
        if not text:
            return
        if text[0] == " ":
            self._blank_owed = True
            text = text[1:]
            if not text:
                return
        ends = text[-1] == " "
        self._put(text[:-1] if ends else text, hidden)
        self._blank_owed = ends

    def _put(self, text: str, hidden: bool) -> None:
        if self._tint:
            if self._all and not self._gap and self._all[-1].rstrip()[-1:] in ("?", ":", "？", "："):
                self._gap = 1  # an answer in colour behind the question, in its line
            if self._gap:
                self._flush()
            if len(self._all) < _MAX_BEGINNING and not "".join(self._all).strip("-•* \t"):
                self._all.append(self._tint)
                self._seen.append(self._tint)
            self._tint = ""
        if self._gap:
            self._flush()
        elif self._blank_owed and self._all:
            text_before = self._all[-1]
            if not text_before.endswith(("\t", " ")):
                self._all.append(" ")
                self._seen.append(" ")
        self._blank_owed = False
        if not text.isascii():
            text = text.translate(_PRIVATE)
        self._all.append(text)
        if hidden:
            self._has_hidden = True
        else:
            self._seen.append(text)

    def _flush(self) -> None:
        """End the line under construction; more than one owed break is an empty line."""
        if self._all:
            self._end_line()
        if self._gap > 1 and self._lines:
            for _ in range(min(self._gap - 1, _MAX_BLANK + 1)):
                if (
                    len(self._lines) > 1
                    and self._lines[-1][0].strip("> ") == ""
                    and self._lines[-2][0].strip("> ") == ""
                ):
                    break
                blank = min(self._prefix, self._next_prefix).rstrip(" ")  # between two depths: the lesser
                self._lines.append((blank, blank))
        self._gap = 0
        self._prefix = self._next_prefix

    def _end_line(self) -> None:
        everything = "".join(self._all).rstrip(" \t")
        seen = "".join(self._seen).rstrip(" \t")
        self._lines.append(
            (self._prefix + everything, self._prefix + seen if seen.strip() or not everything else "\0")
        )
        self._all, self._seen = [], []

    def tint(self, mark: str) -> None:
        """The next words stand in a colour that marks them; `mark` goes before them where they begin a line."""
        self._tint = mark

    def line_break(self) -> None:
        """<br>: two in a row leave an empty line."""
        self._gap += 1
        self._blank_owed = False

    def block(self, breaks: int) -> None:
        """Beginning or end of a block: at least `breaks` line ends before the next words."""
        self._blank_owed = False
        if self._all or self._lines:
            self._gap = max(self._gap, breaks)

    def cell(self) -> None:
        """A table cell: parted by a tab from the one before it in the row."""
        if self._all and not self._gap:
            self._all.append("\t")
            self._seen.append("\t")
        self._blank_owed = False

    def bullet(self, mark: str, depth: int) -> None:
        """Beginning of a list item."""
        if self._gap or self._all:
            self._gap = max(self._gap, 1)
            self._flush()
        indent = "  " * max(depth - 1, 0)
        self._all.append(indent + mark)
        self._seen.append(indent + mark)

    def quote(self, depth: int) -> None:
        """From here on lines stand `depth` quotes deep."""
        self._gap = max(self._gap, 1)
        self._next_prefix = "> " * min(depth, 20)
        if not self._all and not self._lines:
            self._prefix = self._next_prefix
            self._gap = 0

    def marker(self, mark: str) -> None:
        """A line of its own that belongs to nobody's text."""
        if self._all:
            self._end_line()
        self._lines.append((mark, mark))
        self._gap = max(self._gap, 1)

    def position(self) -> int:
        """A place to ask `since` about."""
        return len(self._lines) << 32 | len(self._all)

    def since(self, position: int) -> str:
        """Words written after `position` on the same line, "" when other lines came between (or too long)."""
        line, piece = position >> 32, position & 0xFFFFFFFF
        if len(self._lines) - line > 3:
            return "\n"
        if len(self._lines) != line:
            return "".join(self._all)
        return "".join(self._all[piece : piece + 200])

    def finish(self) -> tuple[str, str, bool]:
        """(everything, visible only, whether they differ)."""
        if self._all:
            self._end_line()
        everything = clean.text("\n".join(line for line, _ in self._lines)).strip("\n")
        visible = clean.text("\n".join(seen for _, seen in self._lines if seen != "\0")).strip("\n")
        return everything, visible, self._has_hidden
