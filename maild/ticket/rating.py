"""How content somebody says they are: the first sentence of what they write, alone or with more behind it.

The sentences are those that the closing mail offers, and what people write instead; a test holds that what the mail
offers is among them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from maild.mail.keywords import phrases, tokens
from maild.ticket import thanks
from maild.ticket.vocabulary import RatingValue

#: what is kept of the words beside a rating, characters
MOST_CHARACTERS = 4_000
_SENTENCE = re.compile(r"[^.!\n]*[.!]*")


def read(new_text: str) -> tuple[RatingValue, str] | None:
    """What is said, and the words that stand behind it; None where the first sentence is none of those."""
    text = new_text.strip()
    first = _SENTENCE.match(text)
    said = first[0] if first is not None else ""
    value = _sentences().get(" ".join(tokens(said)))
    if value is None or "?" in said:
        return None
    return value, text[len(said) :].strip()[:MOST_CHARACTERS]


def asks_for_more(words: str, language: str | None) -> bool:
    """Whether what stands beside a rating wants something: a question, an objection, a trouble."""
    return bool(words) and ("?" in words or thanks.objects(words, language))


@lru_cache(maxsize=1)
def _sentences() -> dict[str, RatingValue]:
    lists = ((RatingValue.GOOD, "content"), (RatingValue.BAD, "not_content"))
    return {" ".join(tokens(one)): value for value, name in lists for one in phrases(name)}
