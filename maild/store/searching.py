"""How a search goes, whichever way the database is asked: full text, every term found somewhere on the ticket, without
regard to case and accents. Free of SQLAlchemy.

Two indexes of three-letter parts (SQLite: FTS5; PostgreSQL: pg_trgm, where the server has it) name candidates, newest
first: one by the words of entries, one by the heads of tickets (subject and requester). Whether they answer is decided
on their texts, the same on both databases. What is not in the indexes yet is looked through as it is.
"""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from maild.fulltext import Excerpt, Query, Term, fold, hit

#: an index of three-letter parts cannot be asked for less
LEAST = 3
#: up to which entry, and up to which ticket, a database's own indexes have taken in: rows of `meta`
INDEXED = INDEXED_ENTRIES, INDEXED_HEADS = ("indexed_entry", "indexed_ticket")
#: how an entry's data says, as `dump` writes it, that its mail carried files: for LIKE
CARRIES = '%"attachments":[{%'
#: tickets that are looked at together
_AT_ONCE = 128


class SearchResult(NamedTuple):
    """A ticket that answers; `hit` is None where no words were asked for."""

    number: int
    hit: Excerpt | None


class Document(NamedTuple):
    """What of a line of a log is searched. `data`: its JSON."""

    ticket: int
    text: str
    data: Any


class Head(NamedTuple):
    """What of a ticket is searched beside its log."""

    number: int
    subject: str
    head: str


def attachment_names(data: Any) -> list[str]:
    """Names of an entry's attachments."""
    return [str(one.get("name", "")) for one in (data or {}).get("attachments", ())]


def document(words: str, data: Any) -> str:
    """What of an entry is searched, folded: its words and the names of its attachments."""
    return fold("\n".join([words, *attachment_names(data)]))


def register(connection: Any) -> None:
    """`fold(text)` on a connection of the SQLite driver."""
    connection.create_function("fold", 1, lambda text: fold(text or ""), deterministic=True)


def quoted(words: str) -> str:
    """The FTS5 query for exactly these characters."""
    return '"' + words.replace('"', '""') + '"'


