"""What customers wrote, made fit to be shown: no controls, no marks that turn reading order or hide."""

from __future__ import annotations

import re
from typing import Any

# C0 and C1 controls but tab and newline, soft hyphen, bidi marks and isolates, zero-width space, BOM,
# interlinear annotation, tag characters, lone surrogates. ZWJ and ZWNJ stay: emoji and Persian need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def clean_text(text: str) -> str:
    """`text` of several lines with newlines as LF and nothing unseen in it."""
    if text.isprintable():
        return text
    if text.replace("\n", "").replace("\t", "").isprintable():
        return text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub("", text)


def clean_line(text: str) -> str:
    """`text` as one line: every run of white space and line ends is one space."""
    if text.isprintable() and "  " not in text:
        return text.strip(" ")
    return " ".join(_UNSEEN.sub("", " ".join(text.split())).split())


def clean_data(value: Any) -> Any:
    """JSON data with every string cleaned as text; keys are ours and stay."""
    kind = type(value)
    if kind is str:
        return value if value.isprintable() else clean_text(value)
    if kind is dict:
        return {
            key: item if type(item) is str and item.isprintable() else clean_data(item)
            for key, item in value.items()
        }
    if kind is list or kind is tuple:
        return [clean_data(item) for item in value]
    return value
