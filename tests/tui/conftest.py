"""A desk with a queue, and the full screen on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.commands.session import Session
from maild.ticket.queue import Filter
from maild.tui.app import DeskApp
from maild.tui.data import DeskReader
from tests.tui.desk import FullScreenDesk


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FullScreenDesk:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("MAILD_NOW", "2026-11-02T10:00:00+01:00")
    return FullScreenDesk(tmp_path)


@pytest.fixture
def app(desk: FullScreenDesk) -> Iterator[DeskApp]:
    reader = DeskReader(Session(str(desk.config), "kata"), "kata", Filter())
    yield DeskApp(reader)
    reader.close()
