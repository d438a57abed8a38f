"""Letters as people read them, for words that are looked for: without case and accents, of look-alikes the Latin one."""

from __future__ import annotations

from maild import fulltext
from maild.mail.text.characters import SHAPELESS
from maild.mail.text.clean import invisible_out

#: letters of other scripts that look like a Latin one, as folding leaves them: who writes `\u0430ccess` is read as people
#: read it. Words of tables are folded the same way, so that a table of another script finds its own
_LIKE = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u04cf\u051b\u051d\u0432\u043d\u043c\u0442\u043a\u04af\u0261\u0251\u0269"
    "\u03b1\u03bf\u03bd\u03c1\u03c4\u03c5\u03b9\u03ba\u03b7\u03b5\u03c7\u03b3\u0585\u057d\u0570\u0578\u0566\u0581",
    "aeopcyxijsdhlqwbhmtkygaiaovptuikhexyoshnqg",
)
#: whole alphabets of such letters: Cherokee and Lisu, small capitals, letters in black circles and squares, of flags
_LIKE |= str.maketrans(
    "\u13aa\u13f4\u13df\u13a0\u13ac\u13c0\u13bb\u13a5\u13ab\u13e6\u13de\u13b7\u13e2\u13d2\u13da\u13a2\u13d9\u13b3\u13cd\u13c3"
    "\ua4ee\ua4d0\ua4da\ua4d3\ua4f0\ua4dd\ua4d6\ua4e7\ua4f2\ua4d9\ua4d7\ua4e1\ua4df\ua4e0\ua4f3\ua4d1\ua4e3\ua4e2\ua4d4\ua4f4\ua4e6\ua4ea\ua4eb\ua4ec\ua4dc"
    "\u1d00\u0299\u1d04\u1d05\u1d07\ua730\u0262\u029c\u026a\u1d0a\u1d0b\u029f\u1d0d\u0274\u1d0f\u1d18\u0280\ua731\u1d1b\u1d1c\u1d20\u1d21\u028f\u1d22",
    "abcdeghijklmprstvwyz" + "abcdefghijklmnoprstuvwxyz" + "abcdefghijklmnoprstuvwyz",
)
for _first in (0x1F150, 0x1F170, 0x1F1E6):
    _LIKE |= {_first + number: ord("a") + number for number in range(26)}
#: what is set upon a letter or stands unseen beside it: marks that enclose, choose a form, or have no shape
_UPON = dict.fromkeys((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), *range(0x20DD, 0x20E5), *SHAPELESS))


def fold(text: str) -> str:
    """Case, accents and the script of look-alike letters away: `Jóváhagyom` and `JOVAHAGYOM` are one."""
    if text.isascii():
        return text.lower()
    return fulltext.fold(invisible_out(text).translate(_UPON)).translate(_LIKE)
