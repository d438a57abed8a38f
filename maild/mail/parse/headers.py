"""The header block: where it ends, its fields, each decoded once.

RFC 5322, section 2.2, read the way mail really comes: CRLF, LF, CRCRLF or (for a whole mail) CR as line end, an
mbox "From " line on top, junk lines in the midst, a missing blank line before the body. A bare CR inside a field
never starts a new field: what a signature covers and what we read must be the same.
"""

from __future__ import annotations

import re
from dataclasses import field

from maild.errors import Unreadable
from maild.mail.parse import words
from maild.mail.parse.caps import CapHit, ParseLimits
from maild.model import Reason
from maild.values import dataclass

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_KNOWN = re.compile(
    rb"(?i)(?:from|to|cc|bcc|subject|date|message-id|mime-version|content-[a-z-]+|received|return-path|reply-to|sender|"
    rb"in-reply-to|references|x-[a-z0-9-]+|list-[a-z-]+|dkim-signature|authentication-results|delivered-to|"
    rb"thread-[a-z]+|user-agent|importance|priority|auto-submitted|precedence|organization|arc-[a-z-]+)[ \t]*:"
)
_BLANK_LINE = re.compile(rb"\n\r*\n")
#: fields that change what a person reads; each may stand once at most (RFC 5322, 3.6; RFC 2045)
SINGLE = (
    "from",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
)
_BARE_CR = re.compile(rb"\r(?![\r\n])")


@dataclass(slots=True)
class HeaderBlock:
    """A parsed header block. `raw` is the block as received, `body` the offset of the body's first byte."""

    raw: bytes
    body: int
    fields: list[tuple[str, bytes]]  # name as written, value as written without the final line end
    index: dict[str, list[bytes]] = field(default_factory=dict)  # lower-case name -> values, topmost first
    defects: list[Reason] = field(default_factory=list)

    def first(self, name: str) -> bytes | None:
        """Topmost value of a field by lower-case name."""
        values = self.index.get(name)
        return values[0] if values else None

    def text(self, name: str, hint: str = "") -> str:
        """Topmost value, decoded and unfolded, "" where there is none."""
        values = self.index.get(name)
        return words.header_text(values[0], hint) if values else ""


def block_end(raw: bytes, start: int = 0, end: int | None = None) -> tuple[int, int]:
    """(end of the header block, start of the body): the first empty line from `start` parts them."""
    stop = len(raw) if end is None else end
    if raw.startswith((b"\n", b"\r\n", b"\r\r\n"), start):
        after = raw.find(b"\n", start) + 1
        return start, min(after, stop)
    match = _BLANK_LINE.search(raw, start, stop)
    if match is None:
        return stop, stop
    return match.start() + 1, match.end()


def parse_block(
    raw: bytes,
    start: int = 0,
    end: int | None = None,
    *,
    limits: ParseLimits,
    root: bool = False,
    cut: bool = False,
) -> HeaderBlock:
    """Fields of the header block that begins at `start`.

    `Unreadable` when `root` and no field can be made out; CapHit beyond the limits, unless `cut`: then what is
    within them is read.
    """
    stop = len(raw) if end is None else end
    top = _skip_top(raw, start, stop) if root else start
    head_end, body = block_end(raw, top, stop)
    if head_end - top > limits.header_bytes:
        raise CapHit("cap-header-bytes", f"{head_end - top} bytes")
    head = raw[top:head_end]
    block = HeaderBlock(head, body, [])
    if b"\r" in head and b"\n" not in head[:4_000] and head.count(b"\r") > 1:
        _cr_only(raw, top, stop, block, limits)  # an old Mac's line ends
        head = block.raw.replace(b"\r", b"\n")
    _read_lines(head, block, limits, top, cut)
    if root:
        _note_dirt(head, block)
    if root and not block.fields:
        raise Unreadable("no header field can be made out")
    return block


def _skip_top(raw: bytes, start: int, stop: int) -> int:
    """Past a BOM, blank lines and one mbox "From " line."""
    if raw.startswith(b"\xef\xbb\xbf", start):
        start += 3
    while start < stop and raw[start] in b"\r\n":
        start += 1
    if raw.startswith((b"From ", b">From "), start):
        line_end = raw.find(b"\n", start, stop)
        if line_end >= 0 and not _FIELD.match(raw, start):
            start = line_end + 1
    return start


def _cr_only(raw: bytes, top: int, stop: int, block: HeaderBlock, limits: ParseLimits) -> None:
    cut = raw.find(b"\r\r", top, stop)
    head_end, body = (cut + 1, cut + 2) if cut >= 0 else (stop, stop)
    if head_end - top > limits.header_bytes:
        raise CapHit("cap-header-bytes", f"{head_end - top} bytes")
    block.raw, block.body = raw[top:head_end], body
    block.defects.append(Reason("line-ends-cr", "lines end in CR only"))


def _read_lines(head: bytes, block: HeaderBlock, limits: ParseLimits, top: int, cut: bool) -> None:
    fields, index = block.fields, block.index
    name, pieces = "", [b""]
    lines = head.split(b"\n")
    offset = junk = 0

    def put() -> None:
        value = pieces[0] if len(pieces) == 1 else b"\n".join(pieces)
        value = value.rstrip(b"\r")
        if len(value) > limits.field_bytes:
            value = value[: limits.field_bytes]
            block.defects.append(Reason("cut-field", name))
        fields.append((name, value))
        index.setdefault(name.lower(), []).append(value)

    for number, line in enumerate(lines):
        if line[:1] in (b" ", b"\t") and name:
            pieces.append(line)
        elif match := _FIELD.match(line):
            if name:
                put()
            if len(fields) >= limits.header_fields:
                if cut:
                    return
                raise CapHit("cap-header-fields", f"more than {limits.header_fields} fields")
            name = match.group(1).decode("ascii")
            pieces = [line[match.end() :]]
        elif line.strip(b"\r \t"):
            junk += 1
            if junk < 50 and any(_KNOWN.match(rest) for rest in lines[number + 1 : number + 200]):
                block.defects.append(Reason("header-broken", f"line {number + 1}"))
            else:
                # no blank line before the body (RFC 5322, section 2.1): the body begins here
                block.defects.append(Reason("header-unended", f"line {number + 1}"))
                block.raw = head[:offset]
                block.body = top + offset
                break
        offset += len(line) + 1
    if name:
        put()


def _note_dirt(head: bytes, block: HeaderBlock) -> None:
    if b"\0" in head:
        block.defects.append(Reason("header-nul", "NUL in the header block"))
    if b"\r" in head and _BARE_CR.search(head):
        block.defects.append(Reason("header-bare-cr", "bare CR in the header block"))
    for once in SINGLE:
        if len(block.index.get(once, ())) > 1:
            block.defects.append(Reason("duplicate-" + once, f"{len(block.index[once])} fields"))
