"""A permission or device word that only names what is broken, or what is asked about, asks for nothing.

Law: a word counts as a request unless every clause that holds it tells of trouble ("cannot", "denied", "no", a fault)
or asks for information ("why", "who has"), and no clause that names the thing asks for it to be given ("give", "need",
"without", "should"). A subject that names the thing and no more ("Permissions", "Access to the mailbox") says neither,
where the text tells of trouble with it. What is had already, and what one tries, is told (maild/ticket/told.py), where
no other clause wants something. It errs to the request: what is unclear is held for approval.

"Access to the CRM stopped working" is a fault; "Dora cannot work without access to the CRM", "Give Dora access, she
cannot work", "I have no access to it, please give me access" and "Access for Dora, hers is broken" are requests.
Known miss: a sentence that only hints ("Dora has no access to the CRM") is an incident, and the agent decides whether
it is held.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from maild.mail.keywords import (
    MOST_CHARACTERS,
    KeywordHit,
    Matcher,
    kept_of_newest,
    matcher,
    phrases,
    tokens,
    words_among,
)
from maild.settings import Keywords
from maild.ticket import told
from maild.ticket.vocabulary import TicketKind

#: a stretch of words up to what ends it; a dot inside a name ("crm.acme.example") ends nothing
_CLAUSE = re.compile(r"(?:[^.,;:!?\n]|[.,:](?=\S))+[.,;:!?\n]*")
_STEM = 5  # letters by which two forms of a word are the same
_TROUBLE, _ASKS, _ASKING, _JOINS = range(4)


@lru_cache(maxsize=8)
def _words(incidents: tuple[str, ...]) -> Matcher:
    trouble = (*phrases("trouble"), *incidents)
    return matcher((trouble, phrases("asks"), phrases("asking"), phrases("joins")))


@kept_of_newest
def _words_with(tables: tuple[Keywords, ...]) -> Matcher:
    """`_words` with the desk's incident words."""
    return _words(tuple(w for table in tables if table.kind == TicketKind.INCIDENT for w in table.words))


def only_trouble(
    text: str, tables: tuple[Keywords, ...], held: Callable[[Sequence[str]], Sequence[KeywordHit]]
) -> TicketKind | None:
    """INCIDENT or QUESTION when each clause in which `held` finds words tells of trouble or asks for information; None
    when one asks for something, or where none holds a word.

    text: subject and new text. tables: the desk's, whose incident words are trouble.
    """
    words = _words_with(tables)
    kind: TicketKind | None = None
    subject: set[str] = set()  # where it is nothing but what is held
    named: set[str] = set()  # how the words begin of what is held
    asked_for: set[str] = set()  # ... and those of clauses that ask for something
    titled: set[str] = set()  # ... of what the subject names, and no more
    spoken: set[str] = set()  # stems of clauses that tell of trouble or ask
    tells = False  # a clause says that it is had
    spared = False  # a clause asks to leave it as it is
    others: list[list[str]] = []  # clauses that hold nothing
    before: list[str] = []
    clauses = [*_clauses(text[:MOST_CHARACTERS], words)]
    for nth, (clause, asked) in enumerate(clauses):
        title = nth == 0 and "\n" in text  # the subject, or its beginning
        hits = words.hits(clause)
        said = {hit.table for hit in hits}
        holding = held(clause)
        leaves = not asked and bool(holding) and told.spares(clause)
        had = (
            not asked
            and bool(holding)
            and (
                leaves
                or all(told.is_told(clause, hit.at, hit.end) for hit in holding)
                or told.thanked(clause, thanking=told.only_thanks(before))
                or told.thanked_for_what(clause, clauses[nth + 1][0] if nth + 1 < len(clauses) else ())
            )
        )
        before = clause
        if tells and not asked and told.only_says_which(clause):
            continue
        if _ASKS in said and not had and told.wants(clause):
            asked_for.update(map(_stem, clause))
        if titled and (_TROUBLE in said or asked):
            spoken.update(map(_stem, clause))
        if not holding:
            if subject and _TROUBLE in said and subject <= set(clause):
                kind = TicketKind.INCIDENT  # "New laptop": "the new laptop shows no picture"
            elif titled and _TROUBLE in said and titled <= set(map(_stem, clause)):
                kind = TicketKind.INCIDENT
            elif subject and _ASKS not in said and _tells_of(subject, clause):
                kind = kind or TicketKind.QUESTION  # "New laptop": "my new laptop makes a sound"
            others.append(clause)
            continue
        things = {_stem(word) for hit in holding for word in clause[hit.at : hit.end]}
        named |= things
        if title and len({at for hit in holding for at in range(hit.at, hit.end)}) == len(clause):
            subject = set(clause)
            continue
        if title and not asked and not said and told.only_names(clause):
            titled = things  # "Access to the mailbox", above "I cannot get access to my mailbox"
            continue
        if leaves:
            kind, spared = kind or TicketKind.QUESTION, True
            spoken.update(map(_stem, clause))
        elif _TROUBLE in said:
            kind = TicketKind.INCIDENT
        elif asked and (told.asks_who(clause) or any(hit.table == _ASKING and hit.at <= 1 for hit in hits)):
            kind = kind or TicketKind.QUESTION
        elif had:
            kind, tells = kind or TicketKind.QUESTION, True
            spoken.update(map(_stem, clause))
        else:
            return None
    if not titled <= spoken or (tells and any(map(told.goes_on, others))):
        return None
    if spared and told.another_is_meant(text, others):
        return None
    return None if {stem for stem in named if len(stem) == _STEM} & asked_for else kind


def _stem(word: str) -> str:
    return word[:_STEM]


def _tells_of(subject: set[str], clause: Sequence[str]) -> bool:
    """Whether the clause says something of one's own thing: "my new laptop makes a sound", no "send me my new laptop" nor
    "our new laptop for Dora"."""
    if not clause or clause[0] not in words_among("own") or not words_among("wanted").isdisjoint(clause):
        return False
    of_it, rest = clause[1 : 1 + len(subject)], clause[1 + len(subject) :]
    return set(of_it) == subject and bool(rest) and rest[0] not in words_among("goes_to")


def asks(text: str) -> bool:
    """Whether the text holds a word of somebody who wants to be given something."""
    return any(hit.table == _ASKS for hit in _words(()).hits(tokens(text)))


def pleads(text: str) -> bool:
    """Whether the text holds a word that says of whatever it names that it is wanted: "full access for Eva, please"."""
    return not words_among("wanted").isdisjoint(tokens(text))


def _clauses(text: str, words: Matcher) -> Iterable[tuple[list[str], bool]]:
    """(words, whether a question mark ends it) of each clause; "because" and the like begin one."""
    for match in _CLAUSE.finditer(text):
        clause = tokens(match[0])
        asked = "?" in match[0][-4:]
        start = 0
        for hit in words.hits(clause):
            if hit.table == _JOINS and hit.at > start:
                yield clause[start : hit.at], asked
                start = hit.at
        yield clause[start:], asked
