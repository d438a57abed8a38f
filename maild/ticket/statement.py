"""Who tells a desk what a thing does, and asks for nothing, reports that it does so: an incident without a word of fault.

Law: no question mark, no word of somebody who wants, asks, announces or encloses something, no thanks alone; and a
sentence of three words and more that names a thing which a desk looks after, or that stands below a subject which does.
In: "A nyomtató üres lapokat nyomtat.", "The screen flickers". Counter-examples: "The new printer arrives tomorrow",
"Which printer prints in colour", "The printer is in room 12, please fetch it". Known false match: "Our printer is a
LaserJet 4", a statement that tells no trouble; what it costs is a question about the error message.
"""

from __future__ import annotations

import re

from maild.mail.keywords import MOST_CHARACTERS, Matcher, matcher, phrases, tokens
from maild.settings import Keywords

_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*")
_FEWEST = 3  # words
_THINGS, _ASKS, _ASKING = range(3)


_newest: tuple[tuple[Keywords, ...], Matcher] | None = None


def _words(tables: tuple[Keywords, ...]) -> Matcher:
    """The same tuple, as settings hold it, is not even hashed."""
    global _newest
    if _newest is None or _newest[0] is not tables:
        _newest = (tables, _compiled(tables))
    return _newest[1]


def _compiled(tables: tuple[Keywords, ...]) -> Matcher:
    topics = (word for table in tables if table.topic and not table.out_of_scope for word in table.words)
    asks = (*phrases("asks"), *phrases("announces"), *phrases("thanks"))
    return matcher(((*topics, *phrases("things")), asks, phrases("asking")))


def states(subject: str, text: str, tables: tuple[Keywords, ...]) -> str:
    """The thing about which subject and new text state something, as its table writes it; "" where they do not.

    tables: the desk's; their topics are what it looks after, too.
    """
    whole = f"{subject}\n{text}"[:MOST_CHARACTERS]
    if "?" in whole or "\u037e" in whole or "\uff1f" in whole:
        return ""
    words = _words(tables)
    everywhere = {hit.table for hit in words.hits(tokens(whole))}
    if _ASKS in everywhere or _THINGS not in everywhere:
        return ""  # nearly all mails: no sentence is looked at by itself
    titled = ""
    thing = ""
    for nth, sentence in enumerate(_SENTENCE.findall(whole)):
        spoken = tokens(sentence)
        hits = words.hits(spoken)
        if any(hit.table == _ASKING and hit.at == 0 for hit in hits):
            return ""
        named = next((hit.word for hit in hits if hit.table == _THINGS), "")
        if nth == 0 and subject:
            titled = named
        thing = thing or (named or titled if len(spoken) >= _FEWEST else "")
    return thing
