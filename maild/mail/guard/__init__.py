"""Guards: is this a person? One question a file; the first that has an answer decides.

`judge` runs the table in its order. None means a person's mail; a verdict of kind "request" means an
automatic mail that `[guards] open_for` lets open tickets: it is never answered, its reasons say why.
_skeleton.py shows how to add a guard.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

from maild.mail.guard import (
    automatic,
    bounce,
    calendar_reply,
    challenge,
    hostile,
    mailing_list,
    null_sender,
    own,
    reaction,
    receipt,
    routing_loop,
    spam,
    unmarked,
    vacation,
)
from maild.mail.guard.context import GuardContext, GuardView, view_of
from maild.mail.guard.open_for import opens_for
from maild.model import Envelope, Mail, Verdict
from maild.values import dataclass


@dataclass(frozen=True, slots=True)
class Guard:
    """A row of the table. `check` never raises and gives None where it has nothing to say. `example` and
    `counter_example` are lines of a mail, header and perhaps text, about which it says something, and of its nearest
    neighbour about which it must not: tests run both."""

    name: str
    description: str
    example: str
    counter_example: str
    check: Callable[[GuardView], Verdict | None]


def _row(module: ModuleType) -> Guard:
    return Guard(module.name, module.description, module.example, module.counter_example, module.check)


#: order matters: what could come back to us first, then what tells most, then the broad marks
GUARDS: tuple[Guard, ...] = tuple(
    map(
        _row,
        (
            hostile,
            own,
            routing_loop,
            receipt,
            reaction,
            calendar_reply,
            bounce,
            spam,
            challenge,
            vacation,
            unmarked,
            mailing_list,
            automatic,
            null_sender,
        ),
    )
)


def judge(mail: Mail, envelope: Envelope, ctx: GuardContext) -> Verdict | None:
    """The first guard's verdict, with its reason codes and evidence, or None for a person's mail."""
    view = view_of(mail, envelope, ctx)
    for guard in GUARDS:
        verdict = guard.check(view)
        if verdict is not None:
            return opens_for(view, verdict) or verdict
    return None


def table() -> list[tuple[str, str, str]]:
    """(name, description, example) of each guard in order: the docs' table is made of it."""
    return [(guard.name, guard.description, guard.example.splitlines()[0]) for guard in GUARDS]


__all__ = ["GUARDS", "Guard", "GuardContext", "GuardView", "judge", "table"]
