"""A report of a fraud quotes what the fraud wants; the desk must not wait for a consent to that.

In: "A mail wants me to grant access to my mailbox. Is it spam? Please give Dora access." Out: the last sentence.
"""

from __future__ import annotations

import re

from maild.mail.keywords import MOST_CHARACTERS, matcher, tokens
from maild.ticket import trouble
from maild.ticket.apart import asked_apart

#: a text without one of these speaks of no fraud
FRAUDS = (
    "phishing*", "phish", "scam", "hameçonnage", "adathalász*", "is it spam", "is this spam",
    "is that spam", "is it a fake", "is this a fake", "is it genuine", "is this genuine", "is it legit*",
    "is this legit*", "betrug", "ist das spam", "ist das echt", "is dit spam", "is dit echt", "oplichting",
    "csalás", "átverés", "ez spam", "valódi ez", "arnaque", "est ce un spam", "est ce une arnaque",
)  # fmt: skip
_PHISHING = matcher((FRAUDS,))
_FRAUD_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*")
_QUOTED_MAIL = re.compile(r"[\"“„«][^\"“”„«»]{1,500}[\"“”»]")
#: what a fraud comes by
_A_MAIL = matcher((
    (
        "mail", "mails", "e mail*", "email*", "message*", "sms", "text message", "link", "sender", "caller", "letter",
        "invoice", "somebody", "someone", "nachricht*", "absender", "jemand", "brief", "bericht*", "afzender", "iemand",
        "levél*", "levelet", "üzenet*", "valaki", "courriel*", "quelqu un",
    ),
))  # fmt: skip


def without_fraud(text: str) -> str:
    """A text in which a word of `FRAUDS` stands, without the sentences that speak of a fraud, those just before them, and
    those behind them that ask for nothing. What asks for something and tells of no mail stays: "Please give Dora access to
    the ledger. Yesterday's mail was a scam."
    """
    sentences = _FRAUD_SENTENCE.findall(text[:MOST_CHARACTERS])
    fraud = [bool(_PHISHING.hits(tokens(sentence))) for sentence in sentences]
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
    return (trouble.asks(own) or trouble.pleads(own)) and not _A_MAIL.hits(tokens(sentence))
