"""The desk's colour, made safe for a style attribute and readable with text on it."""

from __future__ import annotations

import re

_HEX = re.compile(r"#[0-9a-fA-F]{6}")
DEFAULT = "#1f5fa8"


def safe(colour: str) -> str:
    """`colour` when it is "#rrggbb", else our own: nothing else may enter a style attribute."""
    return colour.lower() if _HEX.fullmatch(colour) else DEFAULT


def _channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def luminance(colour: str) -> float:
    """WCAG 2.2 relative luminance, 0 (black) to 1 (white)."""
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def ink_on(colour: str) -> str:
    """White or black, whichever reads better on `colour`."""
    return max(("#ffffff", "#000000"), key=lambda ink: contrast(ink, colour))


def _mixed(colour: str, other: str, part: float) -> str:
    return "#" + "".join(
        f"{round(a + (b - a) * part):02x}" for a, b in zip(_channels(colour), _channels(other), strict=True)
    )


def readable(colour: str, ground: str, wanted: float = 4.5) -> str:
    """`colour` moved towards white or black until it reads on `ground`."""
    towards = "#ffffff" if luminance(ground) < 0.2 else "#000000"
    for step in range(11):
        shade = _mixed(colour, towards, step / 10)
        if contrast(shade, ground) >= wanted:
            return shade
    return towards
