"""Lines for people, with what each piece means; a terminal or a full screen gives the meanings their colours."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Style(StrEnum):
    """What a piece of a line is."""

    PLAIN = ""
    BOLD = "bold"
    DIM = "dim"
    LATE = "late"
    SOON = "soon"
    WAITS = "waits"
    UNREAD = "unread"
    CUSTOMER = "customer"
    OURS = "ours"
    INTERNAL = "internal"
    HIT = "hit"


class Span(NamedTuple):
    text: str
    style: Style = Style.PLAIN


Line = tuple[Span, ...]


def line(*pieces: str | Span) -> Line:
    """Plain text and spans as one line."""
    return tuple(Span(piece) if isinstance(piece, str) else piece for piece in pieces if piece)


def plain(spans: Line) -> str:
    """The text alone."""
    return "".join(span.text for span in spans)
