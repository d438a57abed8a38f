"""What cannot be compiled is planted, and each is found; `make check` asks it of every pure room."""

from __future__ import annotations

import hatch_build
from tests.cases import cases
from tests.unit.house.compilable import breaches
from tests.unit.house.shape import PRODUCT, Source, sources

_SCAN = Source("maild/mail/newtext/lines.py", "class Scan:\n    kinds: bytearray\n")


@cases(
    ("planted", "told"),
    [
        ("class Known(dict[str, int]):\n    pass", "is a kind of dict"),
        ("class Known(dict):\n    pass", "is a kind of dict"),
        ("found = x in (a, *b)", "`in (a, *b)`"),
        ("found = x not in [*a, b]", "`in (a, *b)`"),
        ("words = '\\ud800'", "a lone surrogate"),
        ("many = [k for k in scan.kinds]", "walks the bytearray kinds"),
        ("for k in scan.kinds[1:]:\n    pass", "walks the bytearray kinds"),
        ("for i, k in enumerate(scan.kinds):\n    pass", "walks the bytearray kinds"),
        ("def f(out: bytearray):\n    return sum(out)", "walks the bytearray out"),
        ("out = bytearray()\nfor k in out:\n    pass", "walks the bytearray out"),
        ("out: bytearray = made()\nfor k in out:\n    pass", "walks the bytearray out"),
        ("class A:\n    def f(self):\n        self.out = bytearray()\n        return list(self.out)", "walks the bytearray"),
    ],
)  # fmt: skip
def test_what_cannot_be_compiled_is_found(planted: str, told: str) -> None:
    (breach,) = breaches([_SCAN, Source("maild/app/x.py", planted + "\n")])
    assert told in breach
    assert breach.startswith("maild/app/x.py:")
    assert [*breaches([_SCAN, Source("maild/store/x.py", planted + "\n")])] == []


@cases(
    "written",
    [
        "class Known:\n    words: dict[str, int]",
        "found = x == a or x in b",
        "every = (a, *b)",
        "words = r'[\\ud800-\\udfff]'",
        "many = [k for k in bytes(scan.kinds)]",
        "kind = scan.kinds[3]",
        "found = OPENS in scan.kinds[1:]",
    ],
)
def test_what_can_be_compiled_is_none(written: str) -> None:
    assert [*breaches([_SCAN, Source("maild/app/x.py", written + "\n")])] == []


@cases(
    ("planted", "told"),
    [
        ("def f(words):\n    found = (w for w in words)\n    return next(found)", "a generator expression"),
        ("def f(words):\n    return islice((w for w in words), 2)", "a generator expression"),
        ("def f(part):\n    return [f(p) for p in part.parts]", "f calls itself"),
        ("def g(part):\n    return h(part)\ndef h(part):\n    g(part)", "g calls itself"),
        ("class A:\n    def read(self, part):\n        self.read(part.inside)", "read calls itself"),
    ],
)
def test_what_compiled_code_would_do_otherwise_is_found(planted: str, told: str) -> None:
    file = Source("maild/mail/x.py", planted + "\n")
    assert any(told in breach for breach in breaches([file], {file.name}))
    assert [*breaches([file], ())] == []


@cases(
    "written",
    [
        "def f(words):\n    return any(w for w in words)",
        "def f(words):\n    return ' '.join(w for w in words)",
        "def f(words):\n    return words.f(g(words))\ndef g(words):\n    return words",
    ],
)
def test_what_compiled_code_does_alike_is_none(written: str) -> None:
    file = Source("maild/mail/x.py", written + "\n")
    assert [*breaches([file], {file.name})] == []


def test_compiled_modules_are_there() -> None:
    assert {*hatch_build.modules()} <= {file.name for file in sources(PRODUCT)}


def test_pure_rooms_can_be_compiled() -> None:
    assert [*breaches(sources(PRODUCT))] == []
