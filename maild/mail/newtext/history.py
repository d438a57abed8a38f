"""Find the quoted history of a mail and elide it from a scan.

Two kinds: history whose lines are marked (">"), where what stands between is the person's, and history
that only has a beginning (Outlook's header block, an attribution above unmarked text), which reaches to
the end of the mail or of the HTML client's quote.

Over 300 lines: each kind of history is found by the same scan, and the order of the rules decides.
"""

from __future__ import annotations

import re

from maild.mail.languages.table import phrases
from maild.mail.newtext.attribution import NONE, STRONG, attribution, facts_of, is_flattened, strength
from maild.mail.newtext.bars import mark_bars, mark_lone_bars
from maild.mail.newtext.headerblock import foreign_block, header_block
from maild.mail.newtext.hints import answers_inside
from maild.mail.newtext.lines import (
    BLANK,
    BOILERPLATE,
    CLOSES,
    OPENS,
    QUOTED,
    TEXT,
    Scan,
    inner,
    is_barred,
    is_rule,
    label_of,
)
from maild.mail.newtext.marked import elide_marked
from maild.mail.newtext.phrasebook import (
    FORWARDED,
    FROM,
    LABELS,
    ORIGINAL,
    REPLY_ABOVE,
    SUBJECT,
    TO,
    VERBS,
    first_word,
    starts_with,
    words,
)
from maild.mail.newtext.tinted import keep_answers_inside

#: "Ann Miller ---11/02/2026 10:11:12 AM---Dear Bob, which": Lotus Notes shows what it quotes
_NOTES_LINE = re.compile(r"[^-]{2,80} ?---[0-9][^-]{8,30}---")
#: "As Bob said:" is the writer's own sentence above a citation
_CITING = frozenset(
    phrases("""
        as | like | the | my | our | this | that | i | we | he | she | they | you | it | and | but | so | because | here |
        zoals | de | het | mijn | onze | ik | wij | we | hij | zij | u | jij | en | maar | want | wie | der | die | das |
        mein | unser | ich | wir | er | sie | und | aber | denn | hier | comme | le | la | les | mon | notre | je | nous |
        il | elle | vous | et | mais | car | voici | ahogy | ahogyan | mint | a | az | és | de | mert | én | mi | ő | itt
    """)
)
_RULES = frozenset("-–—_=*#>")
_NOTES_ABOVE, _NOTES_BELOW = 8, 16  # lines
_HEAD_LINES = 24  # lines of an attribution or a header block, markers and blanks with them


def elide_history(scan: Scan) -> None:
    """Mark all history as gone; set `forward_from` where a forwarded mail begins."""
    attributed = False
    scan.drop(0, scan.unseen, BOILERPLATE)
    done = scan.unseen  # lines before this one are settled
    closes = _closes(scan)
    inside: list[
        tuple[int, bool]
    ] = []  # where the HTML quotes around the present line close, and whether surely
    for index in scan.candidates:
        while inside and inside[-1][0] <= index:
            inside.pop()
        if index in closes:
            inside.append((closes[index], index not in scan.unsure))
        if index < done:
            continue
        if index in closes:
            outcome = _marked_quote(scan, index, closes[index])
        else:
            outcome = _candidate(scan, index, forwarded=scan.setting.forwarded)
        if outcome is None:
            continue
        start, stop, is_open = outcome
        if scan.forward_from is not None:
            break
        if not (scan.setting.answers or any(sure for _, sure in inside) or _quotes_desk(scan, start, stop)):
            if is_open and index not in closes:
                # a mail that was pasted, or forwarded under a subject of the writer's own
                scan.forward_from = start
                scan.doubt(0.8)
                break
            continue
        if is_open:
            # Without marked lines history reaches to the close of the HTML quote it stands in, or for ever.
            around = inside[-1][0] if inside else _quote_below(scan, stop, closes)
            stop = max(stop, around)
            if not scan.tinted and answers_inside(scan, start):
                scan.doubt(0.4)
                done = stop
                continue
            scan.doubt(0.9)
        else:
            attributed = True
        scan.drop(start, stop)
        done = stop
    if scan.setting.answers and scan.barred and not (attributed or scan.quotes):
        mark_lone_bars(scan)
    if scan.quotes:
        elide_marked(scan, attributed=attributed)
    keep_answers_inside(scan)


