"""What the checks of shape and rooms forbid is planted, and each is found; `make check` asks it of every file."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache

from tests.cases import cases
from tests.unit.house import borders, rooms, shape
from tests.unit.house.shape import ROOT, Source


def test_class_that_is_named_twice_is_found() -> None:
    first = Source("maild/mail/auth/verdict.py", "class Verdict:\n    pass\n")
    planted = Source("maild/mail/parse/dates.py", "def read():\n    class Verdict:\n        pass\n")
    measured = Source("bench/run.py", "class Verdict:\n    pass\n")
    assert shape.named_twice([first, measured]) == []
    (breach,) = shape.named_twice([first, planted, measured])
    assert breach == "Verdict is a class in maild/mail/auth/verdict.py:1, maild/mail/parse/dates.py:2"


def test_long_file_needs_a_reason_and_a_short_one_has_none() -> None:
    long, why = "x = 1\n" * 301, f'"""A table.\n\n{shape.REASON}generated.\n"""\n'
    a, b = "a.py", "b.py"
    assert shape.too_long([Source(a, long)]) == [
        "a.py has 301 lines: split it by concept, or say why not ('Over 300 lines: ' in its docstring)"
    ]
    assert shape.too_long([Source(a, why + long), Source(b, "x = 1\n" * 300)]) == []
    assert shape.too_long([Source(a, f'"""A table.\n\n{shape.REASON}\n"""\n' + long)]) != []
    assert shape.too_long([Source(a, why)]) == ["a.py has 4 lines only: it needs no reason"]


def test_checks_look_at_the_product_and_at_the_tests() -> None:
    product = [file.name for file in shape.sources(shape.PRODUCT)]
    assert {"maild/ticket/moving.py", "threading_rules/__init__.py", "bench/run.py", "cli.py"} <= {*product}
    assert {str(p.relative_to(ROOT)) for p in (ROOT / "maild").rglob("*.py")} <= {*product}
    tests = {file.name for file in shape.sources(shape.TESTS)}
    assert {str(p.relative_to(ROOT)) for p in (ROOT / "tests").rglob("*.py")} <= tests


@cases(
    ("name", "planted", "told"),
    [
        *(("maild/party/x.py", line, "opens a file") for line in (
            "open('x')", "Path('x').read_text()", "Path('x').open()", "os.listdir('.')",
            "resources.files('m').joinpath('x').read_bytes()",
        )),
        ("threading_rules/x.py", "open('x')", "opens a file"),
        *((f"maild/{room}/x.py", "at = datetime.now(UTC)", "datetime.now()") for room in rooms.PURE),
        ("maild/app/x.py", "dt.datetime.now(UTC)", "datetime.now()"),
        ("maild/app/x.py", "time.monotonic()", "time.monotonic()"),
        ("maild/app/x.py", "Moment.now(UTC)", "Moment.now()"),  # datetime by another name
        ("maild/consent/x.py", "import urllib.request", "fetches"),
        ("maild/consent/x.py", "from urllib import request", "fetches"),
        ("threading_rules/x.py", "uuid.uuid4()", "uuid.uuid4()"),
        ("maild/send/x.py", "re.compile(r'#(\\d+)')", "write [0-9]"),
        ("maild/send/x.py", "re.sub('\\\\d', '', text)", "write [0-9]"),
        ("maild/app/x.py", "replace(ticket, phase=Phase.CLOSED)", "moving.py does that"),
        ("maild/store/x.py", "model.TicketChange(phase=1)", "moving.py does that"),
        ("maild/store/x.py", "ONE = Prepared(select(X))", "hot.py"),
        ("maild/store/x.py", "ONE = PreparedIn(select(X))", "hot.py"),
        ("maild/store/x.py", "update(X).values(state=OutboundState.QUEUED)", "by its word"),
        ("maild/store/x.py", "update(X).where(y).values(phase='closed', at=now)", "by its word"),
        ("maild/send/x.py", "BAD = '\\u200b\\u202e'", "characters.py does"),
        ("maild/send/x.py", "BAD = (0x200B, 0xFEFF)", "characters.py does"),
    ],
)  # fmt: skip
def test_what_no_room_may_do_is_found(name: str, planted: str, told: str) -> None:
    (breach,) = rooms.breaches([Source(name, f"x = 1\n{planted}\n")])
    assert breach.startswith(name)
    assert told in breach


@cases(
    ("name", "line"),
    [
        ("maild/render/x.py", "from urllib.parse import quote"), ("maild/work/x.py", "import urllib.request"),
        ("maild/work/x.py", "open('x')"), ("maild/work/x.py", "at = datetime.now(UTC)"),
        ("maild/render/loader.py", "path.read_text()"), ("maild/ticket/moving.py", "replace(t, phase=new)"),
        ("maild/store/x.py", "update(X).values(state=_AGAIN[1])"),
        ("maild/store/x.py", "insert(X).values(state=OutboundState.QUEUED)"),
        ("maild/store/hot.py", "ONE = Prepared(select(X))"), ("maild/app/x.py", "OpenTicket(company='acme')"),
        ("maild/send/x.py", "re.compile('[0-9]')"), ("maild/send/x.py", "ONE = '\\u200b'"),
        ("maild/mail/text/x.py", "BAD = '\\u200b\\u202e'"), ("bench/x.py", "at = datetime.now(UTC)"),
    ],
)  # fmt: skip
def test_what_a_room_may_do_is_no_breach(name: str, line: str) -> None:
    assert [*rooms.breaches([Source(name, f"{line}\n")])] == []


@cases(
    "planted",
    ["def f(x: Json) -> None: ...", "def f() -> 'list[Json]': ...", "x: model.Json = {}", "Row = Json"],
)
def test_untyped_dictionary_inside_of_the_house_is_found(planted: str) -> None:
    (breach,) = borders.breaches([Source("maild/ticket/thanks.py", planted)])[:1]
    assert breach.startswith("maild/ticket/thanks.py:1 says Json inside")


@cases(
    "planted",
    ["def f(x: dict[str, Any]) -> None: ...", "def f() -> list[dict[str, typing.Any]]: ...",
     "x: Mapping[str, object] = {}", "Row = dict[str, object]"],
)  # fmt: skip
def test_dictionary_of_anything_inside_of_the_house_is_found(planted: str) -> None:
    planted_in = Source("maild/ticket/thanks.py", planted)
    (breach,) = [one for one in borders.breaches([planted_in]) if "inside" in one]
    assert breach.startswith("maild/ticket/thanks.py:1 says dict[str, Any] inside")


@cache
def with_dictionaries() -> list[Source]:
    """Of the product's files those that may say such a dictionary; each is parsed once."""
    said = re.compile(r"Json|(dict|Mapping)\[[^\n]*(Any|object)")
    return [file for file in shape.sources(shape.PRODUCT) if said.search(file.text)]


