"""The MIME tree (RFC 2045, 2046) over the raw bytes: parts are offsets, nothing is copied or decoded here.

`message/rfc822` is a leaf: what somebody forwards is an attachment, never part of this mail's own words. Work is
linear in the mail's size times its nesting depth, which is capped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field

from maild.mail.parse import params, transfer, words
from maild.mail.parse.caps import CapHit, ParseLimits
from maild.mail.parse.headers import HeaderBlock, parse_block
from maild.mail.text import clean
from maild.model import Reason
from maild.values import dataclass

_SNIFF = re.compile(rb"(?:\A|\n)--([^\r\n]{1,300}+)\r*+\n(?:[Cc]ontent-[A-Za-z-]++[ \t]*+:)")
#: a delimiter at the very beginning, or below "This is a multi-part message in MIME format."
_FIRST_PART = re.compile(
    rb"(?:\s*+(?:[^\r\n]{0,60}(?:MIME|multi-?part)[^\r\n]{0,100}\r*+\n){1,3})?\s*+"
    rb"--([^\r\n]{1,300}+)\r*+\n[Cc]ontent-[A-Za-z-]++[ \t]*+:"
)
_MAX_LOOKUPS = 100_000
_FILE_NAME = re.compile(r"[^/\\:]{1,150}\.[A-Za-z0-9]{2,5}")
_AFTER_BOUNDARY = re.compile(rb"(--)?[ \t]*(?:\r*\n|\r|\Z)")


@dataclass(slots=True)
class MimePart:
    """One node of the tree. `start` and `end` are the offsets of its body in the raw mail."""

    path: tuple[int, ...]
    block: HeaderBlock
    type: str
    params: dict[str, bytes]
    disposition: str
    disposition_params: dict[str, bytes]
    encoding: str
    start: int
    end: int
    parent: MimePart | None = None
    children: list[MimePart] = field(default_factory=list)

    @property
    def charset(self) -> str:
        return self.params.get("charset", b"").decode("ascii", "replace")

    @property
    def content_id(self) -> str:
        return clean.line(self.block.text("content-id")).strip("<> ")

    def name(self, hint: str = "") -> str:
        """File name as declared (RFC 2183 filename, else RFC 2045 name), not yet made safe."""
        return (
            params.text_parameter(self.disposition_params, "filename", hint)
            or params.text_parameter(self.params, "name", hint)
            or params.text_parameter(self.params, "filename", hint)
            or params.text_parameter(self.disposition_params, "name", hint)
        )

    def told_name(self, hint: str = "") -> str:
        """A file name that only the description or the location tells (RFC 2045 section 8, RFC 2557 section 4), "" for
        what has not the form of one: "Mail message body", "https://acme.example/logo"."""
        for field_name in ("content-description", "content-location"):
            value = self.block.first(field_name)
            if value and _FILE_NAME.fullmatch(told := words.header_text(value, hint)):
                return told
        return ""

    def payload(self, raw: bytes) -> tuple[bytes, str]:
        """Decoded bytes of a leaf and the code of what was wrong with the encoding."""
        return transfer.decode(raw[self.start : self.end], self.encoding)

    def walk(self) -> Iterator[MimePart]:
        """This part and all below it, in document order, without recursion."""
        stack = [self]
        while stack:
            part = stack.pop()
            yield part
            stack.extend(reversed(part.children))


@dataclass(slots=True)
class _Builder:
    raw: bytes
    limits: ParseLimits
    defects: list[Reason]
    count: int = 0

    def part(
        self, block: HeaderBlock, start: int, end: int, path: tuple[int, ...], parent: MimePart | None
    ) -> MimePart:
        self.count += 1
        if self.count > self.limits.parts:
            raise CapHit("cap-parts", f"more than {self.limits.parts} parts")
        default = (
            "message/rfc822" if parent is not None and parent.type == "multipart/digest" else "text/plain"
        )
        kind, parameters = params.content_type(block.first("content-type"), default)
        shown, shown_params = params.disposition(block.first("content-disposition"))
        encoding = transfer.encoding_of(
            (block.first("content-transfer-encoding") or b"").decode("ascii", "replace")
        )
        return MimePart(path, block, kind, parameters, shown, shown_params, encoding, start, end, parent)


def build(raw: bytes, root_block: HeaderBlock, limits: ParseLimits) -> tuple[MimePart, list[Reason]]:
    """The tree under the root's header block. CapHit beyond the limits."""
    builder = _Builder(raw, limits, [])
    root = builder.part(root_block, root_block.body, len(raw), (), None)
    if "content-type" not in root_block.index:
        _recover_root(raw, root)
    open_parts = [root]
    while open_parts:
        part = open_parts.pop()
        if not part.type.startswith("multipart/"):
            continue
        if len(part.path) >= limits.depth:
            raise CapHit("cap-depth", f"more than {limits.depth} levels")
        _split(builder, part)
        open_parts.extend(part.children)
    return root, builder.defects


