"""Numbers as people say and write them."""

from __future__ import annotations

#: what a whole number of either database holds
LARGEST = 2**63 - 1
_DIGITS = len(str(LARGEST))


def whole_number(text: str) -> int | None:
    """From 0 to `LARGEST`; None where it is no such number."""
    digits = text.lstrip("0")
    if not text.isascii() or not text.isdigit() or len(digits) > _DIGITS:
        return None
    number = int(digits or 0)
    return number if number <= LARGEST else None


def how_many(number: int, one: str, many: str = "") -> str:
    """`1 ticket`, `2 tickets`, `0 companies`. `many`: where it is not `one` with an s."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def size(count: int) -> str:
    """Bytes as people say them: `512 bytes`, `60 kB`, `1.4 MB`."""
    if count < 1000:
        return f"{count} bytes"
    return f"{count / 1000:.0f} kB" if count < 999_500 else f"{count / 1e6:.1f} MB"
