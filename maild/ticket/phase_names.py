"""Phases as people type and read them: `waiting` is `waiting_customer` wherever a phase is asked for."""

from __future__ import annotations

import difflib

from maild.errors import Refused
from maild.ticket.phases import Phase

#: for narrow places, and understood when typed
SHORT: dict[Phase, str] = {
    Phase.WAITING_CUSTOMER: "waiting",
    Phase.AWAITING_APPROVAL: "approval",
    Phase.IN_PROGRESS: "progress",
}
_TYPED = {
    **{p.value: p for p in Phase},
    **{short: p for p, short in SHORT.items()},
    "working": Phase.IN_PROGRESS,
    "wait": Phase.WAITING_CUSTOMER,
    "held": Phase.AWAITING_APPROVAL,
    "planned": Phase.SCHEDULED,
    "new": Phase.RECEIVED,
    "done": Phase.CLOSED,
}


def short(phase: str) -> str:
    """`waiting` for `waiting_customer`; the rest stay as they are."""
    return SHORT.get(Phase(phase), str(phase)) if phase in set(Phase) else phase


#: as what a ticket stands, where a short name is no English
_SAID: dict[Phase, str] = {
    Phase.IN_PROGRESS: "in progress",
    Phase.WAITING_CUSTOMER: "waiting for the customer",
    Phase.AWAITING_APPROVAL: "waiting for approval",
}


def said(phase: str) -> str:
    """`in progress`: what stands after "is"."""
    return _SAID.get(Phase(phase), str(phase))


def named(text: str) -> Phase:
    """The phase that was typed: its name, its short name, or a beginning that fits one phase only.

    Raises `Refused` that names the nearest, or all.
    """
    plain = text.strip().casefold().replace("-", "_").replace(" ", "_")
    if plain in _TYPED:
        return _TYPED[plain]
    begun = {phase for name, phase in _TYPED.items() if len(plain) >= 3 and name.startswith(plain)}
    if len(begun) == 1:
        return begun.pop()
    near = difflib.get_close_matches(plain, _TYPED, 1)
    meant = f"did you mean {near[0]}? " if near else ""
    raise Refused(f"no phase {text!r}: {meant}there are {', '.join(short(p) for p in Phase)}")
