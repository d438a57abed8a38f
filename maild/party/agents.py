"""Our own people: which of them a typed name means."""

from __future__ import annotations

import re
from collections.abc import Iterable

from maild.errors import Refused
from maild.nearest import choose, nearest
from maild.settings import Settings

#: `L2`, as levels of support are called
_LEVEL = re.compile(r"([^\W0-9_]+)[0-9]{1,2}")


def agent_or_team(text: str, settings: Settings, teams: Iterable[str]) -> str:
    """The agent or team that `text` means, without regard to case. Raises `Refused` with the nearest; where no agent is
    configured any name is one, but not that of a level that there is not among the teams."""
    every = list(teams)
    if settings.agents:
        return choose(text, [*settings.agents, *every], "agent or team")
    folded = {name.casefold(): name for name in every}
    if (team := folded.get(text.casefold())) is not None:
        return team
    level = _LEVEL.fullmatch(text.casefold())
    if level and any(of and of[1] == level[1] for of in map(_LEVEL.fullmatch, folded)):
        raise Refused(f"no team {text!r}: there are {', '.join(every)}; any other name is an agent's")
    return text


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
