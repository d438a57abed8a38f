"""Caps: what one mail may cost before it is parsed at all, and while it is.

A mail that hits one of the hard caps (size, header block, header count, parts, depth) is kept whole, read from
its header block only, and marked (`Mail.capped`, a defect `cap-...`). Texts that are merely long are cut and
marked (`cut-...`); the raw mail always stands beside them.
"""

from __future__ import annotations

from maild.values import dataclass


@dataclass(frozen=True, slots=True)
class ParseLimits:
    """Sizes in bytes unless the name says otherwise. The defaults fit [smtp] max_bytes = 30 MiB."""

    size: int = 31_457_280
    header_bytes: int = 524_288
    header_fields: int = 4_000
    field_bytes: int = 131_072  # of one field's value that is decoded; the rest is cut
    parts: int = 1_000
    depth: int = 32
    text_chars: int = 1_000_000  # of Mail.text
    html_chars: int = 4_000_000  # of one part's text that is looked at
    html_tags: int = 200_000  # of all HTML parts together
    addresses: int = 2_000  # per field
    ids: int = 2_000  # per References
    tnef_bytes: int = 31_457_280
    tnef_objects: int = 5_000
    rtf_bytes: int = 4_000_000
    #: beyond these nothing is cut: reading on takes longer than others can wait for (`TooCostly`)
    dear_tags: int = 1_000_000_000  # of all HTML parts together, by their "<"
    dear_address_bytes: int = 1_000_000_000  # of all address fields together
    dear_lines: int = 1_000_000_000  # of the text


#: for reading where others wait: what it stops at takes some 20 ms
IN_EVENT_LOOP = ParseLimits(dear_tags=2_500, dear_address_bytes=4_096, dear_lines=2_000)


class TooCostly(Exception):
    """Reading this mail belongs into a process of its own; nothing is wrong with it. Only under `IN_EVENT_LOOP`."""


class CapHit(Exception):
    """A hard cap was hit; `code` is the defect's code. Never leaves mail/parse/."""

    def __init__(self, code: str, evidence: str) -> None:
        super().__init__(code, evidence)
        self.code = code
        self.evidence = evidence
