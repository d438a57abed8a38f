"""Migrations follow one another in one line: two that were made side by side leave a database that cannot be upgraded."""

from __future__ import annotations

import re

from maild.store.revision import REVISION
from maild.store.schema import FOLDER

_NAMED = re.compile(r'^(revision|down_revision)[^=]*= (?:"(\d{4})"|None)$', re.MULTILINE)


def test_each_migration_follows_the_one_before_it() -> None:
    found = []
    for path in sorted((FOLDER / "versions").glob("[0-9]*.py")):
        named = dict(_NAMED.findall(path.read_text(encoding="utf-8")))
        found.append((path.name[:4], named["revision"], named["down_revision"]))
    numbers = [f"{number:04}" for number in range(1, len(found) + 1)]
    assert found == list(zip(numbers, numbers, ["", *numbers[:-1]], strict=True))
    assert found[-1][0] == REVISION
