"""What a signature below a decision word may not say: what somebody is to do, when, for whom; and another's name.

A signature says who wrote. Titles, companies, addresses and hours of an office are not known by heart, so that here
stands what they are not; it errs to asking.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from maild.consent.decision_tables import listed
from maild.fulltext import fold
from maild.mail.newtext.signature import is_contact, is_name, is_prose

#: with these begins what is limited, to somebody or in time
_LIMITING = listed("""
    for until till from starting valid effective max maximum upto voor tot vanaf geldig ab bis fur gultig
    hochstens pour des jusqu valable ervenyes legfeljebb
""")
#: somewhere in a line: what is to be done first, looked at, or is no more than a part of what was asked
_INSTRUCTING = listed("""
    ask confirm await attached below readonly limit temporary temporarily denied vraag overleg bevestig
    bijlage tijdelijk fragen frag anrufen ruckfrage anbei anhang befristet bestatigen appelez demandez
    prevenez confirmer temporaire hivj hivjon kerdezd kerdezze szolj szoljon egyeztess egyeztessen csatolva
    csatolt mellekelt ideiglenes ideiglenesen
""")
_PAIRS = frozenset(tuple(pair.split(".")) for pair in listed("""
    call.first call.before phone.first talk.to speak.to speak.with check.first check.with read.only up.to as.of
    eerst.bellen bel.eerst erst.nach rufen.sie a.partir voir.avec elobb.hivj d.abord
"""))  # fmt: skip
_DAYS = listed("""
    monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays
    today tonight maandag dinsdag woensdag donderdag vrijdag zaterdag zondag vandaag montag dienstag mittwoch
    donnerstag freitag samstag sonntag montags dienstags mittwochs donnerstags freitags heute lundi mardi
    mercredi jeudi vendredi samedi dimanche lundis mardis mercredis jeudis vendredis hetfo kedd szerda
    csutortok pentek szombat vasarnap hetfon kedden szerdan csutortokon penteken
""")
_CLOCK = re.compile(r"(?<![0-9])[0-2]?[0-9][:.h][0-5][0-9](?![0-9.])")
_MEMBERS = re.compile(r"[^\W_]+")
#: programs of a telephone sign for themselves, and who signs for a company says so
_NOT_LIMITING = listed("""
    behalf iphone ipad android outlook mobile mobil handy telefon samsung galaxy blackberry
""")
_COMPANIES = listed("""
    kft zrt nyrt bt gmbh ag kg ug se bv nv vof ltd limited llc inc plc corp sarl sas sa spa srl oy ab
""")
#: what somebody is; such a line below the name is no more than a signature
_TITLES = listed("""
    ceo cto cfo coo cio director manager managing general it office owner president partner founder head of operations
    directeur directrice general generale gerant gerante president presidente algemeen eigenaar bestuurder zaakvoerder
    geschaftsfuhrer geschaftsfuhrerin geschaftsfuhrung inhaber inhaberin prokurist prokuristin leiter leiterin
    ugyvezeto igazgato ugyvezetoigazgato tulajdonos informatikai vezeto
""")
_SAME_BEGINNING = 3  # letters that a short form of a name shares with it


def is_title(line: str) -> bool:
    """Whether a line only says what somebody is: "CEO", "Managing Director", "ügyvezető igazgató"."""
    words = _words(line)
    return 0 < len(words) <= 4 and _TITLES.issuperset(words)


def instructs(line: str, tokens: Sequence[str]) -> bool:
    """Whether a line of a signature says what is to be done, when or for whom. `tokens`: its words in small letters."""
    words = [word for token in tokens for word in _MEMBERS.findall(fold(token))]
    if not words:
        return False
    if words[0] in _LIMITING and not _NOT_LIMITING.intersection(words):
        return True
    if _INSTRUCTING.intersection(words) or not _PAIRS.isdisjoint(pairwise(words)):
        return True
    days, hours = sum(word in _DAYS for word in words), len(_CLOCK.findall(line))
    # the hours of an office name two: when they begin and when they end
    return (days == 1 and hours < 2) or (hours == 1 and days < 2)


def signed_by_another(lines: Sequence[str], own: Sequence[str], is_polite: Callable[[str], bool]) -> str:
    """The first line that is a name, where it is none of the writer's; "" where it is, or nothing is known of theirs.

    A short form counts, and initials: "Bob" is not Robert's, "Rob" and "R. S." are Robert Smith's.
    """
    mine = {word for name in own for word in _words(name)}
    if not any(len(word) > 1 for word in mine):
        return ""
    initials = {word[0] for word in mine}
    for line in lines:
        bare = line.strip(" \t*_-–—,;")
        if not bare or "@" in bare or is_polite(bare):
            continue
        said = _words(bare)
        if any(_is_mine(word, mine) for word in said) or all(
            len(w) <= 2 and set(w) <= initials for w in said
        ):
            return ""
        if is_contact(bare) or is_prose(bare) or not is_name(bare):
            continue
        if said and not _COMPANIES.intersection(said):
            return bare
    return ""


def _words(text: str) -> list[str]:
    return _MEMBERS.findall(fold(text))


def _is_mine(word: str, mine: set[str]) -> bool:
    return word in mine or (
        len(word) >= _SAME_BEGINNING
        and any(
            len(own) >= _SAME_BEGINNING and (own.startswith(word) or word.startswith(own)) for own in mine
        )
    )
