"""Files and folders that only the daemon's user should read, and a group that one chose: found, and mended.

What is written since goes to nobody else (umask 077 in every verb); what an older maild, a copy or a restored backup
left stands here. A group without others (0640) was chosen by somebody, and stays.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from maild.settings import Settings

#: whoever is neither the owner nor of the group
OTHERS = 0o007
#: entries of a folder that are looked at to warn
SAMPLE = 100


def kept(settings: Settings, config: Path | None = None) -> Iterator[tuple[str, Path]]:
    """(what it holds, where) of all that maild keeps; what is not there is named as well."""
    from maild.secret import every_secret

    if config is not None:
        yield "the configuration", config
    if (file := settings.sqlite_file) is not None:
        for ending in ("", "-wal", "-shm"):
            yield "all mails and what signs the desk's ids", file.with_name(file.name + ending)
    yield "large mails", settings.path(str(settings.database.folder))
    if settings.delivery.kind == "maildir":
        yield "what the desk sends", settings.path(settings.delivery.maildir)
    if settings.smtp.tls_key:
        yield "a private key", settings.path(settings.smtp.tls_key)
    for secret in filter(None, every_secret(settings)):
        file = settings.path(secret.source)  # of a variable's name there is no file
        if file.is_file():
            yield "a secret", file


def is_open(path: Path) -> bool:
    """Whether others can read it; a folder of which they can read something in it. OSError."""
    mode = path.stat().st_mode
    if not mode & OTHERS:
        return False
    return not stat.S_ISDIR(mode) or any(
        one.stat().st_mode & OTHERS for one in islice(path.iterdir(), SAMPLE)
    )


def mend(settings: Settings, config: Path | None) -> list[Path]:
    """Close what is open to others: files 0600, folders 0700 with all that is in them. Those that were closed; what is
    somebody else's is left, and `check` tells of it."""
    return [path for _, path in kept(settings, config) if _closed(path)]


def _closed(path: Path) -> bool:
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            return False
        inner = [_closed(one) for one in path.iterdir()] if stat.S_ISDIR(mode) else []
        if mode & OTHERS:
            path.chmod(stat.S_IMODE(mode) & 0o700)
            return True
    except OSError:
        return False
    return any(inner)