def _candidate(scan: Scan, index: int, *, forwarded: bool) -> tuple[int, int, bool] | None:
    """(first line, line after, whether all that follows is history) when history begins at `index`."""
    bare = scan.bare[index]
    if bare[0] == ">":
        return _heading(scan, index)
    if is_barred(bare):
        return _separator(scan, index, forwarded=forwarded)
    if (label := label_of(bare)) is not None:
        if label[0]:
            head = _block(scan, index, forwarded=forwarded)
        else:
            head = _foreign_block(scan, index, forwarded=forwarded)
        if head is not None or scan.forward_from is not None:
            return head
    if bare[-1] not in ":：":
        if (head := _notes_head(scan, index)) is not None:
            return head
        return (index, index + 1, True) if is_flattened(bare) and _has_words_above(scan, index) else None
    words_of_line = inner(bare)
    if starts_with(words_of_line, FORWARDED) and len(words_of_line) < 60:
        below = scan.next_filled(index + 1)
        if below < len(scan.lines) and (_is_label(scan, below) or scan.kinds[below] == QUOTED):
            scan.forward_from = index
            return None
    if starts_with(words_of_line, ORIGINAL) and len(words_of_line) < 40:
        below = scan.next_filled(index + 1)
        if below < len(scan.lines) and _is_label(scan, below):
            return index, _after_block(scan, below), not _quoted_next(scan, _after_block(scan, below))
    return _attribution(scan, index)


def _attribution(scan: Scan, index: int) -> tuple[int, int, bool] | None:
    place = attribution(scan, index)
    if place is None:
        return None
    start, sure = place
    mark_bars(scan, index + 1)
    below = scan.next_filled(index + 1)
    if below < len(scan.lines) and scan.kinds[below] == QUOTED:
        line = scan.bare[start]
        dated = "@" in line or any(char.isdigit() for char in line)
        if not dated and start == index and first_word(line[:20].lower()) in _CITING:
            return None
        return start, index + 1, False
    marked = OPENS in scan.kinds[index + 1 : below] or (
        index > 0 and OPENS in scan.kinds[max(0, start - 2) : start]
    )
    if sure == STRONG or marked:
        # With nothing above, what follows is either all quote or an answer that begins at once: keep it.
        if scan.quotes and not _has_words_above(scan, start):
            return start, index + 1, False
        return start, index + 1, True
    if sure:
        scan.doubt(0.7)
    return None


def _heading(scan: Scan, index: int) -> tuple[int, int, bool] | None:
    """A ">" line that introduces the quote, and what of it stands on the lines below."""
    bare = scan.bare[index]
    stop = index + 1
    if bare.endswith(" >>>") and not strength(bare) and "@" not in bare:
        return None
    if bare.startswith(">>> On "):
        while stop < min(index + 4, len(scan.lines)):
            stop += 1
            if scan.bare[stop - 1][-1:] == ":":
                return index, stop, not _quoted_next(scan, stop)
        return None
    stop = scan.quoted_run(stop)
    # Laposte marks only the header block, and leaves the quoted mail as it was
    is_open = bare.endswith(" >>>") and stop == index + 1
    if bare.startswith("> Message du "):
        last = next((i for i in range(stop - 1, index, -1) if scan.bare[i].strip("> ")), index)
        is_open = scan.bare[last].startswith("> Objet")
    return index, stop, is_open


def _block(scan: Scan, index: int, *, forwarded: bool) -> tuple[int, int, bool] | None:
    start = _rule_above(scan, index)
    introduced = start == index and _introduced(scan, index)
    stop = header_block(scan, index, separated=start < index and not introduced)
    if stop is None and _names_desk_alone(scan, start, index):
        stop = index + 1
    if stop is None:
        return None
    mark_bars(scan, stop)
    if introduced:
        scan.doubt(0.5)
        return None
    if forwarded:
        scan.forward_from = start
        return None
    return start, stop, not _quoted_next(scan, stop)


def _notes_head(scan: Scan, index: int) -> tuple[int, int, bool] | None:
    """Lotus Notes' head of a quote: who and when, then labels and values in lines of their own, as a table gives them.
    Counter-example: a form with a lone "To" that names neither the desk nor a time."""
    if not LABELS.get(scan.bare[index].lower(), 0) & TO:
        return None
    above = scan.filled(max(0, index - _NOTES_ABOVE), index)[-3:]
    below = [i for i in range(index + 1, min(index + _NOTES_BELOW, len(scan.lines))) if scan.kinds[i] == TEXT]
    named = next((i for i in above if scan.setting.quotes_desk([scan.bare[i]])), None)
    subject = next((i for i in below if LABELS.get(scan.bare[i].lower(), 0) & SUBJECT), None)
    if named is None or subject is None or facts_of(" ".join(scan.bare[i] for i in above if i >= named)) < 3:
        return None
    return named, min(scan.next_filled(subject + 1) + 1, len(scan.lines)), True


