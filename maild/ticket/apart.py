"""A request whose thing and whose verb stand apart: tables hold sequences of words, people write between them.

In: "I cannot open the share, please give me access", "Dora has no access yet. Can you add her?", "Mein Notebook ist
kaputt, ich brauche ein neues". Out: the words that make the request, or nothing.

Law: a text asks for a right, a member's place or a device when

- a clause gives or wants (`giving`, `making`) and names a right or an account (`rights`, `accounts`) `_NEAR` words away; or
- a clause gives or wants (of accounts and devices: makes or orders), and but for what it refers to ("it", "her", "one")
  only pleads; and the sentence before it, or its own before it, says that the thing is lacking or broken; or
- it wants "a new one", and such a sentence names a device.

A question that begins with "who", "why", "has" wants to know, unless it asks whether something is possible. Whose own
mailbox or account it is ("no access to my mailbox, I need it") is lacking by a fault. Counter-examples: "Who has access?",
"My access card is broken, please mend it", "Thanks for the access that you gave me".
Known miss: who says what is lacking and asks for nothing ("Dora is missing from the group") is not read as asking.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from maild.mail.keywords import MOST_CHARACTERS, Matcher, matcher, phrases, tokens, word_list
from maild.ticket.vocabulary import TicketKind

#: a dot or colon inside a name or a time ends nothing
_ASKING_SENTENCE = re.compile(r"(?:[^.!?\n]|\.(?=\S))+[.!?\n]*")
_ASKING_CLAUSE = re.compile(r"(?:[^,;:]|[,:](?=\S))+")
_NEAR = 8  # words between the verb and what it gives
_LISTS = (
    "rights", "accounts", "devices", "giving", "making", "receiving", "anew", "referring", "tails", "lacking", "asking",
    "possible", "divides", "owned", "denied",
)  # fmt: skip
(
    _RIGHT, _ACCOUNT, _DEVICE, _GIVING, _MAKING, _RECEIVING, _ANEW, _REFERRING, _TAIL, _LACKING, _ASKING, _POSSIBLE,
    _DIVIDES, _OWNED, _DENIED,
) = range(len(_LISTS))  # fmt: skip
_THINGS = (_RIGHT, _ACCOUNT, _DEVICE)


@lru_cache(maxsize=1)
def _words() -> Matcher:
    lists = {name: phrases(name) for name in _LISTS}
    lists["lacking"] += phrases("trouble")
    lists["referring"] += phrases("polite")
    return matcher(tuple(lists.values()))


@lru_cache(maxsize=1)
def _verbs() -> Matcher:
    return matcher((phrases("giving") + phrases("making") + phrases("receiving"),))


@lru_cache(maxsize=1)
def _things() -> Matcher:
    return matcher((phrases("rights") + phrases("accounts") + phrases("devices") + phrases("denied"),))


def asked_apart(text: str) -> dict[TicketKind, str]:
    """PERMISSION, DEVICE -> the words that ask for it, those of the first place in the text."""
    found: dict[TicketKind, str] = {}
    said = word_list(text)
    if not (_things().hits(said.words, said.different) and _verbs().hits(said.words, said.different)):
        return found  # most texts
    before: dict[int, str] = {}
    for sentence in _ASKING_SENTENCE.findall(text[:MOST_CHARACTERS]):
        lacking_here: dict[int, str] = {}
        asked = "?" in sentence[-4:]
        for clause in _clauses(sentence):
            for thing, words in _asked(clause, {**before, **lacking_here}, asked).items():
                kind = TicketKind.DEVICE if thing == _DEVICE else TicketKind.PERMISSION
                found.setdefault(kind, words)
            lacking_here |= _lacked(clause)
        before = lacking_here
    return found


def _clauses(sentence: str) -> list[list[str]]:
    """The words of each clause; "and", "because" and the like begin one."""
    clauses: list[list[str]] = []
    for part in _ASKING_CLAUSE.findall(sentence):
        words, start = tokens(part), 0
        for at in (hit.at for hit in _words().hits(words) if hit.table == _DIVIDES):
            if at >= start:
                clauses.append(words[start:at])
                start = at + 1
        clauses.append(words[start:])
    return [words for words in clauses if words]


def _places(words: Sequence[str]) -> dict[int, set[int]]:
    """List -> the places of the words of it."""
    places: dict[int, set[int]] = {number: set() for number in range(len(_LISTS))}
    for hit in _words().hits(words):
        places[hit.table] |= set(range(hit.at, hit.end))
    return places


def _lacked(words: Sequence[str]) -> dict[int, str]:
    """What the clause says is lacking or broken: each with its word."""
    places = _places(words)
    if places[_OWNED] or not (places[_LACKING] or places[_DENIED]):
        return {}
    return {thing: words[min(places[thing])] for thing in _THINGS if places[thing]}


def _asked(words: Sequence[str], before: dict[int, str], asked: bool) -> dict[int, str]:
    """What the clause asks for: each with its words. `before`: what was said to be lacking just before."""
    if not _verbs().hits(words):
        return {}
    places = _places(words)
    if asked and 0 in places[_ASKING] and not places[_POSSIBLE]:
        return {}
    verbs = places[_GIVING] | places[_MAKING]
    if not places[_LACKING]:  # "I cannot get access"
        verbs |= places[_RECEIVING]
    if not verbs:
        return {}
    made: dict[int, str] = {}
    for thing, may in ((_RIGHT, verbs), (_ACCOUNT, places[_MAKING])):
        named = places[thing] - may - places[_DENIED]
        near = ((at, at + by) for at in sorted(named) for by in range(-_NEAR, _NEAR + 1) if at + by in may)
        if (pair := next(near, None)) is not None:
            made[thing] = f"{words[pair[1]]} ... {words[pair[0]]}"
    if places[_ANEW] and _DEVICE in before:
        made[_DEVICE] = f"{before[_DEVICE]} ... {words[min(places[_ANEW])]}"
    verb = words[min(verbs)]
    tail = min((at for at in places[_TAIL] if at > min(verbs)), default=len(words))
    if set(range(tail)) <= verbs | places[_REFERRING]:
        for thing in before:
            if thing == _RIGHT or places[_MAKING]:  # "I need it", the phone that rings no more
                made.setdefault(thing, f"{before[thing]} ... {verb}")
    return made
