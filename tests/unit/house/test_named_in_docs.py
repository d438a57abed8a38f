"""What docs/flow.md, docs/architecture.md and CONTRIBUTING.md name is there: whoever follows a mail by names, or adds a
thing as it is told, finds each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest

from tests.unit.house.shape import ROOT, sources

#: words that begin a definition, or a name that is given a value
_DEFINED = re.compile(
    r"^\s*(?:async def|def|class)\s+(\w+)|^\s*(?:self\.)?(\w+)(?:: [^=\n]+)? = |^\s*(\w+): ", re.M
)
#: an identifier that is more than a word: `Intake.accept`, `_read_here`, `tx.facts`, `accept(envelope, raw)`
_NAME = re.compile(r"(?=.*[A-Z_.(])[A-Za-z_][\w.]*(?:\(.*\))?")
_CODE = re.compile(r"`([^`\n]+)`")
DOCUMENTS = ("docs/flow.md", "docs/architecture.md", "CONTRIBUTING.md")
#: written as code, and no names of ours: commands of SMTP and IMAP, tokens of SQL, and the like
OTHERS = frozenset({"BODY.PEEK[]", "config.toml", "web.toml", "pyproject.toml", "docs/flow.md"})


@cache
def _defined() -> frozenset[str]:
    everything = "\n".join(source.text for source in sources(("maild", "threading_rules", "tests")))
    return frozenset(name for found in _DEFINED.findall(everything) for name in found if name)


@cache
def _paths() -> frozenset[str]:
    every = [
        ROOT / "cli.py",
        *(
            p
            for top in ("maild", "threading_rules", "templates", "docs", "tests", "bench")
            for p in (ROOT / top).rglob("*")
        ),
    ]
    return frozenset(f"/{path.relative_to(ROOT)}" for path in every)


def missing(text: str) -> Iterator[str]:
    """What the text names as code that is not there."""
    for word in _CODE.findall(text):
        if word in OTHERS or "<" in word:
            continue
        if word.endswith((".py", "/")):
            if not any(path.endswith("/" + word.removesuffix("/")) for path in _paths()):
                yield word
        elif _NAME.fullmatch(word):
            name = word.partition("(")[0].split(".")[-1]
            if not name.isupper() and name not in _defined():
                yield word


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_a_document_names_is_there(name: str) -> None:
    assert list(missing((ROOT / name).read_text("utf-8"))) == []


def test_a_test_that_is_to_be_run_by_its_name_is_there() -> None:
    told = re.findall(r"pytest\b.* -k (\w+)", (ROOT / "CONTRIBUTING.md").read_text("utf-8"))
    tests = [name for name in _defined() if name.startswith("test_")]
    assert told
    assert [word for word in told if not any(word in name for name in tests)] == []


def test_what_is_not_there_is_found() -> None:
    text = "`maild/app/beside.py`, `Intake.accepted_never`, `_read_nowhere`, `tx.apply(plan)`, `cellar/`, a `word`"
    assert list(missing(text)) == ["maild/app/beside.py", "Intake.accepted_never", "_read_nowhere", "cellar/"]
