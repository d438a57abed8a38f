"""Arguments and options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from maild.commands import completing
from maild.desk.numbers import whole_number

#: rows of any list: more is all
_ALL_ROWS = 2**31 - 1


def ticket_number(text: str) -> int:
    """`15789` or `#15789`."""
    number = whole_number(text.strip().removeprefix("#"))
    if not number:
        raise typer.BadParameter(f"{text!r} is not a ticket number")
    return number


def row_id(text: str) -> int:
    """What the first column of a list shows."""
    number = whole_number(text.strip())
    if number is None:
        raise typer.BadParameter(f"{text!r} is not an ID; the list of them shows each one's")
    return number


def row_count(text: str | int) -> int:
    """How many rows a list shows at most: 1 or more. A number where it is an option's default."""
    digits = str(text).strip()
    if not digits.isascii() or not digits.isdigit() or not digits.strip("0"):
        raise typer.BadParameter(f"{text!r} is not a number of rows, 1 or more")
    return min(whole_number(digits) or _ALL_ROWS, _ALL_ROWS)


def one_or_all(one: int | None, every: bool) -> None:
    """Of an ID and --all exactly one has to be said."""
    if (one is None) != every:
        raise typer.BadParameter("an ID, or --all")


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
IdArg = Annotated[int, typer.Argument(parser=row_id, metavar="ID")]
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
KindOpt = Annotated[
    str | None,
    typer.Option(help="question, incident, change, permission, device ...", autocompletion=completing.kinds),
]
SeverityOpt = Annotated[
    str | None, typer.Option(help="user, system, infrastructure", autocompletion=completing.severities)
]
ViewArg = Annotated[
    str | None,
    typer.Argument(
        metavar="[VIEW]",
        help=r"A view of the configuration: \[views] VIEW = ...",
        autocompletion=completing.views,
    ),
]
CompanyOpt = Annotated[
    str | None, typer.Option("--company", metavar="KEY", autocompletion=completing.companies)
]
