"""A pytest plugin: which test runs which lines of the modules under mutation, and how long it takes.

`MAILD_LINES_OF`: paths of the modules, separated by colons; `MAILD_LINES_TO`: the JSON file that is written,
{"tests": {test: seconds}, "lines": {"path:line": [test, ...]}}.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

_files = {str(Path(one).resolve()): one for one in os.environ.get("MAILD_LINES_OF", "").split(":") if one}
_seconds: dict[str, float] = {}
_lines: dict[str, set[str]] = defaultdict(set)
_seen: set[tuple[str, int]] = set()
_failed: set[str] = set()


def _enter(frame: FrameType, _event: str, _arg: Any) -> Any:
    return _line if frame.f_code.co_filename in _files else None


def _line(frame: FrameType, _event: str, _arg: Any) -> Any:
    _seen.add((frame.f_code.co_filename, frame.f_lineno))
    return _line


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    _seen.clear()
    begun = time.perf_counter()
    sys.settrace(_enter)
    threading.settrace(_enter)
    try:
        return (yield)
    finally:
        sys.settrace(None)
        threading.settrace(None)
        _seconds[item.nodeid] = round(time.perf_counter() - begun, 3)
        for file, line in _seen:
            _lines[f"{_files[file]}:{line}"].add(item.nodeid)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.failed:
        _failed.add(report.nodeid)


def pytest_sessionfinish() -> None:
    """A test that fails by itself tells nothing of a mutant."""
    lines = {line: sorted(tests - _failed) for line, tests in sorted(_lines.items())}
    said = {"tests": _seconds, "lines": lines}
    Path(os.environ["MAILD_LINES_TO"]).write_text(json.dumps(said), encoding="utf-8")
