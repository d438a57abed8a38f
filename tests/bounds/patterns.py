"""Every regular expression of the rooms that see a stranger's bytes, found by itself, and texts that make one work hard."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import re._constants as c  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[2]
#: what a stranger wrote comes here
ROOMS = ("maild.mail", "maild.party", "maild.ticket", "maild.consent", "maild.notice", "maild.app", "maild.render",
         "maild.receive", "maild.send", "maild.work", "maild.store", "threading_rules")  # fmt: skip
#: these read only what the operator or we ourselves wrote
OURS = frozenset((
    "maild.store.generate", "maild.store.migrations", "maild.render.loader", "maild.render.preview",
    "maild.render.samples", "maild.receive.oauth", "maild.work.logs", "maild.work.runfile", "maild.party.toml_lines",
    "maild.party.company_", "maild.party.persons",
))  # fmt: skip
#: functions that make a pattern of what the configuration says, and an example of it
ARGUMENTS = {
    "maild.mail.guard.own_list._post": ("help@desk.example",),
    "maild.mail.text.subjects.tag_pattern": ("[#{number}]",),
}


def modules() -> Iterator[ModuleType]:
    """All modules of the rooms."""
    for room in ROOMS:
        package = importlib.import_module(room)
        yield package
        for found in pkgutil.walk_packages(package.__path__, f"{room}."):
            if not found.name.startswith(tuple(OURS)):
                yield importlib.import_module(found.name)


@dataclass(frozen=True)
class Found:
    """A compiled pattern and where it stands."""

    where: str
    pattern: re.Pattern[Any]
    used: frozenset[str] = frozenset()  # methods that are called on it; all where it is handed on


def patterns() -> list[Found]:
    """Every pattern that a module or a class of it holds, wherever it stands inside of its values."""
    found: dict[int, Found] = {}
    used = _uses()
    for module in modules():
        for name, value in vars(module).items():
            if isinstance(value, type) and value.__module__ == module.__name__:
                held = [(f"{name}.{key}", inner) for key, inner in vars(value).items()]
            else:
                held = [(name, value)]
            if (
                inspect.isroutine(inspect.unwrap(value))
                and value.__module__ == module.__name__
                and _makes(value)
            ):
                made = value(*ARGUMENTS.get(f"{module.__name__}.{name}", ()))
                found.setdefault(id(made), Found(f"{module.__name__}.{name}", made, METHODS))
            for path, inner in held:
                for pattern in _inside(inner):
                    how = used.get(name, METHODS) if pattern is inner else METHODS
                    found.setdefault(id(pattern), Found(f"{module.__name__}.{path}", pattern, how))
    return list(found.values())


def _makes(function: Any) -> bool:
    """Whether it is said to give a pattern."""
    return str(inspect.unwrap(function).__annotations__.get("return", "")).startswith("re.Pattern")


METHODS = frozenset(("match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"))


def _uses() -> dict[str, frozenset[str]]:
    """Of each name, which methods of a pattern are called on it anywhere; all of them where it is handed on."""
    found: dict[str, set[str]] = {}
    for module in modules():
        tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
        called = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in METHODS:
                called.add(node.value)
                found.setdefault(node.value.id, set()).add(node.attr)
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node not in called:
                found.setdefault(node.id, set()).update(METHODS)
    return {name: frozenset(methods) for name, methods in found.items()}


def _inside(value: object, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict) and depth < 4:
        for one in (*value.keys(), *value.values()):
            yield from _inside(one, depth + 1)
    elif isinstance(value, (list, tuple, set, frozenset)) and depth < 4:
        for one in value:
            yield from _inside(one, depth + 1)
    elif hasattr(value, "__dataclass_fields__") and not isinstance(value, type) and depth < 4:
        for name in value.__dataclass_fields__:
            yield from _inside(getattr(value, name, None), depth + 1)


def hidden() -> list[str]:
    """Places that use a pattern without a name: `re.sub(...)` and `re.compile(...)` inside of functions, but for those
    that are said to give a pattern."""
    found = []
    for module in modules():
        path = Path(str(module.__file__))
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                continue
            if "re.Pattern" in ast.unparse(getattr(node, "returns", None) or ast.Constant("")):
                continue
            for call in ast.walk(node):
                if (
                    isinstance(call, ast.Call)
                    and isinstance(call.func, ast.Attribute)
                    and isinstance(call.func.value, ast.Name)
                    and call.func.value.id == "re"
                    and call.func.attr in METHODS | {"compile"}
                ):
                    found.append(f"{module.__name__}:{call.lineno}")
    return sorted(set(found))


# ------------------------------------------------------------------------------------------ texts that work


#: of a pattern of hundreds of words, so many are pumped
MOST_PUMPS = 300


def texts(pattern: re.Pattern[Any], size: int) -> Iterator[Any]:
    """Texts of `size` characters that fit the pattern almost, again and again: what a repetition takes, pumped; what
    stands before it, pumped with it; ends that make it fail."""
    whole = pattern.pattern
    is_bytes = isinstance(whole, bytes)
    tree = parser.parse(whole.decode("latin-1") if is_bytes else whole, pattern.flags & ~re.UNICODE)
    pumps = dict.fromkeys(p for p in islice(_pumps(tree), MOST_PUMPS) if p)
    made: dict[str, None] = {}
    for pump in islice(pumps, 60):
        body = (pump * (size // len(pump) + 1))[:size]
        for end in ("", "\0", "\n", "!", "x"):
            made[body + end] = None
    heads = dict.fromkeys(h for h in islice(_heads(tree), MOST_PUMPS) if h)
    for head, pump in islice(((h, p) for h in islice(heads, 8) for p in islice(pumps, 12)), 60):
        made[head + (pump * (size // len(pump) + 1))[:size] + "\0"] = None
        half = head + pump * 20
        made[(half * (size // len(half) + 1))[:size] + "\0"] = None
    for text in made:
        yield text.encode("latin-1", "replace") if is_bytes else text


def _pumps(tree: Any) -> Iterator[str]:
    """What each repetition of the tree takes, each literal, and neighbours of both."""
    items = list(tree)
    for at, (op, value) in enumerate(items):
        if op in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
            _, most, inner = value
            for sample in _samples(inner):
                if most > 1:
                    yield sample
                before = "".join(_sample_one(item) for item in items[max(0, at - 2) : at])
                after = "".join(_sample_one(item) for item in items[at + 1 : at + 2])
                yield before + sample
                yield before + sample * 3
                yield sample + after
                yield before + sample + after
            yield from _pumps(inner)
        elif op is c.SUBPATTERN:
            yield from _pumps(value[3])
        elif op is c.ATOMIC_GROUP:
            yield from _pumps(value)
        elif op is c.BRANCH:
            for branch in value[1]:
                yield from _pumps(branch)
                yield "".join(_sample_one(item) for item in branch)
        elif op in (c.ASSERT, c.ASSERT_NOT):
            yield from _pumps(value[1])
        elif op is c.IN:
            yield from _of_set(value)
        else:
            yield _sample_one((op, value))


def _heads(tree: Any) -> Iterator[str]:
    """What may stand before each repetition at the top, and in groups."""
    head = ""
    for op, value in tree:
        if op in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
            yield head
        elif op is c.SUBPATTERN:
            for inner in _heads(value[3]):
                yield head + inner
        elif op is c.BRANCH:
            for branch in value[1]:
                for inner in _heads(branch):
                    yield head + inner
        head += _sample_one((op, value))
    yield head


def _samples(tree: Any) -> Iterator[str]:
    """Some texts that fit the tree."""
    yield "".join(_sample_one(item) for item in tree)
    for op, value in tree:
        if op is c.IN:
            yield from _of_set(value)
        elif op is c.BRANCH:
            for branch in value[1]:
                yield "".join(_sample_one(item) for item in branch)


def _sample_one(item: tuple[Any, Any]) -> str:
    op, value = item
    if op is c.LITERAL:
        return chr(value)
    if op is c.NOT_LITERAL:
        return "a" if chr(value) != "a" else "b"
    if op is c.ANY:
        return "a"
    if op is c.IN:
        found: str = next(_of_set(value), "a")
        return found
    if op in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
        least, _, inner = value
        return "".join(_sample_one(one) for one in inner) * int(max(least, 1))
    if op is c.SUBPATTERN:
        return "".join(_sample_one(one) for one in value[3])
    if op is c.ATOMIC_GROUP:
        return "".join(_sample_one(one) for one in value)
    if op is c.BRANCH:
        return "".join(_sample_one(one) for one in value[1][0])
    return ""


_OF_CATEGORY: dict[Any, str] = {
    c.CATEGORY_DIGIT: "0", c.CATEGORY_NOT_DIGIT: "a", c.CATEGORY_SPACE: " ", c.CATEGORY_NOT_SPACE: "a",
    c.CATEGORY_WORD: "a", c.CATEGORY_NOT_WORD: " ",
}  # fmt: skip


def _of_set(items: Any) -> Iterator[str]:
    """Members of a character class; of one that excludes, what it does not."""
    if items and items[0][0] is c.NEGATE:
        excluded = re.compile("[" + "".join(_class_of(i) for i in items[1:]) + "]")
        yield from islice((ch for ch in "a \t\n.0-<(\"'=:;,\u00e9\u2018" if not excluded.match(ch)), 5)
        return
    for op, value in items:
        if op is c.LITERAL:
            yield chr(value)
        elif op is c.RANGE:
            yield chr(value[0])
            yield chr(value[1])
        elif op is c.CATEGORY:
            yield _OF_CATEGORY[value]


def _class_of(item: Any) -> str:
    op, value = item
    if op is c.LITERAL:
        return re.escape(chr(value))
    if op is c.RANGE:
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    names = {c.CATEGORY_DIGIT: r"\d", c.CATEGORY_NOT_DIGIT: r"\D", c.CATEGORY_SPACE: r"\s",
             c.CATEGORY_NOT_SPACE: r"\S", c.CATEGORY_WORD: r"\w", c.CATEGORY_NOT_WORD: r"\W"}  # fmt: skip
    return str(names[value])
