"""Writes the status page's files. A reader of the folder never sees half a file."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from maild.errors import Refused
from maild.model import OutageFacts
from maild.report import status_page
from maild.settings import Settings


def publish(settings: Settings, outages: Iterable[OutageFacts], now: datetime) -> None:
    """index.html and feed.json into [desk] status_page; nothing where none is configured."""
    if not settings.desk.status_page:
        return
    folder = settings.path(settings.desk.status_page)
    shown = status_page.shown(outages, now)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _replace(folder / "index.html", status_page.html_page(shown, settings.desk, now))
        _replace(folder / "feed.json", status_page.json_feed(shown, settings.desk, now))
    except OSError as error:
        raise Refused(
            f"{folder}: the status page cannot be written ({error.strerror}); check [desk] status_page"
        ) from None


def _replace(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    os.replace(fresh, path)
