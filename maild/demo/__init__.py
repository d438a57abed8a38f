"""Desks to look at and to test with: one that a real daemon serves beside us, one on a clock that is moved by hand,
and what `maild demo` shows on them."""

from importlib import resources


def desk_file(name: str) -> str:
    """A configuration or a file of companies, of those in `desks/`."""
    return resources.files("maild.demo").joinpath("desks", name).read_text("utf-8")
