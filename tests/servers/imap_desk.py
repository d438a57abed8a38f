"""What an ImapWatcher needs of a desk, in memory: `accept`, the record of mailboxes, and what was told."""

from __future__ import annotations

import builtins
import threading
from collections.abc import Callable

from maild.model import Envelope
from maild.receive.imap import BadMail
from tests.timing import PATIENCE, waited


class ImapDesk:
    """Stores like the store: one row for one source key. `before(raw)` may raise for a mail."""

    def __init__(self) -> None:
        self.mails: dict[str, tuple[Envelope, bytes]] = {}
        self.calls = 0
        self.places: dict[tuple[str, str], tuple[int, int]] = {}
        self.states: list[tuple[str, str]] = []
        self.bad: list[BadMail] = []
        self.before: Callable[[bytes], object] = lambda raw: None
        self._lock = threading.Lock()

    def accept(self, envelope: Envelope, raw: bytes, source_key: str) -> int:
        self.before(raw)
        with self._lock:
            self.calls += 1
            doubted = self.mails.pop(f"{hash(raw)}@{source_key}", None)
            self.mails.setdefault(source_key, doubted or (envelope, raw))
            return len(self.mails)

    def get(self, account: str, folder: str) -> tuple[int, int] | None:
        return self.places.get((account, folder))

    def set(self, account: str, folder: str, uidvalidity: int, watermark: int) -> None:
        self.places[account, folder] = (uidvalidity, watermark)

    def put_back(self, account: str, folder: str, uidvalidity: int, watermark: int, first: int) -> None:
        self.set(account, folder, uidvalidity, watermark)
        start = f"imap:{account}:{folder}:{uidvalidity}:"
        for key in [
            one for one in self.mails if one.startswith(start) and int(one.removeprefix(start)) >= first
        ]:
            kept = self.mails.pop(key)
            self.mails[f"{hash(kept[1])}@{key}"] = kept

    def raised(self, account: str, folder: str, uidvalidity: int, before: int, watermark: int) -> bool:
        stands = self.places.get((account, folder)) == (uidvalidity, before)
        if stands:
            self.places[account, folder] = (uidvalidity, watermark)
        return stands

    def known_uids(self, account: str, folder: str, uidvalidity: int) -> builtins.set[int]:
        start = f"imap:{account}:{folder}:{uidvalidity}:"
        return {int(key.removeprefix(start)) for key in self.mails if key.startswith(start)}

    def on_state(self, name: str, state: str, text: str) -> None:
        self.states.append((state, text))

    # ------------------------------------------------------------------------------------ for tests

    @property
    def bodies(self) -> list[bytes]:
        return [raw for _, raw in self.mails.values()]

    def wait(self, true: Callable[[], object], seconds: float = PATIENCE) -> float:
        """Seconds until `true()` holds; AssertionError with what is known when it does not come to that."""
        return waited(true, lambda: f"{len(self.mails)} mails, states {self.states[-5:]}", seconds)

    def wait_for(self, count: int, seconds: float = PATIENCE) -> float:
        """Seconds until so many mails are there."""
        return self.wait(lambda: len(self.mails) >= count, seconds)

    def wait_state(self, state: str, seconds: float = PATIENCE) -> str:
        """The text of the newest state, once it is this one."""
        self.wait(lambda: self.states and self.states[-1][0] == state, seconds)
        return self.states[-1][1]