def _names_desk_alone(scan: Scan, start: int, index: int) -> bool:
    """A rule, or a line that the HTML draws, "From: Help Desk <help@desk.example>" and at once what the desk wrote.
    Counter-example: a From between two rules, or of anybody else, which the writer shows."""
    label = label_of(scan.bare[index])
    if label is None or not label[0] & FROM or not scan.setting.quotes_desk([label[1]]):
        return False
    below = scan.next_filled(index + 1)
    ruled = is_rule(scan.bare[start]) or OPENS in scan.kinds[max(0, index - 2) : index]
    return ruled and below < len(scan.lines) and not is_rule(scan.bare[below])


def _foreign_block(scan: Scan, index: int, *, forwarded: bool) -> tuple[int, int, bool] | None:
    """A header block whose labels no table knows; it repeats the mail's own subject."""
    stop = foreign_block(scan, index, separated=False)
    if stop is None or _introduced(scan, index):
        return None
    start = _rule_above(scan, index)
    if forwarded:
        scan.forward_from = start
        return None
    mark_bars(scan, stop)
    return start, stop, not _quoted_next(scan, stop)


def _separator(scan: Scan, index: int, *, forwarded: bool) -> tuple[int, int, bool] | None:
    """A line of dashes: "-----Original Message-----", "---- Forwarded message ----", "--- Ann wrote: ---"."""
    bare = scan.bare[index]
    name = inner(bare)
    if not name:
        return None
    if any(phrase in name for phrase in REPLY_ABOVE):
        return index, index + 1, _has_words_above(scan, index)
    if starts_with(name, FORWARDED) and len(name) < 160:
        scan.forward_from = index
        return None
    below = scan.next_filled(index + 1)
    original = starts_with(name, ORIGINAL)
    found_words = words(name[:160])
    wrote = bare[-1] in "-_=*" and not VERBS.isdisjoint(found_words)
    if not original and not wrote:
        return _dated_rule(scan, index)
    if below >= len(scan.lines):
        return index, len(scan.lines), True
    if scan.kinds[below] == QUOTED:
        return index, index + 1, False
    if original and len(name) > len(original) + 2 and not _is_label(scan, below):
        return None  # "--- Message from our director ---" is somebody's headline
    # "---- Ann Miller wrote ----" is Sony's; a headline has its verb elsewhere
    sure = "@" in name or (
        found_words[-1:]
        and found_words[-1] in VERBS
        and len(found_words) <= 6
        and _has_words_above(scan, index)
    )
    if wrote and not original and not sure and not _is_label(scan, below):
        return None
    if forwarded and _is_label(scan, below):
        scan.forward_from = index
        return None
    if not _is_label(scan, below) and (place := _attribution_below(scan, below)) is not None:
        mark_bars(scan, place)
        return index, place, not _quoted_next(scan, place)  # Proton: both a separator and an attribution
    stop = _after_block(scan, below)
    mark_bars(scan, stop)
    return index, stop, not _quoted_next(scan, stop)


def _dated_rule(scan: Scan, index: int) -> tuple[int, int, bool] | None:
    """ "=== Help Desk (help@desk.example) - 02.11.2026 10:11 ===": a rule that names the desk and a time, no verb."""
    bare = scan.bare[index]
    if bare[-1] not in _RULES or not scan.setting.quotes_desk([bare]) or facts_of(bare) < 3:
        return None
    if not _has_words_above(scan, index):
        return None
    mark_bars(scan, index + 1)
    return index, index + 1, not _quoted_next(scan, index + 1)


def _attribution_below(scan: Scan, index: int) -> int | None:
    """The line after an attribution that begins at `index`, when there is one."""
    for last in range(index, min(index + 4, len(scan.lines))):
        if scan.kinds[last] != TEXT:
            return None
        if scan.bare[last][-1] in ":：":
            return last + 1 if strength(" ".join(scan.bare[index : last + 1])) else None
    return None


