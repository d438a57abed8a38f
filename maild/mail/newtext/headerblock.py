"""Header blocks above a quoted mail, as Outlook, Lotus Notes, Zimbra and mobile clients write them.

    From: Ann Smith <ann@example.com>
    Sent: Monday, November 2, 2026 10:11 AM
    To: Help Desk
    Subject: Printer

Known false match: the header of a mail that somebody pastes as a specimen. Raw header fields in it
("Received:"), a form's labels, no date, no text below, or a line "Here is the header:" above keep it as
the writer's words.
"""

from __future__ import annotations

from maild.mail.newtext.lines import BLANK, TEXT, Scan
from maild.mail.newtext.phrasebook import FROM, LABELS, SENT, SUBJECT, TO

_MAX_LINES = 24
_MAX_FOREIGN = 10
#: what a line of a foreign block has in it
_LABELLED, _ADDRESS, _DATED, _ON_SUBJECT = 1, 2, 4, 8
_MAX_GAPS = 3  # continuation lines below one label: long To lists wrap


def header_block(scan: Scan, start: int, *, separated: bool) -> int | None:
    """The line after the block that begins at `start`, or None when there is no block.

    separated: a separator stands above, so two labels suffice and strange ones do not matter.
    """
    label = scan.label(start)
    if label is None or not label[0]:
        return None
    if _one_line(scan.bare[start]):
        return start + 1
    roles: list[int] = []
    strange = gaps = 0
    index = start
    stop = min(len(scan.lines), start + _MAX_LINES)
    end = labelled = start
    while index < stop:
        bare = scan.bare[index]
        if scan.kinds[index] == BLANK:
            following = scan.next_filled(index)
            after = scan.label(following) if following < stop and following - index == 1 else None
            if after is None or not after[0]:
                break
            index += 1
            continue
        if scan.kinds[index] != TEXT:
            break
        label = scan.label(index)
        if label is not None and label[0]:
            roles.append(label[0])
            gaps = 0
            if label[0] == SENT and label[1] and not any(c.isdigit() for c in label[1]):
                strange += 1
        elif label is not None and " " not in bare[: bare.find(":")] and not label[1].startswith("//"):
            strange += 1
        else:
            gaps += 1
            if gaps > _MAX_GAPS:
                break
        index += 1
        end = index
        if not gaps:
            labelled = index
    distinct = _distinct(roles)
    if separated:
        return end if distinct >= 2 else None
    if strange or distinct < 3 or not (any(r & FROM for r in roles) and any(r & SENT for r in roles)):
        return None
    block = range(start, end)
    if not any(role & SUBJECT for role in roles) and not any("@" in scan.bare[i] for i in block):
        return None  # "From: Room 101, To: Room 202, Date: 12 March" is a form
    if scan.next_filled(labelled) >= len(scan.lines) and not _is_of_this_mail(scan, block):
        return None
    return end


def _is_of_this_mail(scan: Scan, block: range) -> bool:
    """Whether a block with nothing below is what is answered, and no specimen: it names the desk or the subject."""
    lines = [scan.bare[i] for i in block]
    return scan.setting.quotes_desk(lines) or any(map(scan.repeats_subject, block))


def foreign_block(scan: Scan, start: int, *, separated: bool) -> int | None:
    """The line after a block whose labels no table knows: three labelled lines or more, one with an address or a
    date, one that repeats the subject of this mail (or, `separated`, any address and any date)."""
    seen, index = 0, start
    stop = min(len(scan.lines), start + _MAX_FOREIGN)
    known = scan.foreign_lines
    while index < stop:
        fields = known.get(index)
        if fields is None:
            fields = known[index] = _foreign_line(scan, index)
        if not fields:
            break
        seen |= fields
        index += 1
    if index - start < 3 or not seen & (_ADDRESS | _DATED):
        return None
    sure = seen & _ON_SUBJECT or (separated and seen & _ADDRESS and seen & _DATED)
    return index if sure else None


def _foreign_line(scan: Scan, index: int) -> int:
    """What a line under a label that no table knows has in it; 0 for any other line."""
    label = scan.label(index) if scan.kinds[index] == TEXT else None
    if label is None or not label[1] or not _is_label_like(scan.bare[index]):
        return 0
    value = label[1]
    return (
        _LABELLED
        | (_ADDRESS if "@" in value else 0)
        | (_DATED if ":" in value and any(map(str.isdigit, value)) else 0)
        | (_ON_SUBJECT if scan.repeats_subject(index) else 0)
    )


def _is_label_like(bare: str) -> bool:
    label = bare.partition(":")[0].partition("：")[0].strip(" *_|")
    return len(label) <= 24 and label.count(" ") <= 3 and not any(map(str.isdigit, label))


def _distinct(roles: list[int]) -> int:
    """How many of From, Sent, To, Subject are there; an ambiguous label counts once."""
    left = {FROM, SENT, TO, SUBJECT}
    for role in sorted(roles, key=int.bit_count):
        for bit in (FROM, SENT, TO, SUBJECT):
            if role & bit and bit in left:
                left.discard(bit)
                break
    return 4 - len(left)


def _one_line(bare: str) -> bool:
    """A whole block in one line, as flattened HTML has it: "From: Ann Sent: Monday ... Subject: x"."""
    if bare.count(":") < 4:
        return False
    roles: list[int] = []
    words = bare.replace("*", "").split()
    for position, word in enumerate(words[:80]):
        if word.endswith(":"):
            roles.append(LABELS.get(word[:-1].lower(), 0))
        elif word == ":" and position:
            roles.append(LABELS.get(words[position - 1].lower(), 0))
    roles = [role for role in roles if role]
    return bool(roles) and bool(roles[0] & FROM) and _distinct(roles) >= 3
