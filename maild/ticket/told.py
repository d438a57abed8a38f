"""What a clause tells of a right, an account or a device that it names beside a word of asking.

In: "I cannot add my account in Outlook", "Dora now has the rights she needs", "Can you tell me who has access to it?".
Out: the places of verbs that say what one tries, and whether the thing is had, or only asked after.

Law: nobody asks to be given

- what they cannot do, or do themselves when something happens: the verb directly behind "cannot", "when I", "beim";
- what somebody has, had or got, or what has arrived, where neither that clause nor any other wants something, says that
  it was promised or begins some day, or that others are to have it, too;
- what the clause says something of, its own subject: "Access to the yard is locked on Friday", but not "is urgent", and
  not what is for somebody;
- what they ask who has: "Can you tell me who has access?";
- what they thank for, where it was given ("Merci d'avoir donné accès"), or want to be left as it is ("do not remove my
  access"), where nothing else is meant.

Counter-examples: "I cannot work, give me access"; "Make sure that Dora has access"; "Dora has access, please add Eva";
"Dora has to have access"; "Access to the drive is urgent"; "Can't you add Dora?"; "Dora has access from Monday"; "Dora was
granted access, set that up"; "Peter has access. Same for Dora".
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from maild.mail.keywords import KeywordHit, Matcher, matcher, phrases, tokens

_LISTS = (
    "unable", "had", "arrived", "unsure", "copula", "pressing", "informing", "whose", "asks", "polite_asking", "first",
    "towards", "reported", "relative", "promised", "beginning", "likewise", "denied",
    "attempted", "begging", "handing", "rights", "accounts", "devices", "spared", "handed", "contrast", "thanks",
)  # fmt: skip
(
    _UNABLE, _HAD, _ARRIVED, _UNSURE, _COPULA, _PRESSING, _INFORMING, _WHOSE, _ASKS, _PLEASE, _FIRST, _TOWARDS,
    _REPORTED, _RELATIVE, _PROMISED, _BEGINNING, _LIKEWISE, _DENIED, _ATTEMPTED, _BEGGING, _HANDING,
    _RIGHTS, _ACCOUNTS, _DEVICES, _SPARED, _HANDED, _CONTRAST, _THANKS,
) = range(len(_LISTS))  # fmt: skip
_THINGS = (_RIGHTS, _ACCOUNTS, _DEVICES)
_SUBJECT_WITHIN, _SAID_WITHIN = 1, 7  # words before a clause's subject, and of it before its verb
_HAD_WITHIN = 5  # words between "has" and what is had
#: what may begin a second thing that is asked for
_AND = frozenset(("and", "or", "und", "oder", "en", "et", "ou", "es", "vagy"))
#: a German clause of which, whose and a verb: "die sie braucht"
_RELATIVE_CLAUSE, _WHICH, _THEY = (
    3,
    frozenset(("die", "das", "den", "welche")),
    frozenset(("sie", "er", "es")),
)


@lru_cache(maxsize=1)
def _words() -> Matcher:
    return matcher(tuple(phrases(name) for name in _LISTS))


@lru_cache(maxsize=64)
def _hits(words: tuple[str, ...]) -> list[KeywordHit]:
    """Remembered: a clause is asked several things, one after the other."""
    return _words().hits(words)


def _places(hits: Sequence[KeywordHit], *tables: int) -> set[int]:
    """Where the words of these lists stand."""
    return {at for hit in hits if hit.table in tables for at in range(hit.at, hit.end)}


def tried(words: Sequence[str]) -> set[int]:
    """The places of what makes a verb one that somebody tries, and of that verb: "cannot add", "when I add"."""
    hits = _hits(tuple(words))
    unable = [hit for hit in hits if hit.table == _UNABLE]
    handing = {hit.at for hit in hits if hit.table == _HANDING} if _attempts(hits) else set()
    return handing | {place for hit in unable for place in range(hit.at, hit.end + 1)}


def had(words: Sequence[str]) -> range:
    """The places of what somebody has: of "Dora now has the rights she needs" those of "the rights she needs", but none of
    "Dora has to have access" or "Dora has asked for access"; empty where nobody has anything."""
    hits = _hits(tuple(words))
    verb = min((hit for hit in hits if hit.table == _HAD), key=lambda hit: hit.at, default=None)
    stops = [hit.at for hit in hits if hit.table in (_UNSURE, _PLEASE, _TOWARDS)]
    if verb is None or "to" in words[verb.end : verb.end + 1] or any(at < verb.at for at in stops):
        return range(0)
    return range(verb.at + 1, min([len(words), verb.end + _HAD_WITHIN, *stops]))


def has_already(words: Sequence[str], thing: int, verb: int, received: bool = False) -> bool:
    """Whether the verb only says which thing it is that somebody has: "has the rights she needs", "has the necessary
    rights", "hat Zugriff bekommen" (received), but not the Dutch "heeft toegang nodig"."""
    return thing in (theirs := had(words)) and (
        received
        or theirs.start <= verb < thing
        or any(hit.table == _RELATIVE and thing < hit.at < verb for hit in _hits(tuple(words)))
    )


