"""Pictures of the full screen for docs/: `python -m tests.look.desk`."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path

from maild.commands.session import Session
from maild.ticket.queue import Filter
from maild.tui.app import DeskApp
from maild.tui.data import DeskReader
from tests.tui.desk import FullScreenDesk

DOCS = Path(__file__).parents[2] / "docs"


async def shoot(folder: Path) -> None:
    desk = FullScreenDesk(folder)
    desk.maild("--as", "kata", "take", "1003")
    reader = DeskReader(Session(str(desk.config), "kata"), "kata", Filter())
    app = DeskApp(reader)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(1.0)
        app.save_screenshot(str(DOCS / "desk-queue.svg"))
        await pilot.press("r")
        await pilot.pause(0.5)
        await pilot.press(*("space" if c == " " else c for c in "Mi a hiba a kijelzon"))
        await pilot.press("tab", *"waiting")
        await pilot.pause(0.5)
        app.save_screenshot(str(DOCS / "desk-reply.svg"))
    reader.close()


if __name__ == "__main__":
    os.environ["MAILD_NOW"] = "2026-11-02T10:00:00+01:00"
    with tempfile.TemporaryDirectory() as name:
        os.environ["XDG_STATE_HOME"] = name
        asyncio.run(shoot(Path(name)))