def _marked_quote(scan: Scan, index: int, end: int) -> tuple[int, int, bool] | None:
    """History as an HTML client marked it: from the opening marker to the closing one."""
    below = scan.next_filled(index + 1)
    if below >= end:
        return index, end, False
    bare = scan.bare[below]
    name = inner(bare)
    if len(name) < 160 and starts_with(name, FORWARDED) and (is_barred(bare) or bare[-1] == ":"):
        scan.forward_from = index
        return None
    if scan.kinds[below] == QUOTED:
        return index, index + 1, False
    if _is_label(scan, below) or is_barred(bare) or is_rule(bare):
        return None  # a candidate of its own: it knows forwards and blocks better
    quoted = next((i for i in range(below, min(end, below + 6)) if scan.kinds[i] == QUOTED), None)
    if quoted is not None:
        head = [i for i in range(below, quoted) if scan.kinds[i] == TEXT]
        if len(head) <= 4 and scan.bare[head[-1]][-1] in ":：>)":
            return index, quoted, False
        if len(head) == 1 and strength(scan.bare[head[0]]) != NONE:
            return index, quoted, False
    for last in range(below, min(below + 4, end)):
        if scan.kinds[last] == TEXT and scan.bare[last][-1] in ":：":
            return None  # an attribution above unmarked text: the candidate below decides
    return index, end, True


def _closes(scan: Scan) -> dict[int, int]:
    """Line of an opening marker -> the line after the marker that closes it, or the end."""
    closes: dict[int, int] = {}
    opened: list[int] = []
    for i in _positions(scan.kinds):
        if scan.kinds[i] == OPENS:
            opened.append(i)
        elif opened:
            closes[opened.pop()] = i + 1
    closes.update(dict.fromkeys(opened, len(scan.kinds)))
    return closes


def _positions(kinds: bytearray) -> list[int]:
    """The marker lines; nearly always none, which costs two searches."""
    if kinds.find(OPENS) < 0:
        return []
    return [i for i, kind in enumerate(bytes(kinds)) if kind in (OPENS, CLOSES)]


def _quote_below(scan: Scan, stop: int, closes: dict[int, int]) -> int:
    """The end of the HTML quote that begins just below an attribution, or of the mail."""
    for i in range(stop, min(stop + 2, len(scan.kinds))):
        if i in closes:
            return closes[i]
    return len(scan.kinds)


def _quotes_desk(scan: Scan, start: int, stop: int) -> bool:
    """Whether what introduces the quote names the desk."""
    stop = min(stop, start + _HEAD_LINES)
    return scan.setting.quotes_desk([scan.bare[i] for i in range(start, stop) if scan.kinds[i] != BLANK])


def _has_words_above(scan: Scan, start: int) -> bool:
    return scan.first_kept() < start


def _is_label(scan: Scan, index: int) -> bool:
    label = label_of(scan.bare[index])
    return label is not None and bool(label[0])


def _after_block(scan: Scan, index: int) -> int:
    after = header_block(scan, index, separated=True) or foreign_block(scan, index, separated=True)
    if after is None and _is_label(scan, index) and scan.kinds[index] == TEXT:
        return index + 1  # "Original Message" and From alone
    return after or index


def _quoted_next(scan: Scan, index: int) -> bool:
    below = scan.next_filled(index)
    return below < len(scan.lines) and scan.kinds[below] == QUOTED


def _rule_above(scan: Scan, index: int) -> int:
    """The rule line (Outlook's 32 underscores) close above `index`, or `index`."""
    above = index - 1
    while above >= 0 and above >= index - 2 and scan.kinds[above] in (BLANK, OPENS):
        above -= 1
    if above < 0 or scan.kinds[above] != TEXT:
        return index
    bare = scan.bare[above]
    if is_rule(bare) or _NOTES_LINE.match(bare):
        return above
    name = inner(bare)
    # "Original Message", as some phones write it, without dashes
    return above if len(name) < 40 and starts_with(name, ORIGINAL) == name else index


def _introduced(scan: Scan, index: int) -> bool:
    """Whether a line ending in a colon ("The log says:") leads to the block at `index`."""
    above = index - 1
    while above >= 0 and above >= index - 1 and scan.kinds[above] == BLANK:
        above -= 1
    if above < 0 or scan.kinds[above] != TEXT:
        return False
    bare = scan.bare[above]
    return bare[-1] in ":：" and not _is_label(scan, above)