def only_reported(words: Sequence[str], verb: int, thing: int) -> bool:
    """ "I get an error about access": what is got is a message; "can I have a list of who has access": a list."""
    return any(hit.table in (_REPORTED, _WHOSE) and verb < hit.at < thing for hit in _hits(tuple(words)))


def wants(words: Sequence[str]) -> bool:
    """Whether the clause holds a word of somebody who wants something, but for what they try or a program tells them."""
    hits = _hits(tuple(words))
    told = {hit.end for hit in hits if hit.table == _UNABLE} | _places(hits, _DENIED)  # "you need permission"
    return any(hit.table == _PLEASE or (hit.table == _ASKS and hit.at not in told) for hit in hits)


def goes_on(words: Sequence[str]) -> bool:
    """Whether a clause beside what is told wants something, or wants the same: "and so does Eva", "set that up"."""
    said = {hit.table for hit in _hits(tuple(words))}
    return wants(words) or not said.isdisjoint((_PROMISED, _BEGINNING, _LIKEWISE))


def spares(words: Sequence[str]) -> bool:
    """ "Please do not remove my access", "Bitte meinen Zugriff nicht entfernen", but not "if you do not remove her access"
    nor "do not remove mine and remove hers": a clause that begins with it, or with a "please", and wants nothing else."""
    hits = _hits(tuple(words))
    spared = [hit for hit in hits if hit.table == _SPARED]
    polite, inside = _places(hits, _PLEASE), _places(hits, _SPARED)
    if not spared or 0 not in polite | inside or not _AND.isdisjoint(words):
        return False
    if any("*" in hit.word and hit.end < len(words) for hit in spared):
        return False  # "entfernt Doras Zugriff nicht meinen"
    more = (_ASKS, _PROMISED, _BEGINNING, _LIKEWISE, _UNSURE)
    return not any(
        hit.table == _CONTRAST or (hit.table in more and hit.at not in polite | inside) for hit in hits
    )


def another_is_meant(text: str, others: Sequence[Sequence[str]]) -> bool:
    """Whether anything of a text wants something all the same, beside what it asks to leave as it is; `others`: its other
    clauses, of which a "please" alone wants nothing."""
    if any(hit.table == _CONTRAST for hit in _hits(tuple(tokens(text)))):
        return True
    return any(goes_on(one) for one in others if not _only_polite(one))


def _only_polite(words: Sequence[str]) -> bool:
    return set(range(len(words))) <= _places(_hits(tuple(words)), _PLEASE, _THANKS)


def only_thanks(words: Sequence[str]) -> bool:
    """ "Thank you," before what for."""
    return bool(words) and set(range(len(words))) <= _places(_hits(tuple(words)), _THANKS)


