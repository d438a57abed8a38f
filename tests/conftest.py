"""What holds for all tests."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.cases import Chosen
from tests.chosen import is_needless


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--case", default="", help="of tables of cases: those whose name holds this text")
    parser.addoption("--few", action="store_true", help="try a fifth of the examples of each property")


def pytest_configure(config: pytest.Config) -> None:
    Chosen.text = config.getoption("--case")
    if hasattr(config, "workerinput") or not config.getoption("numprocesses", None):
        _prepare(config.getoption("--few"))  # the process that only hands tests to others runs none


def _prepare(few: bool) -> None:
    from hypothesis import settings

    from tests import examples, kept

    examples.register()
    settings.load_profile("quick" if few else "ci" if os.environ.get("CI") else "tests")
    kept.keep()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return is_needless(config.option.markexpr, collection_path) or None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported for all tests stays: the collector need not walk over it again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tests that try a table count as many as its rows: nobody has to guess whether some were lost."""
    reports = [one for name in ("passed", "failed") for one in terminalreporter.getreports(name)]
    tried = sum(dict(one.user_properties).get("cases", 1) for one in reports if one.when == "call")
    if tried:
        terminalreporter.write_line(f"{tried:,} cases in {len(reports):,} tests")
