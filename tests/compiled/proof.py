"""A plugin of pytest for a run in a compiled tree: it ends at once unless every such module is the compiled one.

Each of them is imported, so that none can be replaced later on, and must come from an extension module of this tree.
"""

from __future__ import annotations

from importlib import import_module
from importlib.machinery import ExtensionFileLoader
from pathlib import Path

import pytest

import hatch_build

TREE = Path(hatch_build.__file__).resolve().parent


def names() -> list[str]:
    """Of all modules that are compiled."""
    return [
        file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for file in hatch_build.modules(TREE)
    ]


def not_compiled() -> list[str]:
    """Those that Python takes from elsewhere, with the file."""
    wrong = []
    for name in names():
        module = import_module(name)
        here = Path(str(module.__file__)).resolve()
        if not isinstance(module.__loader__, ExtensionFileLoader) or TREE not in here.parents:
            wrong.append(f"{name} is {here}")
    return wrong


def pytest_configure() -> None:
    """Refuse to run tests of anything else."""
    if wrong := not_compiled():
        raise pytest.UsageError("not the compiled modules: " + ", ".join(wrong))


def pytest_report_header() -> str:
    """How many there are."""
    return f"{len(names())} compiled modules"
