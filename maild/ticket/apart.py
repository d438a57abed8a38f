"""A request whose thing and whose verb stand apart: tables hold sequences of words, people write between them.

In: "I cannot open the share, please give me access", "Dora has no access yet. Can you add her?", "Mein Notebook ist
kaputt, ich brauche ein neues". Out: the words that make the request, or nothing.

Law: a text asks for a right, a member's place or a device when

- a clause gives or wants and names what its verb may give `_NEAR` words away: `giving` a right, `making` an account or
  a member, `opening` a port, `ending` a login; `buying` a device, or `needing` "a" device or login, that nobody has yet;
- a clause with such a verb, or one of `ordering` a device, only pleads but for what it refers to ("it", "her", "one"),
  and the sentence before it, or its own before it, says that the thing is lacking or broken; or
- it gives or wants anything, and a right's name stands masked in it ("acce55"): that nobody does by chance; or
- it asks that somebody else's mail come to the writer ("can her mails come to me?"); or
- it wants "a new one", or asks "another one?", and a clause before names a device; or
- it wants "another phone", but not "my new phone".

What one tries, has or is told by a program is no request (maild/ticket/told.py). A question that begins with "who",
"why", "has" wants to know, unless it asks whether something is possible. Whose own mailbox or account it is ("no access
to my mailbox, I need it") is lacking by a fault. Counter-examples: "Who has access?", "My access card is broken, please
mend it", "Thanks for the access that you gave me".
Known miss: who says what is lacking and asks for nothing ("Dora is missing from the group") is not read as asking.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from maild.mail.keywords import (
    MOST_CHARACTERS,
    KeywordHit,
    Matcher,
    WordList,
    matcher,
    phrases,
    tokens,
    word_list,
    words_among,
)
from maild.mail.masked_words import MaskedWords
from maild.ticket import told
from maild.ticket.vocabulary import TicketKind

#: a dot or colon inside a name or a time ends nothing, nor does one behind "M", "Mr", "Fr"
_ASKING_SENTENCE = re.compile(r"(?:[^.!?\n]|\.(?=\S)|(?:(?<=\bM)|(?<=\b[A-Z][a-z]))\.)++[.!?\n]*")
_ASKING_CLAUSE = re.compile(r"(?:[^,;:]|[,:](?=\S))+")
_NEAR = 8  # words between the verb and what it gives
_NEAR_ONE = 6
_LISTS = (
    "rights", "accounts", "devices", "gates",
    "giving", "making", "ordering", "opening", "receiving",
    "anew", "further", "definite", "referring", "tails", "lacking", "denied", "owned", "asking", "possible", "divides",
    "buying", "needing", "singles", "possessives", "checking", "their_mail", "to_me",
    "ending", "logins", "barred",
)  # fmt: skip
(
    _RIGHT, _ACCOUNT, _DEVICE, _GATE,
    _GIVING, _MAKING, _ORDERING, _OPENING, _RECEIVING,
    _ANEW, _FURTHER, _DEFINITE, _REFERRING, _TAIL, _LACKING, _DENIED, _OWNED, _ASKING, _POSSIBLE, _DIVIDES,
    _BUYING, _NEEDING, _SINGLE, _POSSESSIVE, _CHECKING, _THEIR_MAIL, _TO_ME,
    _ENDING, _LOGIN, _BARRED,
) = range(len(_LISTS))  # fmt: skip
_VERBS = (_GIVING, _MAKING, _ORDERING, _OPENING, _RECEIVING, _BUYING, _NEEDING, _THEIR_MAIL, _ENDING)
_THINGS = (_RIGHT, _ACCOUNT, _DEVICE, _GATE, _LOGIN)


@lru_cache(maxsize=1)
def _words() -> Matcher:
    lists = {name: phrases(name) for name in _LISTS}
    lists["lacking"] += phrases("trouble")
    lists["referring"] += phrases("polite")
    return matcher(tuple(lists.values()))


@lru_cache(maxsize=1)
def _sieve() -> Matcher:
    return matcher((things_that_are_given(), verbs_that_give()))


def things_that_are_given() -> tuple[str, ...]:
    """A text without one of these asks for nothing apart, unless one stands masked."""
    return _listed((*_THINGS, _DENIED, _TO_ME, _BARRED))


def verbs_that_give() -> tuple[str, ...]:
    """A text without one of these asks for nothing apart."""
    return _listed((*_VERBS, _ANEW))


def _listed(numbers: Sequence[int]) -> tuple[str, ...]:
    return tuple([word for number in numbers for word in phrases(_LISTS[number])])


@lru_cache(maxsize=1)
def _masks() -> MaskedWords:
    return MaskedWords([phrases("rights")])


def asked_apart(text: str) -> dict[TicketKind, str]:
    """PERMISSION, DEVICE -> the words that ask for it, those of the first place in the text."""
    said = word_list(text)
    tables = {hit.table for hit in _sieve().hits(said.words, said.different)}
    return asked_with_verb(text, said, things=0 in tables) if 1 in tables else {}


def asked_with_verb(text: str, said: WordList, *, things: bool) -> dict[TicketKind, str]:
    """`asked_apart` of a text, whose words these are, in which a verb stands that gives; `things`: and a thing."""
    found = _read_through(text) if things else {}
    if not found and (masked := _masks().hits(text, said)):
        return {TicketKind.PERMISSION: f"{masked[0].word}, masked"}
    return found


def _read_through(text: str) -> dict[TicketKind, str]:
    found: dict[TicketKind, str] = {}
    before: dict[int, str] = {}
    device = ""
    spared: dict[int, str] = {}  # what a clause asks to leave as it is
    others: list[list[str]] = []
    for sentence in _ASKING_SENTENCE.findall(text[:MOST_CHARACTERS]):
        lacking_here: dict[int, str] = {}
        device_here = ""
        asked = "?" in sentence[-4:]
        placed = _clauses(sentence)
        # "I need a phone for it, is that right?"
        checks = asked and any(places[_CHECKING] for _, places in placed)
        for clause, places in placed:
            asks = _asked(clause, places, {**before, **lacking_here}, asked)
            if told.thanked(clause):
                asks = {}
            elif asks and not asked and told.spares(clause):
                spared, asks = {**asks, **spared}, {}
            else:
                others.append(clause)
            if checks:
                asks.pop(_DEVICE, None)
            if (theirs := _mail_of_others(clause, places)) and (asked or told.wants(clause)):
                asks[_RIGHT] = theirs
            if places[_DEVICE] and _anew(clause, places):
                asks[_DEVICE] = _anew(clause, places)
            elif (last := device_here or device) and places[_ANEW] and _wants_one(clause, places, asked):
                asks[_DEVICE] = f"{last} ... {clause[min(places[_ANEW])]}"
            for thing, words in asks.items():
                found.setdefault(TicketKind.DEVICE if thing == _DEVICE else TicketKind.PERMISSION, words)
            lacking_here |= _lacked(clause, places)
            if places[_DEVICE]:
                device_here = clause[min(places[_DEVICE])]
        before, device = lacking_here, device_here
    if spared and not found and told.another_is_meant(text, others):
        return {TicketKind.PERMISSION: next(iter(spared.values()))}
    return found


def _clauses(sentence: str) -> list[tuple[list[str], dict[int, set[int]]]]:
    """Each clause with the places of its words; "and", "because" and the like begin one."""
    clauses: list[tuple[list[str], dict[int, set[int]]]] = []
    for part in _ASKING_CLAUSE.findall(sentence):
        words = tokens(part)
        hits = _words().hits(words)
        divides = [hit.at for hit in hits if hit.table == _DIVIDES]
        if not divides:
            clauses.append((words, _places(hits)))
            continue
        start = 0
        for at in (*divides, len(words)):
            if at >= start:
                clause = words[start:at]
                clauses.append((clause, _places(_words().hits(clause))))
                start = at + 1
    return [clause for clause in clauses if clause[0]]


def _places(hits: Sequence[KeywordHit]) -> dict[int, set[int]]:
    """List -> the places of the words of it."""
    places: dict[int, set[int]] = {number: set() for number in range(len(_LISTS))}
    for hit in hits:
        places[hit.table].update(range(hit.at, hit.end))
    return places


def _lacked(words: Sequence[str], places: dict[int, set[int]]) -> dict[int, str]:
    """What the clause says is lacking or broken: each with its word."""
    if places[_OWNED]:
        return {}
    # "she cannot get in. Could you add her?"
    barred = {_ACCOUNT: words[min(places[_BARRED])]} if places[_BARRED] else {}
    if not (places[_LACKING] or places[_DENIED]):
        return barred
    return barred | {thing: words[min(places[thing])] for thing in _THINGS if places[thing]}


def _verbs_of(places: dict[int, set[int]]) -> set[int]:
    verbs = set().union(*(places[table] for table in _VERBS if table not in (_RECEIVING, _THEIR_MAIL)))
    return verbs if places[_LACKING] else verbs | places[_RECEIVING]  # "I cannot get access"


def _wants_one(words: Sequence[str], places: dict[int, set[int]], asked: bool) -> bool:
    """ "I need a new one", or nothing but the question: "hers is seven years old, another one?"."""
    return bool(_verbs_of(places)) or (
        asked and set(range(len(words))) <= places[_ANEW] | places[_REFERRING] | places[_TAIL]
    )


def _is_definite(words: Sequence[str], at: int, places: dict[int, set[int]]) -> bool:
    """Whether an article says that there is one: "the second phone", "a második telefon", but not "a second phone"."""
    if at - 1 in places[_DEFINITE]:
        return words[at - 1] != "a" or _is_the("a", words[at])
    return False


def _anew(words: Sequence[str], places: dict[int, set[int]]) -> str:
    """The words that want one device more: "another phone", no "my new phone"."""
    if not (verbs := _verbs_of(places)):
        return ""
    for at in sorted(places[_FURTHER]):
        if not _is_definite(words, at, places) and (devices := places[_DEVICE] & {at - 1, at + 1, at + 2}):
            return f"{words[min(verbs)]} ... {words[at]} {words[min(devices)]}"
    return ""


def _mail_of_others(words: Sequence[str], places: dict[int, set[int]]) -> str:
    """The words that want somebody else's mail to come to the writer: "can her mails come to me?"."""
    if places[_LACKING] or not (places[_THEIR_MAIL] and places[_TO_ME]):
        return ""
    return f"{words[min(places[_THEIR_MAIL])]} mail ... {words[max(places[_TO_ME])]}"


