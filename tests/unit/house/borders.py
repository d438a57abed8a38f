"""Where untyped dictionaries may stand: at borders, where JSON is read or written, and few there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from tests.unit.house.shape import Source

#: a type within quotes
_QUOTED = re.compile(r"^[\w\[\], |.]*\bJson\b[\w\[\], |.]*$")
#: uses of `Json` in the whole product
MOST = 56
#: the modules that may say it, and what they read or write there
BORDERS = {
    "maild/model/basics.py": "says what it is",
    # what scripts and other programs read
    "maild/commands/shapes.py": "the JSON of the command line",
    "maild/store/decisions.py": "a decision as its column and `why` have it",
    "maild/ticket/hook_events.py": "an entry as hooks tell it",
    "maild/work/health.py": "/healthz, and the lines between a parent and its daemons",
    "maild/demo/simulated.py": "reads the JSON of the command line",
    # files that people write
    "maild/party/company_toml.py": "tables of a file of companies",
    # columns of the database
    "maild/store/kept_act.py": "rows of any table as they stood, and the columns of an act",
    "maild/store/rows.py": "columns of mails and of the consent log, to be shown as they stand",
    "maild/store/inbound.py": "the column of the decision",
    "maild/store/consents.py": "what the log chains, by its hash",
    "maild/model/record_changes.py": "a row of the consent log to be",
    "maild/consent/evidence.py": "what that row says of an answer",
    # what a mail says, frozen as JSON when it was caused
    "maild/notice/content.py": "freezes and thaws it",
    "maild/model/outgoing.py": "carries it to the outbox",
    "maild/store/outbound.py": "writes and reads its column",
    "maild/store/alerts.py": "that of alerts that are gathered",
    "maild/work/compose.py": "puts the token into it, which the column never holds",
    "maild/render/notice.py": "thaws it to be rendered",
}


def uses(tree: ast.Module) -> Iterator[int]:
    """The lines that say `Json`, whether as a name or within a quoted type; imports do not count."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id="Json") | ast.Attribute(attr="Json"):
                yield node.lineno
            case ast.Constant(value=str(text)) if _QUOTED.search(text):
                yield node.lineno


def breaches(files: Iterable[Source], most: int = MOST) -> list[str]:
    """Uses at places that are no border; too many; borders where nothing of it is left."""
    found, counted, places = [], 0, set()
    for file in files:
        if file.name.startswith("bench") or "Json" not in file.text:
            continue
        lines = sorted(uses(file.tree))
        if not lines:
            continue
        counted += len(lines)
        places.add(file.name)
        if file.name not in BORDERS:
            where = ", ".join(map(str, lines))
            found.append(f"{file.name}:{where} says Json inside of the house: make it a frozen dataclass")
    if counted > most:
        found.append(f"Json stands {counted} times, and {most} are enough: type what is new")
    gone = sorted(set(BORDERS) - places)
    return found + [f"{name} says Json no more: take it off the list of borders" for name in gone]
