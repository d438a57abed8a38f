"""The command line beside a desk, with the exit code that a test expects."""

from __future__ import annotations

import json
import os
from typing import Any

from maild.demo.verbs import DeskVerbs


class CheckedVerbs(DeskVerbs):
    """A desk whose verbs see the test's own environment."""

    def environment(self) -> dict[str, str]:
        return dict(os.environ)

    def maild(self, *words: str, code: int = 0) -> str:
        """A verb of the command line: what it printed, or the error's line where `code` is 1."""
        ran = self.ran(*words)
        assert ran.code == code, ran
        return str(ran.refusal) if ran.refusal else ran.out + ran.err

    def json(self, *words: str) -> Any:
        """The same with --json: a document, or a list of those printed one a line."""
        said = self.maild(*words, "--json")
        try:
            return json.loads(said)
        except ValueError:
            return [json.loads(line) for line in said.splitlines()]
