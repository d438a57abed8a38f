"""A request whose thing and whose verb stand apart: tables hold sequences of words, people write between them.

In: "I cannot open the share, please give me access", "Dora has no access yet. Can you add her?", "Mein Notebook ist
kaputt, ich brauche ein neues". Out: the words that make the request, or nothing.

Law: a text asks for a right, a member's place or a device when

- a clause gives or wants and names what its verb may give `_NEAR` words away: `giving` a right, `making` an account or
  a member, `opening` a port; or
- a clause with such a verb, or one of `ordering` a device, only pleads but for what it refers to ("it", "her", "one"),
  and the sentence before it, or its own before it, says that the thing is lacking or broken; or
- it gives or wants anything, and a right's name stands masked in it ("acce55"): that nobody does by chance; or
- it wants "a new one", and a clause before names a device; or it wants "another phone", but not "my new phone".

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
from maild.mail.masked_words import MaskedWords
from maild.ticket import told
from maild.ticket.vocabulary import TicketKind

#: a dot or colon inside a name or a time ends nothing
_ASKING_SENTENCE = re.compile(r"(?:[^.!?\n]|\.(?=\S))+[.!?\n]*")
_ASKING_CLAUSE = re.compile(r"(?:[^,;:]|[,:](?=\S))+")
_NEAR = 8  # words between the verb and what it gives
_LISTS = (
    "rights", "accounts", "devices", "gates",
    "giving", "making", "ordering", "opening", "receiving",
    "anew", "further", "definite", "referring", "tails", "lacking", "denied", "owned", "asking", "possible", "divides",
)  # fmt: skip
(
    _RIGHT, _ACCOUNT, _DEVICE, _GATE,
    _GIVING, _MAKING, _ORDERING, _OPENING, _RECEIVING,
    _ANEW, _FURTHER, _DEFINITE, _REFERRING, _TAIL, _LACKING, _DENIED, _OWNED, _ASKING, _POSSIBLE, _DIVIDES,
) = range(len(_LISTS))  # fmt: skip
_VERBS = (_GIVING, _MAKING, _ORDERING, _OPENING, _RECEIVING)
_THINGS = (_RIGHT, _ACCOUNT, _DEVICE, _GATE)


@lru_cache(maxsize=1)
def _words() -> Matcher:
    lists = {name: phrases(name) for name in _LISTS}
    lists["lacking"] += phrases("trouble")
    lists["referring"] += phrases("polite")
    return matcher(tuple(lists.values()))


@lru_cache(maxsize=1)
def _sieves() -> tuple[Matcher, Matcher]:
    """Things, and verbs: a text without one of each asks for nothing."""
    return matcher((_listed((*_THINGS, _DENIED)),)), matcher((verbs_that_give(),))


def verbs_that_give() -> tuple[str, ...]:
    """A text without one of these asks for nothing apart."""
    return _listed(_VERBS)


def _listed(numbers: Sequence[int]) -> tuple[str, ...]:
    return tuple([word for number in numbers for word in phrases(_LISTS[number])])


@lru_cache(maxsize=1)
def _masks() -> MaskedWords:
    return MaskedWords([phrases("rights")])


def asked_apart(text: str) -> dict[TicketKind, str]:
    """PERMISSION, DEVICE -> the words that ask for it, those of the first place in the text."""
    said = word_list(text)
    things, verbs = _sieves()
    if not verbs.hits(said.words, said.different):
        return {}  # most texts
    found = _read_through(text) if things.hits(said.words, said.different) else {}
    if not found and (masked := _masks().hits(text, said)):
        return {TicketKind.PERMISSION: f"{masked[0].word}, masked"}
    return found


def _read_through(text: str) -> dict[TicketKind, str]:
    found: dict[TicketKind, str] = {}
    before: dict[int, str] = {}
    device = ""
    for sentence in _ASKING_SENTENCE.findall(text[:MOST_CHARACTERS]):
        lacking_here: dict[int, str] = {}
        device_here = ""
        asked = "?" in sentence[-4:]
        for clause in _clauses(sentence):
            places = _places(clause)
            asks = _asked(clause, places, {**before, **lacking_here}, asked)
            if places[_DEVICE] and _anew(clause, places):
                asks[_DEVICE] = _anew(clause, places)
            elif (last := device_here or device) and places[_ANEW] and _verbs_of(places):
                asks[_DEVICE] = f"{last} ... {clause[min(places[_ANEW])]}"
            for thing, words in asks.items():
                found.setdefault(TicketKind.DEVICE if thing == _DEVICE else TicketKind.PERMISSION, words)
            lacking_here |= _lacked(clause, places)
            if places[_DEVICE]:
                device_here = clause[min(places[_DEVICE])]
        before, device = lacking_here, device_here
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


def _lacked(words: Sequence[str], places: dict[int, set[int]]) -> dict[int, str]:
    """What the clause says is lacking or broken: each with its word."""
    if places[_OWNED] or not (places[_LACKING] or places[_DENIED]):
        return {}
    return {thing: words[min(places[thing])] for thing in _THINGS if places[thing]}


def _verbs_of(places: dict[int, set[int]]) -> set[int]:
    verbs = places[_GIVING] | places[_MAKING] | places[_ORDERING] | places[_OPENING]
    return verbs if places[_LACKING] else verbs | places[_RECEIVING]  # "I cannot get access"


def _anew(words: Sequence[str], places: dict[int, set[int]]) -> str:
    """The words that want one device more: "another phone", no "my new phone"."""
    if not (verbs := _verbs_of(places)):
        return ""
    for at in sorted(places[_FURTHER]):
        if at - 1 not in places[_DEFINITE] and (devices := places[_DEVICE] & {at - 1, at + 1, at + 2}):
            return f"{words[min(verbs)]} ... {words[at]} {words[min(devices)]}"
    return ""


def _asked(
    words: Sequence[str], places: dict[int, set[int]], before: dict[int, str], asked: bool
) -> dict[int, str]:
    """What the clause asks for: each with its words. `before`: what was said to be lacking just before."""
    verbs = _verbs_of(places)
    if not verbs or (asked and 0 in places[_ASKING] and not places[_POSSIBLE]):
        return {}
    tried = told.tried(words)  # "I cannot add my account"
    made: dict[int, str] = {}
    # "I need it", the phone that rings no more; "send the firewall's log"
    fits = {_RIGHT: verbs, _ACCOUNT: places[_MAKING], _DEVICE: places[_ORDERING], _GATE: places[_OPENING]}
    for thing, may in fits.items():
        if thing == _DEVICE:
            continue  # "order a phone" stands in tables
        named = places[thing] - may - places[_DENIED]
        near = (
            (at, at + by)
            for at in sorted(named)
            for by in range(-_NEAR, _NEAR + 1)
            if at + by in may - tried
            and (asked or not told.has_already(words, at, at + by, at + by in places[_RECEIVING]))
            and not told.only_reported(words, at + by, at)
        )
        if (pair := next(near, None)) is not None:
            made[thing] = f"{words[pair[1]]} ... {words[pair[0]]}"
    verb = words[min(verbs)]
    tail = min((at for at in places[_TAIL] if at > min(verbs)), default=len(words))
    if set(range(tail)) <= verbs | places[_REFERRING]:
        for thing in before:
            if fits[thing]:
                made.setdefault(thing, f"{before[thing]} ... {verb}")
    return made
