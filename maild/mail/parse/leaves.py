"""Decoding of single parts: transfer encoding, charset, digest; and what the parts of a mail come to."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import field

from maild.mail.parse import charsets, fingerprint
from maild.mail.parse.caps import ParseLimits
from maild.mail.parse.structure import MimePart
from maild.mail.text import clean
from maild.model import Calendar, Reason
from maild.values import dataclass

_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{2,40})", re.I)


@dataclass(slots=True)
class AttachmentPart:
    """An attachment as the mail holds it; `load` gives its bytes again (they are not kept)."""

    name: str
    type: str
    size: int
    inline: bool
    part: tuple[int, ...]
    load: Callable[[], bytes]
    content_id: str = ""
    tnef: bool = False


@dataclass(slots=True)
class MailContent:
    """What the parts of a mail come to."""

    texts: list[tuple[str, str, bool]] = field(default_factory=list)  # (text, visible text, has html marks)
    attachments: list[AttachmentPart] = field(default_factory=list)
    calendar: Calendar | None = None
    #: sources of the HTML that is shown, or stands beside what is shown, and other texts beside it: a consent asks
    #: whether all say the same
    html: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    encrypted: str = ""
    digests: list[bytes] = field(default_factory=list)
    defects: list[Reason] = field(default_factory=list)


class Leaves:
    """The leaves of one mail, each decoded and hashed once; texts are kept, bytes are not."""

    def __init__(self, raw: bytes, limits: ParseLimits, content: MailContent) -> None:
        self.raw = raw
        self.limits = limits
        self.content = content
        self.kept: dict[tuple[int, ...], str] = {}  # decoded text by path; "" for what is no text

    def decode(self, part: MimePart) -> bytes:
        """Decoded bytes of a leaf; its digest is taken on the way, once for each leaf."""
        data, damage = part.payload(self.raw)
        if damage:
            self.content.defects.append(Reason(damage, ".".join(map(str, part.path))))
        if part.type.startswith("text/"):
            self.kept[part.path] = self._to_text(part, data)
        else:
            self.kept.setdefault(part.path, "")
            self.content.digests.append(fingerprint.part_digest(part.type, data, None))
        return data

    def _to_text(self, part: MimePart, data: bytes) -> str:
        declared = part.charset
        if not declared and part.type == "text/html":
            declared = _meta_charset(data)
        is_long = len(data) > 2 * self.limits.html_chars
        end = (
            max(data.rfind(b"\n", 0, 2 * self.limits.html_chars), self.limits.html_chars)
            if is_long
            else len(data)
        )
        text, why = charsets.decode_text(data[:end], declared)
        if why:
            self.content.defects.append(Reason(why, clean.line(declared)[:60]))
        text = clean.text(text)
        # decoding all of a huge text would take many times its size in memory
        self.content.digests.append(fingerprint.part_digest("message/text", data, None if is_long else text))
        if len(text) > self.limits.html_chars:
            self.content.defects.append(Reason("cut-text", f"{len(text)} characters"))
            text = text[: self.limits.html_chars]
        return text

    def text(self, part: MimePart) -> str:
        """Text of a leaf, cut at the cap."""
        if part.path not in self.kept:
            self.decode(part)
            if not part.type.startswith("text/"):
                data = part.payload(self.raw)[0]
                self.kept[part.path] = data.decode("latin-1")[: self.limits.html_chars]
        return self.kept[part.path]


def _meta_charset(data: bytes) -> str:
    match = _META.search(data[:4_000])
    return match.group(1).decode("ascii") if match else ""
