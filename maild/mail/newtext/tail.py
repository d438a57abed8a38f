"""Elide what stands at the ends of a person's own text: list footers, signatures, disclaimers, banners.

The own text may be in several segments (above, between and below quotes). A segment that ends at a
quote's attribution or at the end of the mail may close with a whole signature; one between quoted lines
only with what no person writes (the "-- " delimiter, "Sent from my iPhone").
"""

from __future__ import annotations

import re

from maild.mail.newtext.appline import app_lines_start, elide_app_lines_within, is_app_line
from maild.mail.newtext.disclaimer import disclaimer_start
from maild.mail.newtext.lines import BLANK, BOILERPLATE, NOBODYS, QUOTED, SAID, TEXT, Scan, is_rule
from maild.mail.newtext.phrasebook import BANNERS, LIST_FOOTER
from maild.mail.newtext.signature import (
    closing_start,
    contact_block_start,
    is_closing,
    is_contact,
    is_name,
    is_postscript,
    is_prose,
    named_dash,
    reads_as_signature,
)

_WINDOW = 90  # filled lines at the end of a segment that are looked at
_DELIMITED = 30  # filled lines that may follow "-- "
_DASHED = 14  # ... and "--" without its blank, or a long dash alone
_DELIMITERS = frozenset(("--", "—", "–", "- --"))
_NAMED_WITHIN = 3  # lines from the beginning of a signature that may hold its writer's name
_MANY = 100
_MARKED_LINES = 60  # a signature that a client marked, with all its disclaimers
_KEPT = re.compile(b"\x00+")


def elide_tails(scan: Scan) -> None:
    end = len(scan.lines) if scan.forward_from is None else scan.forward_from
    _elide_armor(scan, end)
    _elide_marked(scan, end)
    segments = _segments(scan, end)
    for number, (start, stop) in enumerate(segments):
        if _MANY < number < len(segments) - _MANY:
            continue  # nobody answers in so many places; hostile mail must not take long
        if number == 0:
            _elide_banner(scan, start, stop)
        between = number + 1 < len(segments) and stop < end and scan.kinds[stop] == QUOTED
        _elide_tail(scan, scan.filled(start, stop)[-_WINDOW:], whole=not between)
    if scan.forward_from is not None and scan.setting.is_known:
        _elide_own_signature(scan, scan.filled(scan.forward_from, len(scan.lines))[-_WINDOW:])


def _elide_own_signature(scan: Scan, filled: list[int]) -> None:
    """Below a mail that was pasted, the signature that names this mail's sender; the pasted mail's own stays."""
    bare = [scan.bare[i] for i in filled]
    begin = _delimiter_start(scan, filled, len(filled))
    if begin == len(filled):
        start = closing_start(bare, filled, scan.setting)
        if start is None:
            return
        begin = start
    if any(map(scan.setting.signs, bare[begin : begin + _NAMED_WITHIN])) and not any(
        map(is_postscript, bare[begin:])
    ):
        for i in filled[begin:]:
            scan.gone[i] = SAID


def _elide_armor(scan: Scan, end: int) -> None:
    """OpenPGP's frame around a signed text (RFC 9580 section 7): its head lines and the signature."""
    for i in scan.candidates:
        if i >= end or scan.gone[i] or not scan.bare[i].startswith("-----BEGIN PGP SIG"):
            continue
        stop = i + 1
        if scan.bare[i].startswith("-----BEGIN PGP SIGNATURE"):
            while stop < min(end, i + 60) and not scan.bare[stop].startswith("-----END PGP SIGNATURE"):
                stop += 1
            stop += 1
        elif stop < end and scan.bare[stop].startswith("Hash:"):
            stop += 1
        scan.drop(i, min(stop, end))


def _elide_marked(scan: Scan, end: int) -> None:
    """What an HTML client marked as the signature, unless somebody wrote their answer into it."""
    for start, stop in scan.signatures[:_MANY]:
        block = [i for i in range(start, min(stop, start + _MARKED_LINES, end)) if scan.kinds[i] == TEXT]
        block = [i for i in block if not scan.gone[i]]
        if not block or stop - start >= _MARKED_LINES or scan.first_kept() >= start:
            continue
        first = scan.bare[block[0]]
        if is_prose(first) and not is_closing(first):
            continue
        if any(scan.bare[i][-1] == "?" and not is_contact(scan.bare[i]) for i in block):
            continue
        above = next((i for i in range(start - 1, max(start - 4, -1), -1) if scan.kinds[i] == TEXT), start)
        if above < start and (scan.bare[above] in ("--", "—", "–") or is_rule(scan.bare[above])):
            block.append(above)
        for i in block:
            scan.gone[i] = 1


def _segments(scan: Scan, end: int) -> list[tuple[int, int]]:
    """(start, stop) of the stretches that are not elided."""
    return [
        kept.span()
        for kept in _KEPT.finditer(scan.gone, 0, end)
        if scan.kinds[kept.start() : kept.end()].strip(NOBODYS)
    ]