@cases(("which", "line"), [(borders.uses, "x: Json = {}"), (borders.others, "x: dict[str, Any] = {}")])
def test_one_more_at_a_border_is_found_and_a_border_that_needs_none_too(
    which: Callable[[ast.Module], Iterator[int]], line: str
) -> None:
    border = {"maild/config.py": "a file"}
    two = Source("maild/config.py", f"{line}\n" * 2)
    assert borders.beyond("it", [two], which, 2, border) == []
    (breach,) = borders.beyond("it", [two], which, 1, border)
    assert breach == "it stands 2 times, and 1 are enough: type what is new"
    (breach,) = borders.beyond("it", [Source("maild/config.py", "x = 1")], which, 2, border)
    assert breach == "maild/config.py says it no more: take it off the list of borders"


def test_json_is_rare() -> None:
    assert borders.MOST < 60


#: folders of unit tests that are no room of maild/
OTHER_TESTS = {"config", "docs", "house", "threading_rules"}


def test_unit_tests_stand_in_the_rooms_that_they_test() -> None:
    """Whoever knows where a module stands knows where its tests stand."""
    unit = ROOT / "tests" / "unit"
    folders = {str(path.parent.relative_to(unit)) for path in unit.rglob("test_*.py")} - OTHER_TESTS
    assert [name for name in sorted(folders) if not (ROOT / "maild" / name).is_dir()] == []
