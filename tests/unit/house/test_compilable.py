"""What cannot be compiled is planted, and each is found; `make check` asks it of every pure room."""

from __future__ import annotations

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


def test_pure_rooms_can_be_compiled() -> None:
    assert [*breaches(sources(PRODUCT))] == []
