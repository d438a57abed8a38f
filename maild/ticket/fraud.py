"""A report of a fraud quotes what the fraud wants; the desk must not wait for a consent to that.

In: "A mail wants me to grant access to my mailbox. Is it spam? Please give Dora access." Out: the last sentence.
"""

from __future__ import annotations

import re

from maild.mail.keywords import MOST_CHARACTERS, phrase_matcher, tokens
from maild.ticket import trouble
from maild.ticket.apart import asked_apart

_FRAUD_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*")
_QUOTED_MAIL = re.compile(r"[\"“„«][^\"“”„«»]{1,500}[\"“”»]")


def without_fraud(text: str) -> str:
    """A text in which one of the words `frauds` stands, without the sentences that speak of a fraud, those just before
    them, and those behind them that ask for nothing. What asks for something and tells of no mail stays: "Please give Dora
    access to the ledger. Yesterday's mail was a scam."
    """
    frauds = phrase_matcher("frauds")
    sentences = _FRAUD_SENTENCE.findall(text[:MOST_CHARACTERS])
    fraud = [bool(frauds.hits(tokens(sentence))) for sentence in sentences]
    around = zip(sentences, [False, *fraud[:-1]], fraud, [*fraud[1:], False], strict=True)
    return " ".join(
        sentence
        for sentence, before, here, after in around
        if _wants_itself(sentence)
        or not (here or after or (before and not (trouble.asks(sentence) or asked_apart(sentence))))
    )


def _wants_itself(sentence: str) -> bool:
    """Whether its writer asks for something, and not a mail of which the sentence tells, or which it quotes."""
    own = _QUOTED_MAIL.sub(" ", sentence)
    return (trouble.asks(own) or trouble.pleads(own)) and not phrase_matcher("fraud_by").hits(
        tokens(sentence)
    )
