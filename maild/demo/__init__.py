"""Desks to look at and to test with: one that a real daemon serves beside us, one on a clock that is moved by hand,
and what `maild demo` shows on them."""

from importlib import resources
from pathlib import Path

from maild.errors import Refused


def desk_file(name: str) -> str:
    """A configuration or a file of companies, of those in `desks/`."""
    return resources.files("maild.demo").joinpath("desks", name).read_text("utf-8")


def new_folder(keep: Path) -> None:
    """The folder of `--keep`. Refused where it exists."""
    try:
        keep.mkdir(parents=True)
    except FileExistsError:
        raise Refused(f"{keep} exists; --keep names a new folder") from None