def _recover_root(raw: bytes, root: MimePart) -> None:
    """A mail whose MIME header fields were lost on the way, its parts still standing in the body.

    The body must begin with a delimiter (below the preamble that programs write) and end with the last one: what a
    person quotes or pastes has their own words around it, and is text.
    """
    match = _FIRST_PART.match(raw, root.start, min(root.end, root.start + 4_000))
    if match is None:
        return
    last = raw[max(root.start, root.end - 400) : root.end].rstrip()
    boundary = match.group(1).rstrip(b" \t")
    if last.endswith(b"\n--" + boundary + b"--"):
        root.type = "multipart/mixed"
        root.params = {"boundary": boundary}


def _split(builder: _Builder, part: MimePart) -> None:
    raw = builder.raw
    boundary = part.params.get("boundary", b"").rstrip(b" ")
    spans = _spans(raw, part.start, part.end, boundary, builder.limits) if boundary else []
    if not spans:
        match = _SNIFF.search(raw, max(0, part.start - 1), min(part.end, part.start + 20_000))
        if match:
            builder.defects.append(Reason("boundary-wrong", clean.line(boundary[:80].decode("latin-1"))))
            spans = _spans(raw, part.start, part.end, match.group(1).rstrip(b" \t"), builder.limits)
    if not spans:
        builder.defects.append(Reason("boundary-missing", part.type))
        part.type = "text/plain"  # what is there is shown rather than lost
        head = raw[part.start : part.start + 2_000].lstrip().lower()
        if head.startswith((b"<html", b"<!doctype html")):
            part.type = "text/html"
        return
    for index, (start, end) in enumerate(spans):
        block = parse_block(raw, start, end, limits=builder.limits)
        if block.body == start and not block.fields and block.defects:
            block.body = start
        part.children.append(builder.part(block, min(block.body, end), end, (*part.path, index), part))


def _spans(raw: bytes, start: int, end: int, boundary: bytes, limits: ParseLimits) -> list[tuple[int, int]]:
    """(start, end) of each body part between the delimiter lines (RFC 2046, section 5.1.1)."""
    needle = b"--" + boundary
    spans: list[tuple[int, int]] = []
    opened = -1
    pos = start
    lookups = 0
    while True:
        at = raw.find(needle, pos, end)
        if at < 0:
            break
        if lookups > _MAX_LOOKUPS:
            raise CapHit("cap-parts", f"more than {_MAX_LOOKUPS} lines like a boundary")
        after = at + len(needle)
        pos = after
        if at > start and raw[at - 1] not in b"\r\n":
            lookups += 1
            continue
        match = _AFTER_BOUNDARY.match(raw, after, end)
        if not match:
            lookups += 1
            continue
        if opened >= 0:
            spans.append((opened, max(opened, _before_line_end(raw, at, opened))))
            if len(spans) > limits.parts:
                raise CapHit("cap-parts", f"more than {limits.parts} parts")
        if match.group(1):
            opened = -1
            if raw.find(b"\n" + needle, match.end() - 1, end) < 0:
                break
        else:
            opened = match.end()
        pos = match.end()
    if opened >= 0 and (opened < end or not spans):
        spans.append((opened, end))  # no closing delimiter: the mail was cut
    return spans


def _before_line_end(raw: bytes, at: int, floor: int) -> int:
    """The line end before a delimiter belongs to the delimiter."""
    if at > floor and raw[at - 1] == 0x0A:
        at -= 1
        if at > floor and raw[at - 1] == 0x0D:
            at -= 1
    elif at > floor and raw[at - 1] == 0x0D:
        at -= 1
    return at
