"""The rules of the rooms that import-linter cannot see."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from tests.unit.house.shape import Source

#: rooms that neither ask a clock nor chance nor a disk
PURE = ("mail", "ticket", "party", "consent", "notice", "report", "app", "render", "desk")
#: calls that make a room answer differently tomorrow, of whatever name `datetime` and `date` go by; import-linter forbids
#: `time`, `os`, `uuid` and `random` as a whole
IMPURE = {"now", "utcnow", "today", "monotonic", "sleep", "urandom", "uuid4"}
#: of `urllib` only what takes a URL apart
_FETCHES = re.compile(
    r"^[ \t]*(?:import|from)[ ]+urllib(?:\.(?!parse\b)|[ ]+import[ ]+(?!parse\b)).*", re.MULTILINE
)
#: render/'s loader and the tables of words are read from our own package
READERS = {
    "maild/render/loader.py", "maild/render/share.py", "maild/mail/word_files.py", "maild/mail/languages/table.py",
}  # fmt: skip
#: calls that read or write a file, by name or as a method
FILE_CALLS = frozenset(
    {"open", "read_text", "read_bytes", "write_text", "write_bytes", "fdopen", "listdir", "scandir", "iterdir",
     "unlink", "mkdir"}
)  # fmt: skip
#: functions of `re` that take a pattern first
PATTERNS = frozenset({"compile", "match", "fullmatch", "search", "sub", "findall", "finditer", "split"})
#: characters that are not seen, written as code points
_UNSEEN = re.compile(r"(?:\\u|0x)(?:00ad|200[b-f]|202[a-e]|206[0-f]|061c|180e|feff)\b")
#: what a step of a ticket is made with
STEPS = frozenset({"replace", "TicketChange", "OpenTicket"})


def breaches(files: Iterable[Source]) -> Iterator[str]:
    """All of them, each with its place."""
    for file in files:
        if file.name.startswith(("threading_rules/", *(f"maild/{room}/" for room in PURE))):
            yield from impure(file)
        if file.name.startswith("maild/"):
            yield from foreign_digits(file)
            yield from steps_elsewhere(file)
            yield from prepared_elsewhere(file)
            yield from listed_again(file)
            yield from moved_by_word(file)


def impure(file: Source) -> Iterator[str]:
    """A pure room asks no clock, no chance, no file and no network."""
    for node in _calls(file):
        if isinstance(node.func, ast.Attribute):
            owner = node.func.value
            name = getattr(owner, "id", None) or getattr(owner, "attr", "")
            if node.func.attr in IMPURE:
                yield f"{file.name}:{node.lineno} {name}.{node.func.attr}() stands in a pure room"
        if _reads_a_file(node.func) and file.name not in READERS:
            yield f"{file.name}:{node.lineno} opens a file in a pure room"
    for found in _FETCHES.findall(file.text):
        yield f"{file.name} fetches in a pure room: {found.strip()}"


def _reads_a_file(called: ast.expr) -> bool:
    if isinstance(called, ast.Name):
        return called.id == "open"
    return isinstance(called, ast.Attribute) and called.attr in FILE_CALLS


def foreign_digits(file: Source) -> Iterator[str]:
    """`\\d` matches Arabic and full-width digits: a tag would be read where a person sees none."""
    for node in _calls(file):
        if isinstance(node.func, ast.Attribute) and node.func.attr in PATTERNS and node.args:
            pattern = getattr(node.args[0], "value", None)
            if isinstance(pattern, str) and "\\d" in pattern:
                yield f"{file.name}:{node.lineno} \\d matches digits of all scripts: write [0-9]"


def steps_elsewhere(file: Source) -> Iterator[str]:
    """Phases are set by the mover alone and tickets opened by the opener: a step that is written elsewhere forgets
    a clock, a stamp or the hold sooner or later."""
    if file.name.endswith("/moving.py"):
        return
    for node in _calls(file):
        called = ast.unparse(node.func).rpartition(".")[2] if node.keywords else ""
        if called in STEPS and any(k.arg == "phase" for k in node.keywords):
            yield f"{file.name}:{node.lineno} sets a phase: maild/ticket/moving.py does that"


def prepared_elsewhere(file: Source) -> Iterator[str]:
    """Prepared statements stand in one file, beside what each saves."""
    if not file.name.startswith("maild/store/") or file.name.endswith(("/hot.py", "/statements.py")):
        return
    for node in _calls(file):
        if isinstance(node.func, ast.Name) and node.func.id in ("Prepared", "PreparedIn"):
            yield f"{file.name}:{node.lineno} prepares a statement: they stand in maild/store/hot.py"


def moved_by_word(file: Source) -> Iterator[str]:
    """What the store moves from one state to another it moves by an arrow of the tables (`phases.arrow`), and a ticket's
    phase only as a plan says it."""
    if not file.name.startswith("maild/store/") or "/migrations/" in file.name:
        return
    for node in _calls(file):
        if (
            isinstance(node.func, ast.Attribute)
            and node.func.attr == "values"
            and "update(" in ast.unparse(node)
        ):
            for given in node.keywords:
                of = given.value.value if isinstance(given.value, ast.Attribute) else given.value
                named = isinstance(of, ast.Name) and of.id.endswith(("State", "Phase"))
                if given.arg in ("state", "phase") and (named or isinstance(of, ast.Constant)):
                    yield f"{file.name}:{node.lineno} moves to a state by its word: maild/ticket/phases.py has its arrow"


def listed_again(file: Source) -> Iterator[str]:
    """Two lists of what is not seen differ sooner or later; one character alone, where a file format asks for it,
    is no list."""
    if "mail/text" not in file.name and len(found := set(_UNSEEN.findall(file.text.lower()))) > 1:
        yield f"{file.name} lists {', '.join(sorted(found))}: maild/mail/text/characters.py does"


def _calls(file: Source) -> Iterator[ast.Call]:
    return (node for node in file.nodes if isinstance(node, ast.Call))
