"""What customers wrote, made fit to be shown: no controls, no marks that turn reading order or hide."""

from __future__ import annotations

from typing import Any

from maild.mail.text.clean import shown_line as clean_line
from maild.mail.text.clean import shown_text as clean_text

__all__ = ["clean_data", "clean_line", "clean_text"]


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
