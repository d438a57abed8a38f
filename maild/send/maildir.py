"""Outgoing mail as files of a Maildir: the default, for trying out and for a local delivery agent.

Files go tmp/ -> fsync -> rename into new/ -> fsync of the folder, so that a file in new/ is whole and
survives a loss of power. The name is made of the outbound row's id and the Message-ID: writing the same
mail twice yields one file.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from maild.send.letter import Done, Letter, SendResult, all_of


class MaildirSender:
    """Writes letters into `folder`, which is made when it is missing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def send_many(self, letters: Sequence[Letter], done: Done) -> None:
        """Write all letters in one thread hop; they share the syncs of the folder."""
        try:
            results = await asyncio.to_thread(self._write_all, letters)
        except OSError as error:
            # Nothing was renamed into new/ that would not be found there again under the same name.
            reason = f"cannot write to the Maildir {self.folder}: {error.strerror or error}"
            results = [SendResult(unreachable=reason) for _ in letters]
        for letter, result in zip(letters, results, strict=True):
            done(letter, result)

    async def probe(self) -> str:
        """Whether the Maildir can be written to."""
        try:
            await asyncio.to_thread(self._make_folders)
        except OSError as error:
            return f"cannot write to the Maildir {self.folder}: {error.strerror or error}"
        return ""

    async def close(self) -> None:
        """Nothing is held open."""

    def _make_folders(self) -> None:
        for name in ("tmp", "new", "cur"):
            (self.folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(self.folder / "new", os.W_OK):
            raise PermissionError(13, "no right to write")

    def _write_all(self, letters: Sequence[Letter]) -> list[SendResult]:
        self._make_folders()
        read_already = self._names_in_cur() if any(letter.again for letter in letters) else set()
        tmp, new = f"{self.folder}/tmp/", f"{self.folder}/new/"
        written: list[tuple[int, str]] = []
        results: list[SendResult] = []
        try:
            for letter in letters:
                name = file_name(letter)
                if name not in read_already:
                    written.append((_write(tmp + name, letter.raw), name))
                results.append(all_of(letter, "sent", f"written to {name}"))
            for descriptor, _ in written:
                os.fsync(descriptor)
        finally:
            for descriptor, _ in written:
                os.close(descriptor)
        for _, name in written:
            os.rename(tmp + name, new + name)
        _sync_folder(new)
        return results

    def _names_in_cur(self) -> set[str]:
        """Names that a mail reader has moved on already, without the flags behind the colon."""
        return {entry.name.partition(":")[0] for entry in os.scandir(self.folder / "cur")}


def file_name(letter: Letter) -> str:
    """Unique for a mail and always the same for it; sorts in the order of the outbox."""
    digest = hashlib.sha256(letter.message_id.encode("utf-8", "surrogateescape")).hexdigest()
    return f"{letter.key:010d}.{digest[:20]}.maild"


def _write(path: str, raw: bytes) -> int:
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        view = memoryview(raw)
        while view:
            view = view[os.write(descriptor, view) :]
        # the kernel begins to write at once: the fsyncs of a batch wait for the disk together, not one after the other
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _sync_folder(folder: str) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
