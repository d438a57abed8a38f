"""What an agent types into a mail: acts as lines that begin with `/` at its top, and below them words.

All or nothing: `parse` reads every line before anything is done, and names the first that is wrong with what would be
right.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from maild.errors import Refused
from maild.nearest import nearest
from maild.ticket import phase_names, timelog
from maild.ticket.phases import Phase
from maild.ticket.vocabulary import Severity, TicketKind, chosen
from maild.values import dataclass, replace


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was typed, for the one who typed it."""

    number: int
    text: str


class WrongLineError(Refused):
    """One line is wrong, and nothing was done."""

    def __init__(self, line: Line, why: str) -> None:
        super().__init__(f"line {line.number}, “{line.text}”: {why}")


@dataclass(frozen=True, slots=True)
class MailActs:
    """What is asked for. `text`: the words below the lines; `note`: they are for colleagues only. `lines`: what was
    typed for which of these."""

    text: str = ""
    note: bool = False
    take: bool = False
    assign: str = ""
    to_phase: Phase | None = None
    when: str = ""  # for `scheduled`, as it was typed
    minutes: int | None = None
    worked: str = ""
    kind: TicketKind | None = None
    severity: Severity | None = None
    merge: int | None = None
    no_mail: bool = False
    lines: tuple[tuple[str, Line], ...] = ()

    def line(self, *names: str) -> Line | None:
        return next((line for name, line in self.lines if name in names), None)

    def __bool__(self) -> bool:
        return bool(self.text.strip() or self.lines)


def _nothing_more(name: str, rest: str) -> None:
    if rest:
        raise Refused(f"/{name} stands alone")


def _needs(rest: str, example: str) -> str:
    if not rest:
        raise Refused(f"say what: {example}")
    return rest


def _note(made: MailActs, rest: str) -> MailActs:
    return replace(made, note=True, text=rest)


def _take(made: MailActs, rest: str) -> MailActs:
    _nothing_more("take", rest)
    return replace(made, take=True)


def _assign(made: MailActs, rest: str) -> MailActs:
    return replace(made, assign=_needs(rest, "/assign kata, /assign L2"))


def _phase(made: MailActs, rest: str) -> MailActs:
    first, _, when = _needs(rest, "/phase waiting").partition(" ")
    try:
        planned = phase_names.named(first) is Phase.SCHEDULED
    except Refused:
        planned = False
    if not planned:
        return replace(made, to_phase=phase_names.named(rest))
    when = when.strip().removeprefix("--at").strip()
    return replace(made, to_phase=Phase.SCHEDULED, when=_needs(when, f"/phase {first} tomorrow 9:00"))


def _close(made: MailActs, rest: str) -> MailActs:
    _nothing_more("close", rest)
    return replace(made, to_phase=Phase.CLOSED)


def _log(made: MailActs, rest: str) -> MailActs:
    duration, _, what = _needs(rest, "/log 20m what").partition(" ")
    return replace(made, minutes=timelog.parse_duration(duration), worked=what.strip())


def _kind(made: MailActs, rest: str) -> MailActs:
    return replace(made, kind=chosen(TicketKind, "kind", _needs(rest, "/kind incident").lower()))


def _severity(made: MailActs, rest: str) -> MailActs:
    return replace(made, severity=chosen(Severity, "severity", _needs(rest, "/severity system").lower()))


def _merge(made: MailActs, rest: str) -> MailActs:
    digits = rest.removeprefix("#")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 18):
        raise Refused("say into which ticket: /merge 1002")
    return replace(made, merge=int(digits))


def _no_mail(made: MailActs, rest: str) -> MailActs:
    _nothing_more("no-mail", rest)
    return replace(made, no_mail=True)


#: an act by its name: what the rest of its line makes of the acts so far. `Refused` for what is wrong with it
ACTS: Final[dict[str, Callable[[MailActs, str], MailActs]]] = {
    "note": _note, "take": _take, "assign": _assign, "phase": _phase, "close": _close, "log": _log, "kind": _kind,
    "severity": _severity, "merge": _merge, "no-mail": _no_mail,
}  # fmt: skip


def parse(new_text: str) -> MailActs:
    """The acts of a mail's new text. Raises `WrongLineError`."""
    made, rest = MailActs(), new_text.splitlines()
    number = 0
    while rest:
        first = rest[0].strip()
        if first and not first.startswith("/"):
            break
        number += 1
        rest.pop(0)
        if first:
            made = _with(made, Line(number, first[:120]))
    text = "\n".join(filter(None, (made.text, "\n".join(rest).strip())))
    if made.note and not text:
        raise WrongLineError(made.line("note") or Line(1, "/note"), "a note needs words below it")
    return replace(made, text=text)


def merged_into(new_text: str) -> int | None:
    """The ticket that a `/merge` names, for the look-up; None where nothing is merged, or a line is wrong."""
    try:
        return parse(new_text).merge if "/merge" in new_text else None
    except Refused:
        return None


def _with(made: MailActs, line: Line) -> MailActs:
    name, _, rest = line.text[1:].partition(" ")
    name = name.lower()
    act = ACTS.get(name)
    if act is None:
        near = nearest(name, ACTS)
        meant = f"did you mean /{near}? " if near else ""
        raise WrongLineError(line, f"{meant}there are {', '.join(f'/{one}' for one in ACTS)}")
    if made.line(name) or (name in ("phase", "close") and made.line("phase", "close")):
        raise WrongLineError(line, "that was said already")
    try:
        made = act(made, rest.strip())
    except Refused as error:
        raise WrongLineError(line, str(error)) from None
    return replace(made, lines=(*made.lines, (name, line)))
