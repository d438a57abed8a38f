"""What the shell completes: numbers with their subjects, agents, teams, phases, companies, kept texts.

Whatever goes wrong here, the shell gets no names and no message: completion must never be in the way.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import typer

from maild.commands.session import Session

#: a shell shows no more than a screen anyway
_MOST = 200


def _session(ctx: typer.Context) -> Session:
    """The session of the half-typed command line, whose root was not run."""
    return ctx.find_object(Session) or Session(ctx.find_root().params.get("config"), None, words=False)


def numbers(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Open tickets, due first, with company and subject; where one stands already, what the verb takes behind it first.

    A shell asks for the first argument that may go on: the numbers, of which there may be several.
    """
    from maild.desk.terminal import safe_line

    offered: list[tuple[str, str]] = []
    if _has_number(ctx):
        if ctx.info_name == "assign":
            offered += whom(ctx, incomplete)
        elif ctx.info_name == "phase":
            offered += [(name, "phase") for name in phases(incomplete)]
    with contextlib.suppress(Exception):
        here = _session(ctx)
        wanted = incomplete.removeprefix("#")
        with here.queue() as source:
            for row in source.tickets():
                if str(row.number).startswith(wanted):
                    about = f"{row.company or '?'}: {row.subject or '(no subject)'}"
                    offered.append((str(row.number), safe_line(about)[:70]))
    return offered[:_MOST]


def _has_number(ctx: typer.Context) -> bool:
    """Whether some ticket's number was typed: the parser may have taken a single one for the last argument."""
    given = (ctx.params.get(name) for name in ("numbers", "whom", "new"))
    typed = (
        str(one) for some in given if some for one in (some if isinstance(some, (list, tuple)) else (some,))
    )
    return any(one.removeprefix("#").isdigit() for one in typed)


def agents(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Agents with the names that customers read."""
    offered: list[tuple[str, str]] = []
    with contextlib.suppress(Exception):
        offered = [
            (a.name, a.shown) for a in _session(ctx).settings.agents.values() if a.name.startswith(incomplete)
        ]
    return offered


def whom(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Agents and teams."""
    offered = agents(ctx, incomplete)
    with contextlib.suppress(Exception):
        from maild.party.agents import teams

        offered += [(name, "team") for name in teams(_session(ctx).settings) if name.startswith(incomplete)]
    return offered


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


def companies(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Keys with names."""
    offered: list[tuple[str, str]] = []
    with contextlib.suppress(Exception):
        here = _session(ctx)
        with here.read() as tx:
            offered = [(c.key, c.name) for c in tx.companies.list() if c.key.startswith(incomplete)]
    return offered[:_MOST]


def people(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Addresses of contacts with their names, by either."""
    from maild.fulltext import fold

    offered: list[tuple[str, str]] = []
    with contextlib.suppress(Exception):
        here = _session(ctx)
        begun = fold(incomplete)
        with here.read() as tx:
            for person in tx.contacts.list():
                names = [person.address, *fold(person.name).split()]
                if any(name.startswith(begun) for name in names):
                    offered.append((person.address, person.name))
    return offered[:_MOST]


def canned(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Kept texts with their beginnings."""
    first_lines: dict[str, str] = {}
    with contextlib.suppress(Exception):
        here = _session(ctx)
        with here.read() as tx:
            for one in tx.canned.every():
                if one.name.startswith(incomplete):
                    first_lines.setdefault(one.name, one.text.splitlines()[0][:60] if one.text else "")
    return list(first_lines.items())


def views(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Views of the configuration with their options."""
    offered: list[tuple[str, str]] = []
    with contextlib.suppress(Exception):
        offered = [(n, text) for n, text in _session(ctx).settings.views.items() if n.startswith(incomplete)]
    return offered


def kinds(incomplete: str) -> Iterator[str]:
    """Kinds of ticket."""
    from maild.ticket.vocabulary import TicketKind

    return (kind for kind in TicketKind if kind.startswith(incomplete))


def severities(incomplete: str) -> Iterator[str]:
    """Severities, the mildest first."""
    from maild.ticket.vocabulary import Severity

    return (one for one in Severity if one.startswith(incomplete))
