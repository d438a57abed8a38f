"""Where untyped dictionaries may stand: at borders, where JSON is read or written, and few there.

What JSON or TOML can say (`JsonValue`, `TomlValue`) is typed: mypy refuses a moment in it, and whoever looks into it
without asking what it is.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from tests.unit.house.shape import Source

#: a type within quotes
_QUOTED = re.compile(r"^[\w\[\], |.]*\bJson\b[\w\[\], |.]*$")
#: uses of `Json` in the whole product
MOST = 24
#: other dictionaries of anything, `dict[str, Any]` and the like, in the whole product
MOST_OTHERS = 34
#: how those are written
_MAPPINGS, _ANYTHING = {"dict", "Mapping", "MutableMapping"}, {"Any", "object"}
#: the modules that may say `Json`, and what they read or write there
BORDERS = {
    "maild/model/basics.py": "says what it is",
    # what scripts and other programs read
    "maild/work/health.py": "/healthz, and the lines between a parent and its daemons",
    "maild/demo/verbs.py": "reads the JSON of the command line",
    # files that people write
    "maild/party/company_toml.py": "fields of a company, as a file gave them",
    # columns of the database
    "maild/store/act_snapshot.py": "rows of any table as they stood, and the columns of an act",
    "maild/store/rows.py": "columns of mails and of the consent log, to be shown as they stand",
    # what a mail says, frozen as JSON when it was caused
    "maild/notice/content.py": "freezes and thaws it",
    "maild/model/outgoing.py": "carries it to the outbox",
    "maild/store/outbound.py": "writes its column",
    "maild/store/outbound_work.py": "reads that column",
    "maild/store/models.py": "says what its column is",
    "maild/store/alerts.py": "that of alerts that are gathered",
    "maild/demo/simulated.py": "shows it beside the mail",
    "maild/work/compose.py": "puts the token into it, which the column never holds",
    "maild/render/notice.py": "thaws it to be rendered",
}

#: the modules that may say `dict[str, Any]`, and what stands on the other side
OTHERS = {
    "maild/model/basics.py": "says what Json is",
    # files that people write: what tomllib reads
    **dict.fromkeys(("maild/config.py", "maild/configtable.py"), "config.toml"),
    "maild/mail/word_files.py": "a table of words that maild ships",
    "maild/render/loader.py": "what Jinja gives every template",
    "maild/web/look.py": "what a page is made of",
    "maild/receive/oauth.py": "a key file of Google's",
    # what scripts and other programs read
    **dict.fromkeys(
        ("maild/commands/companies.py", "maild/commands/contracts.py"), "fields of a company, as options gave them"
    ),
    **dict.fromkeys(("maild/commands/explain.py", "maild/commands/act_lines.py"), "a decision as an older maild wrote it"),
    "maild/desk/filters.py": "the options of a view, as a person wrote them",
    "maild/work/logs.py": "a line of the log as JSON",
    # columns of the database, by their names
    "maild/ticket/codec.py": "a frozen dataclass as JSON, and back",
    **dict.fromkeys(
        ("maild/ticket/state.py", "maild/ticket/entries.py", "maild/ticket/terms.py"),
        "what the codec reads and writes, and keeps of a newer maild",
    ),
    "maild/notice/content.py": "thaws what a mail says",
    # libraries
    "maild/store/statements.py": "values that SQLAlchemy binds to a statement",
    **dict.fromkeys(
        ("maild/render/page.py", "maild/render/notice.py", "maild/web/view.py"), "what a template of Jinja reads"
    ),
}  # fmt: skip


def uses(tree: ast.Module) -> Iterator[int]:
    """The lines that say `Json`, whether as a name or within a quoted type; imports do not count."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id="Json") | ast.Attribute(attr="Json"):
                yield node.lineno
            case ast.Constant(value=str(text)) if _QUOTED.search(text):
                yield node.lineno


def others(tree: ast.Module) -> Iterator[int]:
    """The lines that say `dict[str, Any]`, `Mapping[str, object]` or the like."""
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(
                value=ast.Name(id=kind), slice=ast.Tuple(elts=[ast.Name(id="str"), value])
            ) if kind in _MAPPINGS and (getattr(value, "id", "") or getattr(value, "attr", "")) in _ANYTHING:
                yield node.lineno


def breaches(files: Iterable[Source]) -> list[str]:
    """Uses at places that are no border; too many; borders where nothing of it is left."""
    files = list(files)
    return [
        *beyond("Json", files, uses, MOST, BORDERS),
        *beyond("dict[str, Any]", files, others, MOST_OTHERS, OTHERS),
    ]


def beyond(
    what: str,
    files: Iterable[Source],
    lines_of: Callable[[ast.Module], Iterator[int]],
    most: int,
    borders: Mapping[str, str],
) -> list[str]:
    """What one kind of them does beyond its borders."""
    found, counted, places = [], 0, set()
    for file in files:
        if file.name.startswith("bench") or ("Json" not in file.text and "[str, " not in file.text):
            continue
        lines = sorted(lines_of(file.tree))
        if not lines:
            continue
        counted += len(lines)
        places.add(file.name)
        if file.name not in borders:
            where = ", ".join(map(str, lines))
            found.append(f"{file.name}:{where} says {what} inside of the house: make it a frozen dataclass")
    if counted > most:
        found.append(f"{what} stands {counted} times, and {most} are enough: type what is new")
    gone = sorted(set(borders) - places)
    return found + [f"{name} says {what} no more: take it off the list of borders" for name in gone]
