"""Our own people: which of them a typed name means."""

from __future__ import annotations

from maild.errors import Refused
from maild.nearest import choose, nearest
from maild.settings import Settings


def named(name: str, settings: Settings) -> str:
    """The configured agent whom `name` means, without regard to case; any name where none is configured.

    Raises `Refused` that names those there are.
    """
    if not settings.agents:
        return name
    try:
        return choose(name, settings.agents, "agent")
    except Refused:
        near = nearest(name, settings.agents)
        meant = f"did you mean {near}? " if near else ""
        raise Refused(f"no agent {name!r}: {meant}the agents are {', '.join(settings.agents)}") from None
