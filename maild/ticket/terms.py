"""What a consent is about besides its words: who asked, and for an offer the money and the time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from typing import Any, Final

from maild.ticket.codec import Codec
from maild.ticket.vocabulary import ConsentKind
from maild.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LineItem:
    """One line of an offer: what, and for how much (decimal text)."""

    text: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentTerms:
    """The amount is decimal text with its ISO 4217 code beside it; minutes are whole."""

    requester_verified: bool = False  # every mail of the request passes what an answer must pass
    amount: str = ""
    currency: str = ""
    items: tuple[LineItem, ...] = ()  # of which the amount is the sum
    vat: str = ""  # what is said of it: "27 % VAT included"
    valid_until: date | None = None
    estimate_minutes: int | None = None
    quantum_minutes: int | None = None  # in which the estimate is charged
    reason: str = ""  # why it costs
    words: str | None = (
        None  # an offer's own words; what a yes is bound to holds its lines, sum and files besides
    )
    kind_after: ConsentKind | None = (
        None  # `confirm`: what approvers are asked for once the requester confirmed
    )
    attach: tuple[str, ...] = ()  # SHA-256 of the offer's files
    more: Mapping[str, Any] = field(default_factory=dict)  # keys that this version does not know


CODEC: Final = Codec(ConsentTerms)
