"""What `list` shows: the words of a view or of the command line, checked and looked up."""

from __future__ import annotations

import shlex
import typing
from collections.abc import Callable, Iterable
from datetime import datetime

from maild.desk.numbers import whole_number
from maild.errors import Refused
from maild.nearest import choose, nearest, not_found
from maild.party import agents
from maild.settings import Settings
from maild.ticket import dates, phase_names
from maild.ticket.queue import Filter, ResolvedFilter, Sort, alternatives
from maild.ticket.vocabulary import Severity, TicketKind
from maild.values import replace

_HINTS = typing.get_type_hints(Filter)


def of_view(name: str, settings: Settings) -> Filter:
    """The filter of `[views.NAME]`. Raises `Refused` that names the view and what is wrong with it."""
    known = choose(name, settings.views, "view", hint='[views] NAME = "--mine --late" makes one')
    try:
        return parse(settings.views[known])
    except Refused as error:
        raise Refused(f"[views] {known} = {settings.views[known]!r}: {error}") from None


def parse(text: str) -> Filter:
    """`--mine --late --sort due` as a filter: the options of `list`."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise Refused(f"a quotation mark is not closed ({error})") from None
    return of_words(words)


def of_words(words: Iterable[str]) -> Filter:
    """`parse`, of words."""
    made: dict[str, typing.Any] = {}
    rest = iter(words)
    for word in rest:
        name, given, value = word.removeprefix("--").partition("=")
        key = name.replace("-", "_")
        if not word.startswith("--") or key not in _HINTS:
            near = nearest(key, _HINTS)
            raise Refused(
                f"{word!r} is not an option of list: "
                + (f"did you mean {option(near)}?" if near else "there are " + ", ".join(map(option, _HINTS)))
            )
        if _HINTS[key] is bool:
            if given:
                raise Refused(f"{option(key)} takes no value")
            made[key] = True
            continue
        value = value if given else next(rest, "")
        if not value:
            raise Refused(f"{option(key)} needs a value")
        if _HINTS[key] is str:
            made[key] = value
        elif number := whole_number(value):
            made[key] = number
        else:
            raise Refused(f"{option(key)} {value!r}: write a number from 1")
    return Filter(**made)


def option(key: str) -> str:
    """The option of a field."""
    return "--" + key.replace("_", "-")


def over(view: Filter, given: Filter) -> Filter:
    """What was typed beside a view's name wins over it."""
    return replace(view, **{name: getattr(given, name) for name in given.given()})


def looked(
    wanted: Filter,
    settings: Settings,
    now: datetime,
    *,
    viewer: str,
    companies: Iterable[str],
    teams: Iterable[str],
    owners: Iterable[str],
) -> ResolvedFilter:
    """The filter with its names checked: `companies`, `teams` and `owners` are those there are.

    Raises `Refused` (NotFound for a company) with the nearest right thing.
    """
    if (wanted.mine or wanted.owner == "me") and not viewer:
        raise Refused("cannot tell which agent you are: use --as NAME or set MAILD_AGENT")
    if wanted.sort:
        choose(wanted.sort, list(Sort), "order")
    known = {*settings.agents, *owners}
    ways: dict[str, Callable[[str], str]] = {
        "company": lambda t: not_found(t, companies, "company", "`maild company list` shows them"),
        "phase": lambda t: str(phase_names.named(t)),
        "team": lambda t: choose(t, teams, "team"),
        "owner": lambda t: viewer if t == "me" else _owner(t, settings, known),
        "kind": lambda t: choose(t, list(TicketKind), "kind"),
        "severity": lambda t: choose(t, list(Severity), "severity"),
    }
    choices = {
        name: frozenset(way(text) for text in alternatives(getattr(wanted, name)))
        for name, way in ways.items()
        if alternatives(getattr(wanted, name))
    }
    since = wanted.changed_since
    changed = dates.parse(since, now, settings.desk.timezone, towards=dates.Direction.PAST) if since else None
    return ResolvedFilter(wanted, now, viewer, changed, choices)


def _owner(text: str, settings: Settings, known: Iterable[str]) -> str:
    """An agent, or who owns a ticket without being one (any more)."""
    return text if text in set(known) else agents.named(text, settings)
