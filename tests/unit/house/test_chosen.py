"""A file of tests that a part of the suite does not need is not imported, and none that it needs is left out."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

from tests.cases import cases
from tests.chosen import MARKS, is_needless, may_be_chosen

QUICK = "not wire and not slow and not torture and not fuzz"
SLOW = "(wire or slow) and not torture and not fuzz"
HERE = Path(__file__).parents[2]

ALL_SLOW = "pytestmark = pytest.mark.slow\n"
TWICE = "pytestmark = [\n    pytest.mark.wire,\n    pytest.mark.slow,\n]\n"
SOME = "@pytest.mark.slow('draws')\ndef test_x(): ..."
TORTURE = ALL_SLOW + "@pytest.mark.torture\ndef test_x(): ..."


@cases(
    ("source", "beside", "quick", "slow"),
    [
        ("def test_x(): ...", "", True, False),
        (ALL_SLOW, "", False, True),
        (TWICE, "", False, True),
        (SOME, "", True, True),
        (TORTURE, "", False, True),
        ("pytestmark = pytest.mark.torture\n", "", False, False),
        ("def test_x(store): ...", "pytest.param('postgresql', marks=pytest.mark.slow)", True, True),
        ("# slow is what this is not", "", True, False),
    ],
)
def test_a_file_is_taken_where_one_of_its_tests_may_be(
    source: str, beside: str, quick: bool, slow: bool
) -> None:
    assert (may_be_chosen(QUICK, source, beside), may_be_chosen(SLOW, source, beside)) == (quick, slow)
    assert may_be_chosen(f"{QUICK} or {SLOW}", source, beside) is (quick or slow)


def test_what_is_no_expression_and_what_is_no_file_of_tests_is_left_to_pytest() -> None:
    assert may_be_chosen("not (", ALL_SLOW)
    assert not is_needless("", HERE / "wire" / "test_smtp.py")
    assert not is_needless(QUICK, HERE / "wire" / "conftest.py")
    assert is_needless(QUICK, HERE / "wire" / "test_smtp.py")


def test_a_mark_stands_where_its_tests_stand() -> None:
    """So the source of a file and of the conftest files above it tells all its marks."""
    mark = re.compile(rf"\bmark\.({'|'.join(MARKS)})\b|\bimport test_")
    files = (p for p in HERE.rglob("*.py") if not p.name.startswith("test_") and p.name != "conftest.py")
    assert [str(p) for p in files if mark.search(p.read_text("utf-8"))] == []


def test_every_folder_has_quick_tests_but_those_of_whole_conversations_screens_and_megabytes() -> None:
    def is_quick(path: Path) -> bool:
        return not is_needless(QUICK, path)

    by_folder = itertools.groupby(sorted(HERE.rglob("test_*.py")), key=lambda path: path.parent)
    without = {folder.name for folder, files in by_folder if not any(map(is_quick, files))}
    assert without == {"bounds", "look", "scenarios", "tui"}
