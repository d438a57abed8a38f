"""What holds for all tests: statements are compiled once a process, and properties are tried alike in every run."""

from __future__ import annotations

import os
from collections.abc import Hashable
from typing import Any

from hypothesis import settings
from sqlalchemy.engine import Engine
from sqlalchemy.util import LRUCache

# a busy machine is slow and not wrong; where everybody's verdict is made, the same examples are tried each time
settings.register_profile("tests", deadline=None)
settings.register_profile("ci", settings.get_profile("tests"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "tests")


class CompiledOnce(LRUCache[Any, Any]):
    """SQLAlchemy keeps what it compiled with each engine. Tests open hundreds of databases and say the same to them.

    A key is (dialect, statement, ...): here the dialect counts by what it is, not by whose engine it is.
    """

    @staticmethod
    def _of(key: tuple[Any, ...]) -> tuple[Hashable, ...]:
        dialect, *rest = key
        return (dialect.name, dialect.driver, dialect.paramstyle, *rest)

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(self._of(key), default)

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(self._of(key))

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(self._of(key), value)


_COMPILED: CompiledOnce = CompiledOnce(2_000)
_made = Engine.__init__


def _with_what_is_compiled(engine: Engine, *args: Any, **named: Any) -> None:
    _made(engine, *args, **named)
    engine._compiled_cache = _COMPILED


Engine.__init__ = _with_what_is_compiled  # type: ignore[method-assign, assignment]
