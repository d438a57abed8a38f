"""Characters that move a cursor, end a line, turn the order of reading, or are not seen: one list each.

Sets of code points (Unicode 15). `INVISIBLE` is what a text may lose without losing a letter; `UNSAFE` what must
not reach a terminal or a log as it is. Emoji and Indic, Persian and Arabic words need the `JOINERS`: they go only
where a text is compared, never where it is shown.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

#: C0 and DEL: none of them belongs into a line of text
C0 = frozenset((*range(0x20), 0x7F))
C1 = frozenset(range(0x80, 0xA0))
CONTROLS = C0 | C1
#: LINE SEPARATOR and PARAGRAPH SEPARATOR: lines to some readers, nothing to others
SEPARATORS = frozenset((0x2028, 0x2029))
#: marks, embeddings, overrides and isolates that turn the order of reading (UAX #9)
BIDI = frozenset((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
#: of these: overrides, which turn letters too; with what turns a whole run; and what ends them
OVERRIDES = "\u202d\u202e"
TURNING = OVERRIDES + "\u202b\u2067"
TURNING_ENDS = "\u202c"
#: GRAPHEME JOINER, ZERO WIDTH NON-JOINER and JOINER
JOINERS = frozenset((0x034F, 0x200C, 0x200D))
#: soft hyphen, zero-width blanks, invisible operators, deprecated format marks, BOM,
#: interlinear annotation
ZERO_WIDTH = frozenset(
    (
        0xAD,
        0x180E,
        0x200B,
        *range(0x2060, 0x2066),
        *range(0x206A, 0x2070),
        0xFEFF,
        0xFFF9,
        0xFFFA,
        0xFFFB,
    )
)
#: tag characters: a whole hidden alphabet
TAGS = frozenset(range(0xE0000, 0xE0080))
#: letters without a shape: Hangul fillers and two Khmer vowels
SHAPELESS = frozenset((0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0))
SURROGATES = frozenset(range(0xD800, 0xE000))

INVISIBLE = BIDI | JOINERS | ZERO_WIDTH | TAGS
#: what a terminal, a log or a page would act on, or show as something else
UNSAFE = CONTROLS | SEPARATORS | BIDI | TAGS | SURROGATES | ZERO_WIDTH
#: what joins letters of the scripts that need it, and says nothing at the beginning, behind a blank or a Latin letter:
#: there somebody hides it
STRAY_JOINERS = "(?<![^\x00-\u024f\u034f\u200c\u200d])[\u034f\u200c\u200d]"
#: what is taken out of a text before others are shown it; the joiners stay
UNSEEN = CONTROLS | SEPARATORS | SURROGATES | (INVISIBLE - JOINERS)


def pattern_of(codes: Iterable[int]) -> str:
    """A character class of `re` that matches each of the code points."""
    ordered = sorted(codes)
    ranges: list[tuple[int, int]] = []
    for code in ordered:
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], code)
        else:
            ranges.append((code, code))
    return "[" + "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges) + "]"


def escape(code: int) -> str:
    """The escape that stands for a code point where it must be seen: `\\x1b`, `\\u202e`, `\\U000e0041`."""
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def is_unseen(char: str) -> bool:
    """The strict question, for what decides: a format character of any kind, or a letter without a shape."""
    if char <= "\x7f":
        return False
    code = ord(char)
    return code in INVISIBLE or code in SHAPELESS or unicodedata.category(char) == "Cf"
