"""Is the whole text an absence notice or a receipt, known by what each of its sentences tells?

No RFC. mail/guard/unmarked.py knows notices by phrases; this by words that meet in a sentence, for wordings that nobody
listed. In: "I'm on a business trip until Thursday and will answer on my return." -> away, and what becomes of the mail.

Law: a text that answers us is a notice when

- every clause of it tells something of one, but for a greeting before and a name or good wishes behind; and
- the writer says where they are and what becomes of the mail, who is there in urgent cases, or who stands in for them;
  or that the house is shut and the same; or that they or the address are gone and whom to write to instead; or that
  what the reader sent is registered, with its number, what becomes of it, or the hours at which the house is open; and
- nothing is asked of the reader, nobody else is spoken of, nor what a ticket is about (a printer, an error), nothing is
  agreed to ("yes") or told of the past ("I was"), and nothing goes on as before ("still").

Counter-examples: "I'm on a business trip until Thursday. The printer is in room 5." (a clause of its own);
"I am at a training today, please answer my mail" (asks); "Anna is on leave and answers on Monday" (somebody else);
"Our opening hours: Mon-Fri 8-17" (an answer to who asks when to come); "Away today. Mobile: 07700 900112" (as well).
Known false match: a person who says nothing but when they are back and will answer.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from unicodedata import normalize

from maild.mail.guard.whole_notice_words import BEGINS, STEMS, Stem, core, sieve, stems
from maild.mail.keywords import Matcher, matcher, phrases, tokens, word_list

LONGEST = 900
_S = Stem
#: a full stop ends a sentence, but for one within a word, behind the number of a day, or before a small letter
_TOLD_SENTENCE = re.compile(
    r"(?:[^.!?\n]|\.(?=[^\s])|(?:(?<=[ (][0-9])|(?<=[ (][0-9][0-9]))\.(?= )|\.(?= [a-z\u00df-\u00f6\u00f8-\u00ff]))++[.!?]*+"
)
_TOLD_CLAUSE = re.compile(r"(?:[^,;:]|[,;:](?=\S))+[,;:]?")
_WRAPPED = 55  # characters of a line that goes on in the next
_BETWEEN = {code: " " for code in range(128) if not chr(code).isalnum()}
#: a date alone: "6 November,"
_DATE_ALONE = re.compile(
    r"[\W0-9]*(?:(?:jan|feb|mar|mär|apr|ápr|ma[jyi]|máj|jun|jún|jul|júl|aug|sep|szept|o[ck]t|nov|de[cz]|[ao]ût)[^\W0-9_]*[\W0-9]*){1,2}"
)
#: what tells something of a notice; the others only say of whom or when
_TELLING = frozenset(
    (
        _S.ABSENT, _S.ANSWER, _S.MAIL, _S.URGENT, _S.DEPUTY, _S.CONTACT, _S.SHUT, _S.RESUMES, _S.HOURS, _S.NUMBER, _S.GONE,
        _S.ADDRESS, _S.THANKS, _S.TAKEN,
    )
)  # fmt: skip
#: "your request", but not "do not close the ticket"; "no longer with us", but not "the key is with Peter"
_BESIDE_CASE, _BESIDE_JOB = frozenset((_S.YOUR, _S.FIRST)), frozenset((_S.NO_MORE, _S.FIRST, _S.FIRM))
#: whom a notice asks to write to, or not to: the rest is asked of us
_MAY_BE_ASKED = frozenset((_S.CONTACT, _S.URGENT, _S.DEPUTY, _S.NOT, _S.NO_MORE))
_OF_ANSWERS = frozenset((_S.THEN, _S.NOT, _S.MAIL))
#: "Peter no longer works here, write to me instead": a person, who has not gone
_TO_THE_WRITER = frozenset(("me", "mir", "mich", "mij", "nekem", "engem", "moi"))
_BESIDE_AWAY = frozenset(("answers", "urgent", "deputy", "address", "resumes"))
_GREETING_WORDS, _NAME_WORDS, _PLEASE_WORDS, _NAME_LETTERS = 6, 4, 2, 3
_BARELY, _HOURS_WORDS = 3, 12


def tells(text: str, title: str = "", name: str = "") -> tuple[str, ...]:
    """What a notice's text tells that makes it one: ("answers", "away"); () for any other text.

    text: as its writer wrote it, letters' case included. title: a subject that is no reply's. name: the sender's;
    programs write of it as of somebody else. Questions are the caller's.
    """
    if not text or len(text) > LONGEST or not _sifted(text):  # nearly every answer ends here
        return ()
    listed = word_list(text)
    if not core().hits(listed.words, listed.different) or _S.OBJECTS in _among(listed.words):
        return ()
    own = frozenset(word for word in tokens(name) if len(word) >= _NAME_LETTERS)
    told: set[str] = {"titled"} if title and core().hits(tokens(title)) else set()
    clauses: list[str] = []
    for line in _unwrapped(text).split("\n"):
        for sentence in _TOLD_SENTENCE.findall(line):
            said = _hits(sentence)
            if _S.PLEASE in said and not said & _MAY_BE_ASKED:
                return ()
            told |= _roles(sentence, said, own)
            clauses += _TOLD_CLAUSE.findall(sentence)
    return tuple(sorted(told)) if _makes_one(told) and _nothing_else(clauses) else ()


def _sifted(text: str) -> bool:
    """Whether a word begins as one of those without which there is no notice: much cheaper than to fold it."""
    plain = text if text.isascii() else normalize("NFKD", text).encode("ascii", "ignore").decode()
    words, (whole, begun) = plain.lower().translate(_BETWEEN).split(), sieve()
    return not (whole.isdisjoint(words) and begun.isdisjoint([word[:BEGINS] for word in words]))


def _hits(text: str) -> set[Stem]:
    return _among(tokens(text))


def _among(words: list[str]) -> set[Stem]:
    return {STEMS[hit.table] for hit in stems().hits(words)}


def _unwrapped(text: str) -> str:
    """Lines that a mail program broke are one again; a blank or a short one ends it."""
    made: list[str] = []
    goes_on = False
    for line in text.split("\n"):
        if goes_on and line.strip():
            made[-1] += " " + line.strip()
        else:
            made.append(line)
        goes_on = len(line) >= _WRAPPED
    return "\n".join(made)


def _roles(sentence: str, said: set[Stem], own: frozenset[str]) -> set[str]:
    """What a sentence tells as a whole."""
    roles: set[str] = set()
    words = tokens(sentence)
    writer = _S.FIRST in said or not own.isdisjoint(words) or _begins_with(_S.ABSENT, words)
    somebody = _S.OTHERS in said and not writer
    numbered = any(character in "0123456789" for character in sentence)
    if _S.ABSENT in said and (writer or _S.UNTIL in said) and not somebody:
        roles.add("away")
        if _S.UNTIL in said and _S.OTHERS not in said:
            roles.add("period")
    if _S.FIRM in said and _S.SHUT in said:
        roles.add("shut")
    if _S.NO_MORE in said and _S.JOB in said and writer and not somebody:
        roles.add("gone")
    if (_S.GONE in said and not somebody) or (_S.NO_MORE in said and _S.ADDRESS in said):
        roles.add("gone")
    if _S.TAKEN in said and _S.CASE in said and _is_yours(sentence):
        roles.add("taken")
        if numbered:
            roles.add("numbered")
    if _S.TAKEN in said and _S.CASE in said and len(words) <= _BARELY:
        roles.add("came")  # "Message received."
    if _S.HOURS in said:
        roles.add("hours")
    if _S.NUMBER in said and numbered:
        roles.add("numbered")
    if _S.ANSWER in said and any(_tells_of_answers(clause) for clause in _TOLD_CLAUSE.findall(sentence)):
        roles.add("answers")
    if writer:
        roles.add("writer")
    if _S.RESUMES in said:
        roles.add("resumes")
        if _S.FIRM in said:
            roles.add("reopens")
    if _S.URGENT in said:
        roles.add("urgent")
    if _S.DEPUTY in said:
        roles.add("deputy")
    if _S.CONTACT in said and ("@" in sentence or _TO_THE_WRITER.isdisjoint(words)):
        roles |= {"refers", "address"} if "@" in sentence else {"refers"}
    return roles


def _tells_of_answers(clause: str) -> bool:
    """ "I will answer on Monday", "Ihre Nachricht wird gelesen"."""
    said = _hits(clause)
    return _S.ANSWER in said and not said.isdisjoint(_OF_ANSWERS)


def _begins_with(stem: Stem, words: list[str]) -> bool:
    """ "Out of the office this week": who else than the writer?"""
    return any(hit.at == 0 and STEMS[hit.table] is stem for hit in stems().hits(words[:_NAME_WORDS]))


def _is_yours(sentence: str) -> bool:
    """Whether what the reader sent is spoken of: "your request", "votre demande", "bejelentését"."""
    hits = stems().hits(tokens(sentence))
    cases = [hit.at for hit in hits if STEMS[hit.table] is _S.CASE]
    return any(0 <= case - hit.at <= 1 for hit in hits if STEMS[hit.table] is _S.YOUR for case in cases)


def _makes_one(told: set[str]) -> bool:
    """Whether these together are what a program says and a person who answers does not."""
    return (
        {"period", "titled"} <= told
        or ("away" in told and "writer" in told and bool(told & _BESIDE_AWAY))
        or ("shut" in told and bool(told & {"answers", "urgent", "titled", "resumes"}))
        or {"reopens", "answers"} <= told
        or ("gone" in told and bool(told & {"refers", "deputy"}))
        or ("taken" in told and bool(told & {"answers", "numbered", "hours"}))
        or {"came", "hours"} <= told
    )


def _nothing_else(clauses: list[str]) -> bool:
    """Whether every clause tells something of a notice, but for a greeting before and a name or wishes behind."""
    spoken = [clause for clause in clauses if any(map(str.isalpha, clause))]
    telling = [_is_told(clause) or _is_hours(before, clause) for before, clause in pairwise(("", *spoken))]
    if True not in telling:
        return False
    first, last = telling.index(True), len(telling) - telling[::-1].index(True)
    return (
        all(telling[first:last])
        and all(_greets(clause) for clause in spoken[:first])
        and all(_closes(clause) for clause in spoken[last:])
    )


def _is_told(clause: str) -> bool:
    said = _hits(clause)
    yours = (_S.CASE in said and said & _BESIDE_CASE) or (_S.JOB in said and said & _BESIDE_JOB)
    if said & _TELLING or yours or _DATE_ALONE.fullmatch(clause.lower()):
        return True
    if _S.FIRST in said and _begins_with(_S.THEN, tokens(clause)):
        return True  # "as soon as I am well again"
    if _is_name(clause.split()):
        return True  # "my manager, Peter Nagy, at ..."
    words = len(clause.split())
    if words <= _PLEASE_WORDS and (_S.PLEASE in said or clause.endswith(":")):
        return True
    return words <= _GREETING_WORDS and (_S.FIRM in said or "@" in clause)


def _is_hours(label: str, clause: str) -> bool:
    """ "Mon-Fri 8-17" behind "Opening hours:"."""
    return _S.HOURS in _hits(label) and len(clause.split()) <= _HOURS_WORDS and any(map(str.isdigit, clause))


def _greets(clause: str) -> bool:
    words = clause.split()
    return len(words) <= _GREETING_WORDS and (_S.GREETING in _hits(clause) or _is_name(words))


def _closes(clause: str) -> bool:
    words = tokens(clause)
    if _is_name(clause.split()):
        return True
    covered = {at for hit in _courtesies().hits(words) for at in range(hit.at, hit.end)}
    return len(covered) == len(words)


def _is_name(words: list[str]) -> bool:
    return len(words) <= _NAME_WORDS and all(word[:1].isupper() for word in words)


@lru_cache(maxsize=1)
def _courtesies() -> Matcher:
    return matcher(((*phrases("closing"), *phrases("polite"), *phrases("thanks")),))
