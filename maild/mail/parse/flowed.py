"""format=flowed (RFC 3676) and text/enriched (RFC 1896) as plain lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

_ENRICHED = re.compile(r"<(/?)([A-Za-z-]{1,60})>|<<")
_MAX_DEPTH = 20
#: where two lines are one; a signature's "-- " neither goes on nor is gone on with
_JOINT = re.compile(r"(?<!\n--) \n(?!-- (?:\n|\Z))")
#: with delsp the blank goes, before a signature and at the end too
_DELETED = re.compile(r"(?<!\n--) (?:\n(?!-- (?:\n|\Z))|(?=\n-- (?:\n|\Z)|\Z))")


def unflow(text: str, *, delsp: bool) -> str:
    """Paragraphs of a flowed text on one line each; quotes keep their marks (RFC 3676, section 4)."""
    if text.startswith(">") or "\n>" in text:
        return _with_quotes(text, delsp)
    # a million short lines are a mail too: no step of Python for each
    text = ("\n" + text).replace("\n ", "\n")  # space-stuffing
    if "\n-- " in text:
        text = _DELETED.sub("", text) if delsp else _JOINT.sub(" ", text)
    elif delsp:
        text = text.removesuffix(" ").replace(" \n", "")
    else:
        text = text.replace(" \n", " ")
    return text[1:]


def _with_quotes(text: str, delsp: bool) -> str:
    out: list[str] = []
    pending: list[str] = []
    depth_before = 0
    for line in text.split("\n"):
        depth = 0
        if line[:1] == ">":
            depth = len(line)
            line = line.lstrip(">")
            depth -= len(line)
        if line[:1] == " ":
            line = line[1:]
        is_signature = line == "-- "
        if pending and (depth != depth_before or is_signature):
            out.append(_prefixed(pending, depth_before))
            pending = []
        depth_before = depth
        if line[-1:] == " " and not is_signature:
            pending.append(line[:-1] if delsp else line)
        elif pending:
            pending.append(line)
            out.append(_prefixed(pending, depth))
            pending = []
        else:
            out.append(_prefixed((line,), depth) if depth else line)
    if pending:
        out.append(_prefixed(pending, depth_before))
    return "\n".join(out)


def _prefixed(pieces: Sequence[str], depth: int) -> str:
    line = "".join(pieces)
    return f"{'>' * min(depth, _MAX_DEPTH)} {line}" if depth else line


def enriched(text: str) -> str:
    """Words of text/enriched or the older text/richtext; commands go, `<param>` with what it holds."""
    out: list[str] = []
    pos = skipping = nofill = 0
    for match in _ENRICHED.finditer(text):
        if not skipping:
            out.append(_filled(text[pos : match.start()], nofill))
        pos = match.end()
        name = (match.group(2) or "").lower()
        if not name:
            out.append("<")
        elif name == "param":
            skipping = 0 if match.group(1) else 1
        elif name in ("nofill", "verbatim"):
            nofill = 0 if match.group(1) else 1
        elif name in ("nl", "np", "paragraph", "lt"):
            out.append("<" if name == "lt" else "\n")
    if not skipping:
        out.append(_filled(text[pos:], nofill))
    return "".join(out)


def _filled(text: str, nofill: int) -> str:
    """A lone line end is a blank, n of them in a row are n-1 (RFC 1896)."""
    if nofill or "\n" not in text:
        return text
    lines = text.split("\n")
    out = [lines[0]]
    breaks = 0
    for line in lines[1:]:
        breaks += 1
        if line:
            out.append(" " if breaks == 1 else "\n" * (breaks - 1))
            out.append(line)
            breaks = 0
    if breaks:
        out.append(" " if breaks == 1 else "\n" * (breaks - 1))
    return "".join(out)
