"""Our own people: which of them a typed name means."""

from __future__ import annotations

from collections.abc import Iterable

from maild.errors import Refused
from maild.nearest import choose, nearest
from maild.settings import Settings


def agent_or_team(text: str, settings: Settings, teams: Iterable[str]) -> str:
    """The agent or team that `text` means. Raises `Refused` with the nearest; any name is an agent where none is
    configured."""
    every = list(teams)
    if text in every or not settings.agents:
        return text
    return choose(text, [*settings.agents, *every], "agent or team")


def named(name: str, settings: Settings) -> str:
    """The configured agent whom `name` means, without regard to case; any name where none is configured.

    Raises `Refused`, which lists the agents there are.
    """
    if not settings.agents:
        return name
    try:
        return choose(name, settings.agents, "agent")
    except Refused:
        near = nearest(name, settings.agents)
        meant = f"did you mean {near}? " if near else ""
        raise Refused(f"no agent {name!r}: {meant}the agents are {', '.join(settings.agents)}") from None


#: teams that there always are
_LEVELS = ("L1", "L2", "L3")


def teams(settings: Settings) -> tuple[str, ...]:
    """Every team that a ticket may stand in."""
    t = settings.tickets
    built_in = (
        *_LEVELS,
        t.default_team,
        t.sales_team,
        t.billing_team,
        t.review_team,
        t.spam_team,
        t.complaint_team,
    )
    configured = (*settings.teams, *(name for a in settings.agents.values() for name in a.teams))
    return tuple(dict.fromkeys((*built_in, *configured)))
