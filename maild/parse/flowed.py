"""format=flowed (RFC 3676) and text/enriched (RFC 1896) as plain lines."""

from __future__ import annotations

import re

_ENRICHED = re.compile(r"<(/?)([A-Za-z-]{1,60})>|<<")
_MAX_DEPTH = 20


def unflow(text: str, *, delsp: bool) -> str:
    """Paragraphs of a flowed text on one line each; quotes keep their marks (RFC 3676, section 4)."""
    out: list[str] = []
    pending: list[str] = []
    depth_before = 0
    for line in text.split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        if bare.startswith(" "):
            bare = bare[1:]  # space-stuffing
        is_signature = bare == "-- "
        flows = bare.endswith(" ") and not is_signature
        if pending and (depth != depth_before or is_signature):
            out.append(_prefixed(pending, depth_before))
            pending = []
        depth_before = depth
        pending.append(bare[:-1] if flows and delsp else bare)
        if not flows:
            out.append(_prefixed(pending, depth))
            pending = []
    if pending:
        out.append(_prefixed(pending, depth_before))
    return "\n".join(out)


def _prefixed(pieces: list[str], depth: int) -> str:
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
