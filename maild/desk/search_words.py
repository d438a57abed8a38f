"""`search` as it is typed -> a query, with every name looked up."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, time

from maild.errors import Refused
from maild.fulltext import Query, Term, fold
from maild.nearest import nearest, not_found
from maild.party import agents
from maild.settings import Settings
from maild.ticket import dates, phase_names

#: what may stand before a colon
FIELDS = ("company", "from", "phase", "owner", "before", "after", "has")
#: what is written behind each, as an example
_SUCH = dict(zip(FIELDS, ("acme", "anna", "waiting", "me", "2026-10-30", "mon", "attachment"), strict=True))
_PIECE = re.compile(r'(?:([a-z]+):)?(?:"([^"]*)"(\*?)|(\S+))')


def parse(
    words: Iterable[str], settings: Settings, now: datetime, *, viewer: str, companies: Iterable[str]
) -> Query:
    """The query. Raises `Refused` for nothing to look for and for a name, field or date that is not known.

    One argument of several words, as a shell hands over `"paper jam"`, is a phrase.
    """
    text = " ".join(_quoted(word) for word in words)
    terms: list[Term] = []
    fields: dict[str, list[str]] = {name: [] for name in FIELDS}
    for field, phrase, star, plain in _PIECE.findall(text):
        if plain.removesuffix(":") in FIELDS and plain.endswith(":"):
            raise Refused(
                f"{plain} goes with what it narrows to, without a blank: {plain}{_SUCH[plain[:-1]]}"
            )
        if field in FIELDS:
            fields[field].append(phrase or plain.strip('"'))
            continue
        if field and not phrase and plain:
            plain = f"{field}:{plain}"
        near = nearest(field, FIELDS) if field else ""
        if field and (phrase or near):
            raise Refused(
                f"{field}: is not known: "
                + (f"did you mean {near}:?" if near else f"there are {', '.join(f'{f}:' for f in FIELDS)}")
            )
        terms += _term(phrase, star, plain)
    known = list(companies)
    query = Query(
        terms=tuple(dict.fromkeys(terms)),
        companies=tuple(
            not_found(c, known, "company", "`maild company list` shows them") for c in fields["company"]
        ),
        people=tuple(fold(p) for p in fields["from"]),
        phases=tuple(str(phase_names.named(p)) for p in fields["phase"]),
        owners=tuple(viewer if o == "me" and viewer else agents.named(o, settings) for o in fields["owner"]),
        before=_moment(fields["before"], settings, now),
        after=_moment(fields["after"], settings, now),
        has_attachment=_has(fields["has"]),
    )
    if not query:
        raise Refused('search for at least one word: maild search printer, "paper jam", print*, company:acme')
    return query


def _quoted(word: str) -> str:
    """What the shell kept together stays together, unless quotes or a field stand in it already."""
    if " " not in word.strip() or '"' in word:
        return word
    field, colon, rest = word.partition(":")
    if colon and field in FIELDS:
        return f'{field}:"{rest}"'
    return f'"{word.strip().removesuffix("*")}"' + ("*" if word.rstrip().endswith("*") else "")


def _term(phrase: str, star: str, plain: str) -> list[Term]:
    if phrase:
        folded = " ".join(re.findall(r"\w+", fold(phrase)))
        return [Term(folded, bool(star), phrase=True)] if folded else []
    folded = fold(plain)
    beginning = folded.endswith("*") and folded.strip("*") != ""
    folded = folded.rstrip("*") if beginning else folded
    return [Term(folded, beginning)] if folded else []


def _moment(texts: list[str], settings: Settings, now: datetime) -> datetime | None:
    """The beginning of a day, unless an hour is said."""
    if not texts:
        return None
    if len(texts) > 1:
        raise Refused("one date is enough for each of before: and after:")
    zone = settings.desk.timezone
    return dates.parse(texts[0], now, zone, towards=dates.Direction.PAST, clock=time.min)


def _has(texts: list[str]) -> bool:
    for text in texts:
        if text not in ("attachment", "attachments", "file", "files"):
            raise Refused(f"has:{text} is not known; there is has:attachment")
    return bool(texts)
