"""One typed word -> the known name that it means, or an error that names the nearest right one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from maild.errors import NotFound, Refused

#: no more names than these stand in one line of an error
_MOST = 12


def choose(
    typed: str, known: Iterable[str], what: str, *, error: type[Refused] = Refused, hint: str = ""
) -> str:
    """The one of `known` that is meant, without regard to case. `what`: "agent", "company" ... for the message.

    Raises `error` with the nearest name, else with those there are; `hint` ends the line.
    """
    names = list(dict.fromkeys(known))
    if typed in names:
        return typed
    folded = {name.casefold(): name for name in names}
    if typed.casefold() in folded:
        return folded[typed.casefold()]
    raise error(unknown(typed, names, what, hint))


def unknown(typed: str, names: Iterable[str], what: str, hint: str = "") -> str:
    """The line that says so."""
    every = list(names)
    near = nearest(typed, every)
    if near:
        said = f"did you mean {near}?"
    elif every:
        more = f" and {len(every) - _MOST} more" if len(every) > _MOST else ""
        said = f"there are {', '.join(every[:_MOST])}{more}"
    else:
        said = "there are none"
    return f"no {what} {typed!r}: {said}" + (f"{'' if near else ';'} {hint}" if hint else "")


def nearest(typed: str, names: Iterable[str]) -> str:
    """The known name that was probably meant, or ""."""
    folded = {name.casefold(): name for name in names}
    close = difflib.get_close_matches(typed.casefold(), folded, 1, cutoff=0.55)
    return folded[close[0]] if close else ""


def not_found(typed: str, known: Iterable[str], what: str, hint: str = "") -> str:
    """`choose` for things of the database: `NotFound`."""
    return choose(typed, known, what, error=NotFound, hint=hint)
