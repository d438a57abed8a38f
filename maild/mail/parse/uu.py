"""Files that stand uuencoded in the midst of a text, as mail did before MIME. yEnc blocks are left alone."""

from __future__ import annotations

import re

from maild.mail.parse import transfer
from maild.values import dataclass

_BEGIN = re.compile(r"(?m)^begin(?:-base64)? [0-7]{3,4} ([^\n]{1,255})$")
_LINE = re.compile(r"[ -`]{1,90}")
_MAX_FILES = 100


@dataclass(frozen=True, slots=True)
class UuFile:
    """A file found in a text."""

    name: str
    data: bytes


def extract(text: str) -> tuple[str, list[UuFile]]:
    """(text with `[attachment: name]` where files stood, the files). A block without `end` counts when it fits."""
    if "begin" not in text:
        return text, []
    out: list[str] = []
    files: list[UuFile] = []
    pos = 0
    while len(files) < _MAX_FILES:
        match = _BEGIN.search(text, pos)
        if not match:
            break
        block = _block(text, match.end() + 1, match.group().startswith("begin-base64"))
        if block is None:
            out.append(text[pos : match.end()])
            pos = match.end()
            continue
        data, after = block
        name = match.group(1).strip()
        files.append(UuFile(name, data))
        out.append(text[pos : match.start()])
        out.append(f"[attachment: {name}]\n")
        pos = after
    out.append(text[pos:])
    return "".join(out), files


def _block(text: str, start: int, is_base64: bool) -> tuple[bytes, int] | None:
    """Decoded bytes and the offset behind `end`; None when what follows is no uuencoded file."""
    lines: list[bytes] = []
    pos = start
    while pos < len(text):
        stop = text.find("\n", pos)
        stop = len(text) if stop < 0 else stop
        line = text[pos:stop]
        pos = stop + 1
        if line.rstrip() in ("end", "===="):
            break
        if not line.strip():
            continue
        if is_base64:
            lines.append(line.encode("ascii", "replace"))
        elif _LINE.fullmatch(line) and _fits(line):
            lines.append(line.encode("ascii"))
        else:
            if not lines:
                return None
            pos = stop - len(line)
            break
    if not lines:
        return None
    data = transfer.base64(b"\n".join(lines))[0] if is_base64 else transfer.uu_lines(lines)
    return data, pos


def _fits(line: str) -> bool:
    """The first character tells the number of bytes; the rest must be as long as that takes (or stripped blanks)."""
    size = (ord(line[0]) - 32) & 63
    needed = (size + 2) // 3 * 4
    return len(line) - 1 <= needed + 2 and (size == 0 or len(line) - 1 >= needed - 4)
