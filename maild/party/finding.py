"""Which contact an agent means by a name or an address as it is typed, slips of the finger included."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from maild.errors import NotFound, Refused
from maild.fulltext import fold
from maild.model import PersonFacts

#: so many are named in one line
_MOST = 6


def by_name(text: str, people: Iterable[PersonFacts]) -> PersonFacts:
    """The one contact whose name or address begins with each word of `text`.

    Raises NotFound for none and Refused, naming them, for several.
    """
    words = fold(text).split()
    fitting = [person for person in people if words and all(_begins(word, person) for word in words)]
    exact = [person for person in fitting if fold(person.name) == " ".join(words)]
    fitting = exact or fitting
    if not fitting:
        raise NotFound(f"no contact is called {text!r}; an address, or `maild contact list`, names one")
    if len(fitting) > 1:
        more = f" and {len(fitting) - _MOST} more" if len(fitting) > _MOST else ""
        raise Refused(
            f"{text!r} may be {', '.join(shown(p) for p in fitting[:_MOST])}{more}: write more of the name"
        )
    return fitting[0]


def _begins(word: str, person: PersonFacts) -> bool:
    names = [*fold(person.name).split(), *(a.partition("@")[0] for a in (person.address, *person.addresses))]
    return any(name.startswith(word) for name in names)


def shown(person: PersonFacts) -> str:
    """`Kovács Anna <anna@acme.example>`."""
    return f"{person.name} <{person.address}>" if person.name else person.address


def near(address: str, people: Iterable[PersonFacts], domains: Sequence[str] = ()) -> PersonFacts | None:
    """The contact whose address was probably meant: the same but for a slip, in the name or in the domain.

    A domain that some company declared (`domains`) is no slip.
    """
    local, _, domain = address.rpartition("@")
    best: tuple[int, PersonFacts] | None = None
    for person in people:
        for known in {person.address, *person.addresses}:
            other, _, there = known.rpartition("@")
            if domain == there:
                slips, most = distance(local, other), 1 if len(other) < 6 else 2
            elif local == other and domain not in domains:
                slips, most = distance(domain, there), 2
            else:
                continue
            if 0 < slips <= most and (best is None or slips < best[0]):
                best = (slips, person)
    return best[1] if best is not None else None


def distance(one: str, other: str) -> int:
    """Letters to add, drop, change, or to swap with their neighbour (optimal string alignment)."""
    if abs(len(one) - len(other)) > 2 or max(len(one), len(other)) > 64:
        return 99
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, char in enumerate(one, 1):
        row = [i]
        for j, there in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (char != there))
            if i > 1 and j > 1 and char == other[j - 2] and one[i - 2] == there:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
