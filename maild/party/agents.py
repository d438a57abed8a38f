"""Our own people: which of them a typed name means."""

from __future__ import annotations

import difflib

from maild.errors import Refused
from maild.settings import Settings


def named(name: str, settings: Settings) -> str:
    """The configured agent whom `name` means, without regard to case; any name where none is configured.

    Raises `Refused` that names those there are.
    """
    if not settings.agents or name in settings.agents:
        return name
    folded = {known.casefold(): known for known in settings.agents}
    if name.casefold() in folded:
        return folded[name.casefold()]
    near = difflib.get_close_matches(name.casefold(), folded, 1)
    meant = f"did you mean {folded[near[0]]}? " if near else ""
    raise Refused(f"no agent {name!r}: {meant}the agents are {', '.join(settings.agents)}")
