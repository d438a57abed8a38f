"""Attachments: saved where the agent says, or opened with the program that the machine has for them."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path

from maild.commands import files
from maild.desk.numbers import size
from maild.errors import Refused
from maild.tui.data import DeskReader, TicketNow, attachments


def rows(page: TicketNow) -> list[tuple[int, str]]:
    """(number, what is shown) of each."""
    return [(i, f"[{i}] {name} ({kind}, {size(count)})") for i, name, kind, count in attachments(page)]


def save(reader: DeskReader, page: TicketNow, index: int, where: str) -> str:
    """What was written where. Raises `Refused` for a file that is there already."""
    attached = reader.attachment(page, index)
    target = files.save(attached, str(Path(where).expanduser()))
    return f"{target}: {size(len(attached.content))}"


def open_(reader: DeskReader, page: TicketNow, index: int) -> str:
    """A copy in a folder of its own, opened by MAILD_OPENER, xdg-open or open. Raises `Refused`."""
    attached = reader.attachment(page, index)
    folder = Path(tempfile.mkdtemp(prefix="maild-"))
    target = files.save(attached, str(folder))
    command = (
        shlex.split(os.environ.get("MAILD_OPENER", ""))
        or [opener for opener in ("xdg-open", "open") if shutil.which(opener)][:1]
    )
    if not command:
        raise Refused(f"nothing here opens files; it is saved: {target}")
    try:
        opened = subprocess.Popen(
            [*command, str(target)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        raise Refused(f"{command[0]}: {error.strerror}; it is saved: {target}") from None
    threading.Thread(target=opened.wait, daemon=True).start()  # it may stay open longer than we do
    return f"{target} is opened by {command[0]}"