def _elide_banner(scan: Scan, start: int, stop: int) -> None:
    first = next((i for i in range(start, stop) if scan.kinds[i] not in NOBODYS), stop)
    if first < stop and scan.bare[first].lstrip("*_ ").lower().startswith(BANNERS):
        after = scan.kinds.find(bytes([BLANK]), first, stop)
        if 0 < after <= first + 6:
            scan.drop(first, after, BOILERPLATE)


def _elide_tail(scan: Scan, filled: list[int], *, whole: bool) -> None:
    """Elide from the end of one segment whose filled lines are given."""
    if not filled:
        return
    cut = len(filled)
    if whole:
        cut = _taken(scan, filled, len(filled), _footer_start(scan, filled))
    cut = _delimiter_start(scan, filled, cut)
    postscript: int | None = None
    while True:
        before = cut
        cut = _taken(scan, filled, cut, app_lines_start(scan, filled, cut))
        if whole:
            cut = _rules_start(scan, filled, cut)
            cut = _taken(scan, filled, cut, disclaimer_start(scan, filled, cut))
            cut = _delimiter_start(scan, filled, cut)
        if cut == before:
            break
    if whole and cut:
        bare = [scan.bare[i] for i in filled[:cut]]
        begin = closing_start(bare, filled[:cut], scan.setting)
        if begin is None:
            begin = contact_block_start(bare, filled[:cut], scan.setting)
        if begin is None:
            begin = named_dash(bare, scan.setting)
        if begin is not None:
            postscript = next((k for k in range(begin, cut) if is_postscript(bare[k])), None)
            stop = cut if postscript is None else postscript
            for k in range(begin, stop):
                scan.gone[filled[k]] = 1
            if stop == cut:
                cut = _rules_start(scan, filled, app_lines_start(scan, filled, begin))
    for k in range(cut, len(filled)):
        scan.gone[filled[k]] = scan.gone[filled[k]] or SAID
    if postscript is None:
        elide_app_lines_within(scan, filled[:cut])


def _taken(scan: Scan, filled: list[int], stop: int, start: int) -> int:
    """`start`, from which what is before `stop` is nobody's words."""
    for k in range(start, stop):
        scan.gone[filled[k]] = BOILERPLATE
    return start


def _footer_start(scan: Scan, filled: list[int]) -> int:
    """Where a mailing list's or a forge's footer begins among the filled lines, or their number."""
    cut = len(filled)
    for k in range(max(0, cut - 14), cut):
        bare = scan.bare[filled[k]]
        if not (is_rule(bare) or bare in ("--", "—", "–")):
            continue
        below = " ".join(scan.bare[i] for i in filled[k + 1 : k + 12]).lower()
        if below and any(phrase in below for phrase in LIST_FOOTER):
            return k
    return cut


def _delimiter_start(scan: Scan, filled: list[int], cut: int) -> int:
    """RFC 3676 section 4.3: a line "-- " begins the signature; clients often cut its blank. What is below decides:
    such lines stand below headings and between items, too."""
    first = max(0, cut - _DELIMITED - 1)
    for k in range(first, cut):
        ruled = k + 1 < cut and is_rule(scan.bare[filled[k]]) and _signs_alone(scan, filled[k + 1])
        if scan.bare[filled[k]] not in _DELIMITERS and not ruled:
            continue
        exact = scan.lines[filled[k]].rstrip("\r") in ("-- ", "--\xa0")
        left = cut - k - 1
        if left > (_DELIMITED if exact else _DASHED) or not (exact or left):
            continue
        below = filled[k + 1 : disclaimer_start(scan, filled, cut)]
        lines = [scan.bare[i] for i in below]
        if any(line in _DELIMITERS for line in lines):
            continue
        while lines and (
            is_app_line(lines[-1]) or ("://" in lines[-1] and len(lines) > 1 and is_app_line(lines[-2]))
        ):
            lines.pop()
            below.pop()
        above = [scan.bare[i] for i in filled[max(0, k - 2) : k]]
        if above and above[-1][-1] in ":：" and not is_closing(above[-1]):
            continue  # "Use this signature from now on:"
        listed = not exact and any(scan.bare[i] in _DELIMITERS for i in filled[:k])
        if lines and listed and not scan.setting.may_sign(lines[0]):
            continue  # the last of several items
        signed = any(is_closing(line) or (is_name(line) and scan.setting.signs(line)) for line in above)
        if reads_as_signature(lines, below, scan.setting, exact=exact, signed=signed):
            return k
    return cut


def _signs_alone(scan: Scan, index: int) -> bool:
    """Whether a line below a rule is the sender's name. Counter-example: a heading, another person's name."""
    bare = scan.bare[index]
    return scan.setting.is_known and is_name(bare) and scan.setting.signs(bare)


def _rules_start(scan: Scan, filled: list[int], cut: int) -> int:
    """Rule lines that are left at the end divide nothing any more."""
    while cut > 1 and is_rule(scan.bare[filled[cut - 1]]):
        cut -= 1
    return cut