def escaped(words: str) -> str:
    """For LIKE with `\\` as the escape."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


class Searching(ABC):
    """How a search goes; its subclasses ask the database."""

    #: SQLite's indexes of heads and of texts asked, newest first
    match_heads = (
        "SELECT rowid AS number FROM ticket_search WHERE ticket_search MATCH :words ORDER BY rowid DESC"
    )
    match_texts = (
        "SELECT e.ticket AS ticket FROM entry_search JOIN entry e ON e.id = entry_search.rowid "
        "WHERE entry_search MATCH :words ORDER BY entry_search.rowid DESC"
    )
    #: the shortest words for which the index of texts can be asked
    least_in_texts = LEAST

    def __call__(self, query: Query, *, limit: int = 50) -> list[SearchResult]:
        """At most `limit` tickets, those with the newest words first."""
        if not query.terms:
            return [SearchResult(number, None) for number in self.narrowed_to(query, limit)]
        results: dict[int, SearchResult] = {}
        with contextlib.closing(self._candidates(query)) as candidates:
            for numbers in _in_groups(candidates):
                results |= {one.number: one for one in self._answering(query, self._allowed(query, numbers))}
                if len(results) >= limit:
                    break
        return sorted(results.values(), key=lambda one: -one.number)[:limit]

    # ------------------------------------------------------------------------- what subclasses ask for

    @abstractmethod
    def meta_number(self, key: str) -> int:
        """A number of `meta`; 0 where there is none."""

    @abstractmethod
    def narrowed_to(self, query: Query, limit: int | None, numbers: Sequence[int] = ()) -> Iterator[int]:
        """The newest tickets (of `numbers`, where any are given) that the query's conditions let through."""

    @abstractmethod
    def heads_with(self, needle: str, after: int) -> Iterator[int]:
        """Tickets above this number whose heads hold a folded text, newest first, looked through one by one."""

    @abstractmethod
    def heads_indexed_with(self, needle: str) -> Iterator[int]:
        """Tickets whose heads hold a folded text, by their index, newest first."""

    @abstractmethod
    def documents(self, after: int, upto: int | None) -> Iterator[Document]:
        """Lines of logs whose ids lie above `after` and not above `upto`, newest first."""

    @abstractmethod
    def texts_indexed_with(self, needle: str) -> Iterator[int]:
        """Tickets by the index of what was written on them, newest first."""

    @abstractmethod
    def heads_of(self, numbers: Sequence[int]) -> Iterator[Head]:
        """The heads of these tickets."""

    @abstractmethod
    def logs_of(self, numbers: Sequence[int]) -> Iterator[Document]:
        """All lines of these tickets, oldest first."""

    # ----------------------------------------------------------------------------------- candidates

    def _candidates(self, query: Query) -> Generator[int]:
        """Tickets that may answer; a superset, newest words first, with repetitions."""
        best = max(query.terms, key=lambda term: len(term.needle)).needle
        if best.lstrip("#").isdecimal() and best.isascii() and len(best) < 19:
            yield int(best.lstrip("#"))
        indexed = self.meta_number(INDEXED_ENTRIES)
        yield from _looked_through(self.documents(indexed, None), best)
        # heads and texts in turn, so that a cap on the number cuts off neither
        with (
            contextlib.closing(self._heads(best)) as heads,
            contextlib.closing(self._texts(best, indexed)) as texts,
        ):
            for pair in zip_longest(heads, texts):
                yield from (number for number in pair if number is not None)

    def _heads(self, needle: str) -> Generator[int]:
        """Candidates by subject and requester."""
        if len(needle) < LEAST:
            yield from self.heads_with(needle, 0)
            return
        yield from self.heads_with(needle, self.meta_number(INDEXED_HEADS))
        yield from self.heads_indexed_with(needle)

    def _texts(self, needle: str, indexed: int) -> Generator[int]:
        if len(needle) < self.least_in_texts:
            yield from _looked_through(self.documents(0, indexed), needle)
        else:
            yield from self.texts_indexed_with(needle)

    # ------------------------------------------------------------------------------------ answering

    def _allowed(self, query: Query, numbers: Sequence[int]) -> list[int]:
        kept = {*self.narrowed_to(query, None, numbers)} if numbers else set()
        return [number for number in numbers if number in kept]

    def _answering(self, query: Query, numbers: Sequence[int]) -> Iterator[SearchResult]:
        """Those of the tickets whose texts hold every term, each with the place."""
        if not numbers:
            return
        texts: dict[int, list[tuple[str, str]]] = {}
        subjects: dict[int, str] = {}
        for head in self.heads_of(numbers):
            subjects[head.number] = head.subject
            texts[head.number] = [("", fold(f"{head.number} #{head.number} {head.head}"))]
        for row in self.logs_of(numbers):
            texts[row.ticket].append((row.text, fold(row.text)))
            texts[row.ticket] += [(f"attachment {name}", fold(name)) for name in attachment_names(row.data)]
        for number in numbers:
            if all(any(term.stands_in(plain) for _, plain in texts[number]) for term in query.terms):
                yield SearchResult(number, _place(query.terms, subjects[number], texts[number]))


def _looked_through(rows: Iterator[Document], needle: str) -> Iterator[int]:
    return (row.ticket for row in rows if needle in document(row.text, row.data))


def _in_groups(numbers: Iterator[int]) -> Iterator[list[int]]:
    """Distinct numbers in groups that are looked at together; the first groups are small, since one may do."""
    seen: set[int] = set()
    group: list[int] = []
    size = 16
    for number in numbers:
        if number in seen:
            continue
        seen.add(number)
        group.append(number)
        if len(group) == size:
            yield group
            group, size = [], min(2 * size, _AT_ONCE)
    if group:
        yield group


def _place(terms: tuple[Term, ...], subject: str, texts: list[tuple[str, str]]) -> Excerpt | None:
    """Where to look: the text that holds most of the terms, the first of several; else the subject."""
    shown = [(subject, fold(subject)), *texts[1:]]
    best = max(shown, key=lambda pair: sum(term.stands_in(pair[1]) for term in terms if pair[0]))
    return hit(best[0], terms) or hit(subject, terms) or Excerpt(((subject, False),))
