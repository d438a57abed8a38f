"""A report of a fraud quotes what the fraud wants; the desk must not wait for a consent to that.

In: "A mail wants me to grant access to my mailbox. Is it spam? Please give Dora access." Out: the last sentence.
"""

from __future__ import annotations

import re

from maild.mail.keywords import MOST_CHARACTERS, WordList, matcher, tokens
from maild.ticket import trouble
from maild.ticket.apart import asked_apart

_PHISHING = matcher((
    (
        "phishing*", "phish", "scam", "hameçonnage", "adathalász*", "is it spam", "is this spam",
        "is that spam", "is it a fake", "is this a fake", "is it genuine", "is this genuine", "is it legit*",
        "is this legit*", "betrug", "ist das spam", "ist das echt", "is dit spam", "is dit echt", "oplichting",
        "csalás", "átverés", "ez spam", "valódi ez", "arnaque", "est ce un spam", "est ce une arnaque",
    ),
))  # fmt: skip
_FRAUD_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*")


def without_fraud(text: str, said: WordList) -> str | None:
    """The text, whose words these are, without the sentences that speak of a fraud, those just before them, and those
    behind them that ask for nothing; None where none does."""
    if not _PHISHING.hits(said.words, said.different):
        return None
    sentences = _FRAUD_SENTENCE.findall(text[:MOST_CHARACTERS])
    fraud = [bool(_PHISHING.hits(tokens(sentence))) for sentence in sentences]
    around = zip(sentences, [False, *fraud[:-1]], fraud, [*fraud[1:], False], strict=True)
    return " ".join(
        sentence
        for sentence, before, here, after in around
        if not (here or after or (before and not (trouble.asks(sentence) or asked_apart(sentence))))
    )
