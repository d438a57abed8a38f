"""An act on each ticket that a command line names, and what the terminal says of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import typer

from maild.commands.session import session
from maild.errors import Refused
from maild.ticket.queue_json import row_json

if TYPE_CHECKING:
    from maild.commands.acting import Done, Manner, Planner, PreviewedMail
    from maild.desk.spans import Line


def perform(
    ctx: typer.Context,
    numbers: Sequence[int],
    manner: Manner,
    as_json: bool,
    planner: Planner,
    text: Callable[[Done], str],
) -> None:
    """The act on each ticket, and one line each; exit code 1 when one of them refused."""
    from maild.commands import acting, output

    def tell(done: Done) -> None:
        if as_json:
            output.emit(row_json(done.ticket))
        elif done.dry_run:
            show_dry_run(done)
        else:
            output.say(output.safe_line(text(done)))
        for line in done.told:
            output.warn(f"maild: {output.safe_line(line)}")

    def refuse(error: Refused) -> None:
        output.warn(f"maild: {output.safe_line(str(error))}")

    if not acting.each(session(ctx), numbers, planner, manner, tell, refuse):
        raise typer.Exit(1)


def show_dry_run(done: Done) -> None:
    """What an act would do: the entries, the ticket then, and each mail in full."""
    from maild.commands import output
    from maild.desk.spans import Span, Style, line
    from maild.desk.terminal import safe_line
    from maild.ticket.phase_names import short

    room = output.room()
    t = done.ticket
    made = [
        line(Span(f"nothing was done; this would be done on #{t.number}:", Style.BOLD)),
        line(f"  {short(t.phase)}, {t.kind}, team {t.team}, owner {t.owner or 'nobody'}"),
    ]
    for entry in done.entries:
        first = (entry.text.splitlines() or [""])[0]
        made.append(line(safe_line(f"  {entry.type}: {first}" if first else f"  {entry.type}")[:room]))
    output.write([*made, *show_letters(done.letters)])


def show_letters(letters: Sequence[PreviewedMail]) -> list[Line]:
    """The mails that would go, in full."""
    from maild.commands import output
    from maild.desk.spans import Span, Style, line
    from maild.desk.terminal import safe_line, safe_text, wrapped

    room, made = output.room(), []
    for letter in letters:
        to = ", ".join(box.address for box in letter.to)
        cc = ", ".join(box.address for box in letter.cc)
        made += [
            line(),
            line(Span(safe_line(f"{letter.notice} to {to}" + (f", cc {cc}" if cc else "")), Style.OURS)),
        ]
        made += [line(Span(safe_line(f"Subject: {letter.subject}"), Style.BOLD)), line()]
        made += [line(text) for text in wrapped(safe_text(letter.text.rstrip()), room)]
    if not letters:
        made.append(line("  no mail would go"))
    return made


def phase_of(done: Done) -> str:
    """`progress`"""
    from maild.ticket.phase_names import short

    return short(done.ticket.phase)


def stands(done: Done) -> str:
    """`#1001 is in progress`"""
    from maild.ticket.phase_names import said

    return f"#{done.ticket.number} is {said(done.ticket.phase)}"
