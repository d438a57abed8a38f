"""New text: what a mail adds, without the quoted history, the signature and the disclaimer.

A linear scanner over lines; the languages are tables (`maild.mail.languages`). Losing a person's words
is worse than leaking a quote: when unsure the scanner keeps and says so in the confidence.

Law: the text and the elided part together hold every line of the input that is not blank exactly once
and in order (the marker lines of `html_to_text` aside).
"""

from __future__ import annotations

from maild.mail.newtext.appline import is_app_line
from maild.mail.newtext.history import elide_history
from maild.mail.newtext.lines import (
    BLANK,
    BOILERPLATE,
    MAX_LINE,
    NOBODYS,
    SAID,
    Scan,
    scan,
)
from maild.mail.newtext.setting import NOTHING_KNOWN, Setting
from maild.mail.newtext.signature import is_contact, is_prose
from maild.mail.newtext.tail import elide_tails
from maild.model import NewText

__all__ = ["NOTHING_KNOWN", "Setting", "ending", "new_text", "sentences"]


def new_text(text: str, *, html_marks: bool = False, setting: Setting = NOTHING_KNOWN) -> NewText:
    """What this mail adds, what was elided, and how sure that is (0 to 1).

    text: decoded, lines end in newline alone.
    html_marks: the text comes from `html_to_text`; its marker lines count and are left out.
    setting: what the mail's head says of its text.
    """
    scanned = scan(text, html_marks=html_marks, setting=setting)
    elide_history(scanned)
    history = bytes(scanned.gone)
    elide_tails(scanned)
    if not _has_text(scanned):
        scanned.gone[:] = history
        scanned.doubt(0.5)
        if not _has_text(scanned):
            scanned.gone[:] = bytes(len(history))
            scanned.confidence = 0.0
    kept, elided = _split(scanned)
    return NewText(kept, elided, scanned.confidence, _boilerplate(scanned))


def ending(text: str, *, html_marks: bool = False, setting: Setting = NOTHING_KNOWN) -> str:
    """What stands unquoted below the new text and is taken for its writer's signature or a program's line, but for
    disclaimers and lists' footers: a signature may say more than who wrote."""
    scanned = scan(text, html_marks=html_marks, setting=setting)
    elide_history(scanned)
    history = bytes(scanned.gone)
    elide_tails(scanned)
    lines = zip(scanned.lines, scanned.bare, bytes(scanned.kinds), bytes(scanned.gone), history, strict=True)
    return "\n".join(
        line
        for line, bare, kind, gone, before in lines
        if gone and not before and kind not in NOBODYS and (gone == SAID or is_app_line(bare))
    )


def sentences(elided: str, boilerplate: str) -> str:
    """The sentences among what was left out: no lines of signatures, nothing of what programs and lawyers add."""
    nobodys = set(boilerplate.split("\n"))
    said = [bare for line in elided.split("\n") if line not in nobodys and (bare := line.strip("> |\t"))]
    return "\n".join(line for line in said if is_prose(line[:MAX_LINE]) and not is_contact(line[:MAX_LINE]))


def _boilerplate(scanned: Scan) -> str:
    if scanned.gone.find(BOILERPLATE) < 0:
        return ""
    return "\n".join(
        line for line, gone in zip(scanned.lines, bytes(scanned.gone), strict=True) if gone == BOILERPLATE
    )


def _has_text(scanned: Scan) -> bool:
    pairs = zip(bytes(scanned.kinds), bytes(scanned.gone), strict=True)
    return any(not gone and kind not in NOBODYS for kind, gone in pairs)


def _split(scanned: Scan) -> tuple[str, str]:
    kept: list[str] = []
    elided: list[str] = []
    gap_kept = gap_elided = False
    for line, kind, gone in zip(scanned.lines, bytes(scanned.kinds), bytes(scanned.gone), strict=True):
        if kind == BLANK:
            gap_kept = gap_elided = True
        elif kind in NOBODYS:
            continue
        elif gone:
            if gap_elided and elided:
                elided.append("")
            elided.append(line)
            gap_elided = False
        else:
            if gap_kept and kept:
                kept.append("")
            kept.append(line)
            gap_kept = False
    return "\n".join(kept), "\n".join(elided)
