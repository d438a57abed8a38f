"""The verbs of a desk, run in this process: the start of Python costs more than most of them."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from maild.errors import MaildError, Refused
from maild.model import Json
from maild.values import dataclass


@dataclass(frozen=True, slots=True)
class Ran:
    """How a verb ended: its exit code, what it printed, and what it was refused by."""

    code: int
    out: str
    err: str
    refusal: MaildError | None = None


class DeskVerbs:
    """A desk's command line. `config`: its config.toml."""

    config: Path

    def environment(self) -> dict[str, str]:
        """What its verbs find: ours, but for settings."""
        return {name: value for name, value in os.environ.items() if not name.startswith("MAILD_")}

    def begin(self, config: str, companies: str) -> None:
        """Write its configuration, and make the database with these companies (TOML) unless it is there."""
        self.config.write_text(config, encoding="utf-8")
        if not (self.config.parent / "var").exists():
            self.maild("init")
            if companies.strip():
                self.with_companies(companies)

    def with_companies(self, text: str) -> None:
        """Import these (TOML), too; their file stays in its folder."""
        file = self.config.parent / "companies.toml"
        file.write_text(text, encoding="utf-8")
        self.maild("company", "import", str(file))

    def ran(self, *words: str, terminal: bool = False) -> Ran:
        """`maild WORDS`, with nothing on its input. `terminal`: somebody looks at it, 100 columns wide."""
        out, err = (_Terminal if terminal else _Stream)(), _Stream()
        code, refusal = 0, None
        with _within(self.environment() | (_LOOK if terminal else {}), _Stream(), out, err):
            try:
                command()(["--config", str(self.config), *words], prog_name="maild")
            except MaildError as error:
                code, refusal = 1, error
            except SystemExit as end:
                code = int(end.code or 0)
        return Ran(code, out.text(), f"maild: {refusal}" if refusal else err.text(), refusal)

    def maild(self, *words: str) -> str:
        """What the verb printed. Raises what it is refused by, and `Refused` where the words are no command."""
        ran = self.ran(*words)
        if ran.refusal is not None:
            raise ran.refusal
        if ran.code == _WRONG_USAGE:
            raise Refused(ran.err)
        return ran.out

    def rows(self, *words: str) -> list[Json]:
        """The rows of a verb's `--json`."""
        return [json.loads(line) for line in self.maild(*words, "--json").splitlines()]

    def show(self, number: int) -> Json:
        """`show N --json`."""
        return self.rows("show", str(number))[0]


_WRONG_USAGE = 2
#: how a terminal looks that somebody sits at: no colours, and no pager
_LOOK = {"COLUMNS": "100", "NO_COLOR": "1", "MAILD_PAGER": "cat"}


@contextmanager
def _within(environment: Mapping[str, str], *streams: io.TextIOWrapper) -> Iterator[None]:
    """This process's environment, input, output and errors are these for a while."""
    kept, before = (sys.stdin, sys.stdout, sys.stderr), dict(os.environ)
    try:
        sys.stdin, sys.stdout, sys.stderr = streams
        _set(environment)
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = kept
        _set(before)


def _set(environment: Mapping[str, str]) -> None:
    """What stays is there all the time: others of this process may look."""
    for name in os.environ.keys() - environment.keys():
        del os.environ[name]
    os.environ.update(environment)


@cache
def command() -> Any:
    """`maild` with all its verbs, put together once: that costs more than most verbs."""
    import typer

    from maild.commands.app import app, load

    load()
    return typer.main.get_command(app)


class _Stream(io.TextIOWrapper):
    """Text and, by its `buffer`, bytes in memory."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", write_through=True)

    def text(self) -> str:
        """What was written."""
        self.flush()
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue().decode(errors="replace")


class _Terminal(_Stream):
    """Taken for a terminal of 100 columns by what prints tables to people."""

    def isatty(self) -> bool:
        """As if."""
        return True
