"""Arguments and options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from maild.commands import completing


def ticket_number(text: str) -> int:
    """`15789` or `#15789`."""
    digits = text.strip().removeprefix("#")
    if not digits.isascii() or not digits.isdigit() or not 0 < int(digits[:19]) < 2**63:
        raise typer.BadParameter(f"{text!r} is not a ticket number")
    return int(digits)


NumberArg = Annotated[
    int,
    typer.Argument(
        parser=ticket_number, metavar="N", help="The ticket's number.", autocompletion=completing.numbers
    ),
]
NumbersArg = Annotated[
    list[int],
    typer.Argument(
        parser=ticket_number, metavar="N...", help="One ticket or several.", autocompletion=completing.numbers
    ),
]
JsonOpt = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AsOpt = Annotated[
    str | None,
    typer.Option("--as", metavar="NAME", help="The agent who acts.", autocompletion=completing.agents),
]
MessageOpt = Annotated[
    str | None, typer.Option("--message", "-m", metavar="TEXT", help='The words; "-" reads standard input.')
]
FileOpt = Annotated[Path | None, typer.Option("--file", "-F", help="A UTF-8 text file with the words.")]
NoMailOpt = Annotated[bool, typer.Option("--no-mail", help="The customer gets no mail of it.")]
DryRunOpt = Annotated[bool, typer.Option("--dry-run", "-n", help="Show what would be done; do nothing.")]
CompanyOpt = Annotated[
    str | None, typer.Option("--company", metavar="KEY", autocompletion=completing.companies)
]
