"""What the terminal's encoding cannot show is escaped; what is not in it is refused, never mangled."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

from maild.errors import Refused


def escape_what_cannot_be_shown() -> None:
    """`\\u0151` instead of an error, on standard output and standard error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def is_narrow() -> bool:
    """Whether standard output cannot show every character."""
    return (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("_", "-") not in (
        "utf-8", "utf8", "utf-8-sig", "utf-16", "utf-32",
    )  # fmt: skip


def check_words(words: Sequence[str]) -> None:
    """Refuse a command line with bytes that are not in the locale's encoding (PEP 383 makes surrogates of them)."""
    for word in words:
        try:
            word.encode("utf-8")
        except UnicodeEncodeError:
            shown = word.encode("ascii", "backslashreplace").decode("ascii")
            raise Refused(
                f"{shown[:60]}: this is not {_name(sys.getfilesystemencoding())} text, which your locale says it is; "
                f"set LANG to what your terminal writes, or give the words in a UTF-8 file: -F FILE"
            ) from None


def standard_input() -> str:
    """All of standard input. Raises `Refused` where it is not in the locale's encoding."""
    raw = getattr(sys.stdin, "buffer", None)
    if raw is None:
        return sys.stdin.read()
    encoding = sys.stdin.encoding or "utf-8"
    content: bytes = raw.read()
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Refused(
            f"standard input is not {_name(encoding)} text (line {line}); nothing was done. "
            f"`iconv -f ISO-8859-2 -t {_name(encoding)}` in front of maild turns Latin-2 into it"
        ) from None


def _name(encoding: str) -> str:
    return "UTF-8" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding
