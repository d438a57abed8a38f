"""What one look at a text's words finds: the desk's tables, what names a fraud, what is asked apart, what stands masked."""

from __future__ import annotations

from maild.mail.keywords import KeywordHit, Matcher, WordList, kept_of_newest, matcher, phrases, word_list
from maild.mail.masked_words import MaskedWords
from maild.settings import Keywords, Settings
from maild.ticket.apart import asked_with_verb, things_that_are_given, verbs_that_give
from maild.ticket.vocabulary import TicketKind
from maild.values import dataclass

HELD = (TicketKind.PERMISSION, TicketKind.DEVICE)


@dataclass(frozen=True, slots=True)
class TableHits:
    """A table with its hits in one text, in order of their place."""

    number: int
    table: Keywords
    hits: tuple[KeywordHit, ...]

    @property
    def evidence(self) -> str:
        """`"printer*" (en, topic printer)`: what explain shows."""
        t = self.table
        sets = [f"{key} {value}" for key, value in _sets(t) if value]
        return f'"{self.hits[0].word}" ({", ".join([t.language or "any language", *sets])})'


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look at the words of a text finds: the desk's tables, and whether a fraud, a thing that may be given and a
    verb that gives are named."""

    tables: list[TableHits]
    fraud: bool
    thing: bool
    verb: bool


def names_request(text: str, settings: Settings) -> bool:
    """Whether a text holds words of what must be held for approval, whatever they say of it."""
    said = word_list(text)
    looked = look(said, settings.keywords)
    return any(
        f.table.kind in HELD
        for f in (
            *looked.tables,
            *apart(text, said, looked, settings.keywords),
            *masked(text, said, settings.keywords),
        )
    )


def look(said: WordList, tables: tuple[Keywords, ...]) -> Looked:
    """Of the words of one text."""
    by_table: dict[int, list[KeywordHit]] = {}
    for hit in _all_words(tables).hits(said.words, said.different):
        by_table.setdefault(hit.table, []).append(hit)
    fraud, thing, verb = [bool(by_table.pop(len(tables) + number, ())) for number in range(3)]
    found = [TableHits(number, tables[number], tuple(by_table[number])) for number in sorted(by_table)]
    return Looked(found, fraud, thing, verb)


@kept_of_newest
def _all_words(tables: tuple[Keywords, ...]) -> Matcher:
    """The desk's tables, and behind them what `look` looks for besides: a text's words are gone through once."""
    words = [table.words for table in tables]
    return matcher((*words, phrases("frauds"), things_that_are_given(), verbs_that_give()))


@kept_of_newest
def _masks(tables: tuple[Keywords, ...]) -> tuple[tuple[int, ...], MaskedWords]:
    """The numbers of the tables of what must be held, and their words."""
    held = tuple(number for number, table in enumerate(tables) if table.kind in HELD)
    return held, MaskedWords([tables[number].words for number in held])


def masked(text: str, said: WordList, tables: tuple[Keywords, ...]) -> list[TableHits]:
    """Words of what must be held that are written so that a table does not find them."""
    held, masks = _masks(tables)
    return [TableHits(held[hit.table], tables[held[hit.table]], (hit,)) for hit in masks.hits(text, said)[:1]]


def apart(text: str, said: WordList, looked: Looked, tables: tuple[Keywords, ...]) -> list[TableHits]:
    """Requests whose words stand apart, each as a hit of the first table of its kind; of a kind that the desk has none
    of, nothing is held."""
    if not looked.verb or not (asked := asked_with_verb(text, said, things=looked.thing)):
        return []
    first = {table.kind: number for number, table in reversed([*enumerate(tables)])}
    return [
        TableHits(first[kind], tables[first[kind]], (KeywordHit(first[kind], words, 0, 0),))
        for kind, words in asked.items()
        if kind in first
    ]


def _sets(table: Keywords) -> tuple[tuple[str, str], ...]:
    return (("kind", table.kind), ("severity", table.severity), ("team", table.team), ("topic", table.topic))
