"""What the shell completes: numbers with their subjects, agents, teams, phases, companies, kept texts.

Whatever goes wrong here, the shell gets no names and no message: completion must never be in the way.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from itertools import islice

import typer

from maild.commands.session import Session

#: a shell shows no more than a screen anyway
_MOST = 200

Offered = list[tuple[str, str]]


def _quietly(
    offers: Callable[[Session, str], Iterator[tuple[str, str]]],
) -> Callable[[typer.Context, str], Offered]:
    """What the shell asks for: all that comes before something goes wrong, names with what they mean."""

    def offered(ctx: typer.Context, incomplete: str) -> Offered:
        found: Offered = []
        with contextlib.suppress(Exception):
            found.extend(islice(offers(_session(ctx), incomplete), _MOST))
        return found

    return offered


def _session(ctx: typer.Context) -> Session:
    """The session of the half-typed command line, whose root was not run."""
    return ctx.find_object(Session) or Session(ctx.find_root().params.get("config"), None, words=False)


def numbers(ctx: typer.Context, incomplete: str) -> Offered:
    """Open tickets, due first, with company and subject; where one stands already, what the verb takes behind it first.

    A shell asks for the first argument that may go on: the numbers, of which there may be several.
    """
    behind: Offered = []
    if _has_number(ctx):
        if ctx.info_name == "assign":
            behind = whom(ctx, incomplete)
        elif ctx.info_name == "phase":
            behind = [(name, "phase") for name in phases(incomplete)]
    return [*behind, *_tickets(ctx, incomplete)][:_MOST]


def _has_number(ctx: typer.Context) -> bool:
    """Whether some ticket's number was typed: the parser may have taken a single one for the last argument."""
    given = (ctx.params.get(name) for name in ("numbers", "whom", "new"))
    typed = (
        str(one) for some in given if some for one in (some if isinstance(some, (list, tuple)) else (some,))
    )
    return any(one.removeprefix("#").isdigit() for one in typed)


@_quietly
def _tickets(here: Session, begun: str) -> Iterator[tuple[str, str]]:
    from maild.desk.terminal import safe_line

    with here.queue() as source:
        for row in source.tickets():
            if str(row.number).startswith(begun.removeprefix("#")):
                about = f"{row.company or '?'}: {row.subject or '(no subject)'}"
                yield str(row.number), safe_line(about)[:70]


def _agents(here: Session, begun: str) -> Iterator[tuple[str, str]]:
    """With the names that customers read."""
    return ((a.name, a.shown) for a in here.settings.agents.values() if a.name.startswith(begun))


agents = _quietly(_agents)


@_quietly
def whom(here: Session, begun: str) -> Iterator[tuple[str, str]]:
    """Agents and teams."""
    from maild.party.agents import teams

    yield from _agents(here, begun)
    yield from ((name, "team") for name in teams(here.settings) if name.startswith(begun))


def phases(incomplete: str) -> list[str]:
    """Short names of the phases that one can move to by name."""
    from maild.ticket.phase_names import short
    from maild.ticket.phases import Phase

    names = [short(p) for p in Phase if p not in (Phase.MERGED, Phase.AWAITING_APPROVAL)]
    return [name for name in names if name.startswith(incomplete)]


def every_phase(incomplete: str) -> list[str]:
    """Short names of all phases."""
    from maild.ticket.phase_names import short
    from maild.ticket.phases import Phase

    return [short(p) for p in Phase if short(p).startswith(incomplete)]


@_quietly
def companies(here: Session, begun: str) -> Iterator[tuple[str, str]]:
    """Keys with names."""
    with here.read() as tx:
        yield from ((c.key, c.name) for c in tx.companies.list() if c.key.startswith(begun))


@_quietly
def people(here: Session, begun: str) -> Iterator[tuple[str, str]]:
    """Addresses of contacts with their names, by either."""
    from maild.fulltext import fold

    with here.read() as tx:
        for person in tx.contacts.list():
            if any(n.startswith(fold(begun)) for n in (person.address, *fold(person.name).split())):
                yield person.address, person.name


@_quietly
def canned(here: Session, begun: str) -> Iterator[tuple[str, str]]:
    """Kept texts with their beginnings."""
    first_lines: dict[str, str] = {}
    with here.read() as tx:
        for one in tx.canned.every():
            first_lines.setdefault(one.name, one.text.splitlines()[0][:60] if one.text else "")
    return ((name, line) for name, line in first_lines.items() if name.startswith(begun))


@_quietly
def views(here: Session, begun: str) -> Iterator[tuple[str, str]]:
    """Views of the configuration with their options."""
    return ((name, text) for name, text in here.settings.views.items() if name.startswith(begun))


def kinds(incomplete: str) -> Iterator[str]:
    """Kinds of ticket."""
    from maild.ticket.vocabulary import TicketKind

    return (kind for kind in TicketKind if kind.startswith(incomplete))


def severities(incomplete: str) -> Iterator[str]:
    """Severities, the mildest first."""
    from maild.ticket.vocabulary import Severity

    return (one for one in Severity if one.startswith(incomplete))