def thanked(words: Sequence[str], *, thanking: bool = False) -> bool:
    """ "Merci d'avoir donné accès à Dora", "thanks for the access that you gave her", but not "thank you for giving her
    access", which may ask for it. `thanking`: the clause before is thanks alone."""
    hits = _hits(tuple(words))
    handed = _places(hits, _HANDED)
    said = {hit.table for hit in hits if hit.at not in handed}
    if not handed or not said.isdisjoint((_BEGINNING, _LIKEWISE, _CONTRAST, _PRESSING)):
        return False
    thanks = _places(hits, _THANKS)
    return (thanking or 0 in thanks) and all(
        hit.at in handed | thanks for hit in hits if hit.table in (_ASKS, _PLEASE)
    )


def thanked_for_what(words: Sequence[str], after: Sequence[str]) -> bool:
    """ "Köszönöm a hozzáférést", "amit Dórának adtatok": thanks, and in the clause `after` it that it was given."""
    which = any(hit.table == _RELATIVE and hit.at == 0 for hit in _hits(tuple(after)))
    return which and thanked((*words, *after))


def only_says_which(words: Sequence[str]) -> bool:
    """ "Dora hat jetzt die Berechtigungen", "die sie braucht": a clause that only says which they are that somebody has.
    Not "die ich brauche", "die Eva braucht", "die braucht sie" nor "die sie auch braucht"."""
    hits = _hits(tuple(words))
    return (
        len(words) == _RELATIVE_CLAUSE
        and words[0] in _WHICH
        and words[1] in _THEY
        and words[2].endswith("t")  # "brauchen" are others
        and any(hit.table == _ASKS and hit.at == 2 for hit in hits)
    )


def _attempts(hits: Sequence[KeywordHit]) -> bool:
    """ "I tried to give Dora access to my calendar", not "I wanted access" nor "I wanted to ask you to give her access"."""
    handing = {hit.at for hit in hits if hit.table == _HANDING}
    wanted = {hit.at for hit in hits if hit.table == _ASKS}
    said = {hit.table for hit in hits}
    return len(handing) == 1 and wanted <= handing and _ATTEMPTED in said and _BEGGING not in said


def is_told(words: Sequence[str], at: int, end: int) -> bool:
    """Whether the thing that words [at, end) name is had, has arrived, or is what the clause says something of."""
    hits = _hits(tuple(words))
    said = {hit.table for hit in hits}
    ours = any(hit.table in _THINGS and at < hit.end and hit.at < end for hit in hits)
    if _PLEASE in said or not ours:
        return False  # a desk's own words are taken as they stand
    if not said.isdisjoint((_PROMISED, _BEGINNING, _LIKEWISE)):
        return False  # "Dora has access from Monday", "was granted access", as whoever wants it would put it
    if at in {hit.end for hit in hits if hit.table == _UNABLE}:
        return True
    wanted = [hit.at for hit in hits if hit.table == _ASKS]
    if _attempts(hits):
        return True
    if not all(has_already(words, at, verb) for verb in wanted) or (wanted and _FIRST in said):
        return False  # "Dora has access to the drive that I need"
    if at in had(words) or any(hit.table == _HAD and hit.at == end for hit in hits):
        return True
    if _UNSURE in said or wanted:
        return False
    if _ARRIVED in said:
        return True
    of_it = any(hit.table == _COPULA and 0 <= hit.at - end <= _SAID_WITHIN for hit in hits)
    return of_it and at <= _SUBJECT_WITHIN and _PRESSING not in said and _TOWARDS not in said


def only_names(words: Sequence[str]) -> bool:
    """Whether a subject names a thing and not for whom: "Access to the mailbox", but not "Access for Dora"."""
    said = {hit.table for hit in _hits(tuple(words))}
    return said.isdisjoint((_ASKS, _PLEASE, _TOWARDS)) and not any(map(_goes_to_somebody, words))


def _goes_to_somebody(word: str) -> bool:
    """The Hungarian dative."""
    return word.endswith(("nak", "nek"))


def asks_who(words: Sequence[str]) -> bool:
    """ "Can you tell me who has access?", "Wissen Sie, wer Zugriff hat?", but not "who can give me"."""
    hits = _hits(tuple(words))
    informing = min((hit.at for hit in hits if hit.table == _INFORMING), default=len(words))
    return any(hit.table == _WHOSE and hit.at > informing for hit in hits)
