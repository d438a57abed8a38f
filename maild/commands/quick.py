"""`list` without typer: who asks for the queue fifty times a day does not wait for a command line to be built.

Whatever is not plainly understood here (a misspelt option, --help, another verb) is left to typer, which says what is
wrong; what both understand, they do alike (tests/unit/commands/test_quick.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from maild.errors import Refused

_SHORT = {"-a": "--all", "-m": "--mine", "-u": "--unassigned", "-l": "--late", "-w": "--waiting"}


@dataclass(slots=True)
class Asked:
    """The words of `maild list`, sorted. `options`: those of `Filter`."""

    config: str | None = None
    agent: str | None = None  # before the verb
    agent_of_verb: str | None = None
    as_json: bool = False
    view: str | None = None
    options: list[str] = field(default_factory=list)


def answered(words: Sequence[str]) -> bool:
    """Whether this was a plain `maild list`, and is done."""
    asked = read(words)
    if asked is None:
        return False
    from maild.desk import filters

    try:
        wanted = filters.of_words(asked.options)
    except Refused:
        return False
    from maild.commands import listing
    from maild.commands.session import Session

    here = Session(asked.config, asked.agent, words=False)
    listing.run(here, asked.view, wanted, as_json=asked.as_json, agent=asked.agent_of_verb)
    return True


def read(words: Sequence[str]) -> Asked | None:
    """The words, where they are a plain `maild list`."""
    asked, rest = Asked(), list(words)
    verb = False
    while rest:
        word = rest.pop(0)
        name, given, value = word.partition("=")
        if name in ("--as", "--config") and not (verb and name == "--config"):
            if not given:
                if not rest:
                    return None
                value = rest.pop(0)
            if name == "--config":
                asked.config = value
            elif verb:
                asked.agent_of_verb = value
            else:
                asked.agent = value
        elif not verb:
            if word != "list":
                return None
            verb = True
        elif word == "--json":
            asked.as_json = True
        elif word.startswith("-"):
            word = _SHORT.get(word, word)
            if not word.startswith("--") or word == "--":
                return None
            asked.options.append(word)
            if not given and _takes_a_value(word):
                if not rest:
                    return None
                asked.options.append(rest.pop(0))
        elif asked.view is None and word:
            asked.view = word
        else:
            return None
    return asked if verb else None


def _takes_a_value(option: str) -> bool:
    from maild.desk import filters

    return filters.takes_a_value(option)