def _one_more(words: Sequence[str], thing: int, places: dict[int, set[int]], tried: set[int]) -> str:
    """The words that order a device, or want "a" device or login, which nobody has yet: "order two of those monitors", "she
    will need a laptop", but not "order a cable for my monitor" nor "I need my laptop"."""
    if places[_LACKING]:
        return ""
    orders: set[int] = set()
    if thing == _DEVICE:
        orders = {at for at in places[_BUYING] if at - 1 not in places[_POSSESSIVE]}  # "my order" is none
    for at in sorted(places[thing]):
        if at - 1 in places[_POSSESSIVE]:
            continue
        for verb in sorted((orders | places[_NEEDING]) - tried):
            one_of_them = verb in orders or (
                at - 1 in places[_SINGLE] and not _is_the(words[at - 1], words[verb])
            )
            if one_of_them and abs(at - verb) <= _NEAR_ONE:
                return f"{words[verb]} ... {words[at]}"
    return ""


def _is_the(article: str, beside: str) -> bool:
    """Whether "a" is the Hungarian article, by the word that it stands with."""
    return article == "a" and beside in words_among("further", "needing", language="hu")


def _asked(
    words: Sequence[str], places: dict[int, set[int]], before: dict[int, str], asked: bool
) -> dict[int, str]:
    """What the clause asks for: each with its words. `before`: what was said to be lacking just before."""
    verbs = _verbs_of(places)
    if not verbs or (asked and 0 in places[_ASKING] and not places[_POSSIBLE]):
        return {}
    # "I cannot add my account"
    tried = told.tried(words) if any(places[thing] for thing in _THINGS) else set()
    made: dict[int, str] = {}
    # "I need it", the phone that rings no more; "send the firewall's log"
    ordered = places[_ORDERING] | places[_BUYING]
    fits = {
        _RIGHT: verbs,
        _ACCOUNT: places[_MAKING],
        _DEVICE: ordered,
        _GATE: places[_OPENING],
        _LOGIN: places[_ENDING],
    }
    for thing, may in fits.items():
        if thing == _DEVICE:
            if words_of_it := _one_more(words, _DEVICE, places, tried):
                made[thing] = words_of_it
            continue
        if thing == _LOGIN and (words_of_it := _one_more(words, _LOGIN, places, tried)):
            made[thing] = words_of_it
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
            if fits[thing] and thing != _LOGIN:  # "it is no longer used, delete it"
                made.setdefault(thing, f"{before[thing]} ... {verb}")
    return made
