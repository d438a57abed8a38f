"""The verbs that an agent asks fifty times a day, without typer: who looks at the queue or at a ticket does not wait for
a command line to be built, and a SQLite file is read without SQLAlchemy.

Whatever is not plainly understood here (a misspelt option, --help, another verb) is left to typer, which says what is
wrong; what both understand, they do alike (tests/unit/commands/test_quick.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field

from maild.commands.session import Session
from maild.desk.numbers import whole_number
from maild.errors import Refused
from maild.values import dataclass


@dataclass(frozen=True, slots=True)
class QuickVerb:
    """A verb's words. `flags` and `valued`: its options without and with a value, besides --as and --json; `short`:
    their letters; `most`: words that are no options."""

    run: Callable[[Session, Asked], bool]
    flags: frozenset[str] = frozenset()
    valued: frozenset[str] = frozenset()
    short: Mapping[str, str] = field(default_factory=dict)
    most: int = 1
    acts: bool = True  # whether it knows --as


@dataclass(slots=True)
class Asked:
    """What was typed, sorted. `options`: as they came, each with its value; `values`: the last of each."""

    config: str | None = None
    agent: str | None = None  # before the verb
    agent_of_verb: str | None = None
    as_json: bool = False
    words: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)

    def session(self) -> Session:
        return Session(self.config, self.agent, words=False)


def answered(words: Sequence[str]) -> bool:
    """Whether this was plainly one of these verbs, and is done."""
    found = read(words)
    if found is None:
        return False
    verb, asked = found
    return verb.run(asked.session(), asked)


def read(words: Sequence[str]) -> tuple[QuickVerb, Asked] | None:
    """The words, where they are plain."""
    asked, rest = Asked(), list(words)
    while rest and rest[0].partition("=")[0] in ("--as", "--config"):
        name, given, value = rest.pop(0).partition("=")
        if not given:
            if not rest:
                return None
            value = rest.pop(0)
        if name == "--config":
            asked.config = value
        else:
            asked.agent = value
    verb = _verb(rest)
    return (verb, asked) if verb is not None and _options(verb, asked, rest) else None


def _verb(rest: list[str]) -> QuickVerb | None:
    """The verb, taken off the words."""
    for size in (1, 2):
        if verb := VERBS.get(" ".join(rest[:size])):
            del rest[:size]
            return verb
    return None


def _options(verb: QuickVerb, asked: Asked, rest: list[str]) -> bool:
    """Sort what follows the verb; whether all of it is understood."""
    while rest:
        word = rest.pop(0)
        if not word.startswith("-"):
            if not word or len(asked.words) == verb.most:
                return False
            asked.words.append(word)
            continue
        name, given, value = word.partition("=")
        name = verb.short.get(name, name) if not given else name
        if name == "--json" and not given:
            asked.as_json = True
        elif name in verb.flags and not given:
            asked.options.append(name)
        elif name in verb.valued or (name == "--as" and verb.acts):
            if not given:
                if not rest:
                    return False
                value = rest.pop(0)
            if name == "--as":
                asked.agent_of_verb = value
            else:
                asked.options += [name, value]
                asked.values[name] = value
        else:
            return False
    return True


def _number(text: str, most: int) -> int | None:
    """A plain number from 1 to `most`; anything else is left to typer."""
    number = whole_number(text.strip())
    return number if number and number <= most else None


#: more rows than anybody has; typer knows what to make of more
_ALL_ROWS, _ALL_NUMBERS = 1_000_000, 2**53


def _limit(asked: Asked) -> tuple[bool, int | None]:
    """Whether --limit is understood, and its value."""
    given = asked.values.get("--limit")
    number = _number(given, _ALL_ROWS) if given is not None else None
    return given is None or number is not None, number


def _list(here: Session, asked: Asked) -> bool:
    from maild.desk import filters

    try:
        wanted = filters.of_words(asked.options)
    except Refused:
        return False
    from maild.commands import listing

    view = asked.words[0] if asked.words else None
    listing.run(here, view, wanted, as_json=asked.as_json, agent=asked.agent_of_verb)
    return True


def _next(here: Session, asked: Asked) -> bool:
    from maild.commands import showing

    showing.run_next(here, as_json=asked.as_json, agent=asked.agent_of_verb)
    return True


def _show(here: Session, asked: Asked) -> bool:
    number = _number(asked.words[0].removeprefix("#"), _ALL_NUMBERS) if asked.words else None
    if number is None:
        return False
    from maild.commands import showing

    full = "--full" in asked.options
    showing.run_show(here, number, full=full, as_json=asked.as_json, agent=asked.agent_of_verb)
    return True


def _search(here: Session, asked: Asked) -> bool:
    understood, limit = _limit(asked)
    if not asked.words or not understood:
        return False
    from maild.commands import showing

    showing.run_search(here, asked.words, limit=limit or 50, as_json=asked.as_json, agent=asked.agent_of_verb)
    return True


def _mail_list(here: Session, asked: Asked) -> bool:
    understood, limit = _limit(asked)
    given = asked.values.get("--ticket")
    ticket = _number(given.strip().removeprefix("#"), _ALL_NUMBERS) if given is not None else None
    if not understood or (given is not None and ticket is None):
        return False
    from maild.commands import showing

    showing.run_mail_list(
        here, state=asked.values.get("--state"), kind=asked.values.get("--kind"), ticket=ticket, limit=limit,
        as_json=asked.as_json,
    )  # fmt: skip
    return True


#: of `list`: its options are those of `Filter` (desk/filters), which a test holds equal
_LIST_FLAGS = frozenset(("--all", "--mine", "--unassigned", "--late", "--waiting", "--unread"))
_LIST_VALUED = frozenset(
    (
        "--company",
        "--phase",
        "--team",
        "--owner",
        "--kind",
        "--severity",
        "--changed-since",
        "--sort",
        "--limit",
    )
)
VERBS = {
    "list": QuickVerb(
        _list, _LIST_FLAGS, _LIST_VALUED,
        {"-a": "--all", "-m": "--mine", "-u": "--unassigned", "-l": "--late", "-w": "--waiting"},
    ),
    "next": QuickVerb(_next, most=0),
    "show": QuickVerb(_show, frozenset(("--full",))),
    "search": QuickVerb(_search, valued=frozenset(("--limit",)), most=1000),
    "mail list": QuickVerb(
        _mail_list, valued=frozenset(("--state", "--kind", "--ticket", "--limit")), most=0, acts=False
    ),
}  # fmt: skip
