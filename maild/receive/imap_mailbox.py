"""One selected folder: which mails are new, taking them in batches, and what is remembered of it.

What is new is decided by our own record, never by flags: a watermark (all UIDs up to it are dealt with)
and the UIDs that were stored already, both for one UIDVALIDITY. `start` decides once, at the first
connection and after a change of UIDVALIDITY, about what lies in the folder then. While that is under way
the watermark is stored as `-baseline - 1`: a crash in the middle decides again about the same mails and
takes all later ones whatever their flags.
"""

from __future__ import annotations

import builtins
import imaplib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from maild.errors import Temporary
from maild.model import Envelope
from maild.receive.imap_done import Finisher
from maild.settings import Imap

log = logging.getLogger("maild.receive.imap")

#: (envelope, raw, source key) -> the row's id, or a future of it; only after the commit
Accept = Callable[[Envelope, bytes, str], "Future[int] | int"]

TRIES = 3
ACCEPT_SECONDS = 120.0


class ImapState(Protocol):
    """Our record of a mailbox, in the database."""

    def get(self, account: str, folder: str) -> tuple[int, int] | None:
        """(UIDVALIDITY, watermark) or None before the first connection."""
        ...

    def set(self, account: str, folder: str, uidvalidity: int, watermark: int) -> None: ...

    def known_uids(self, account: str, folder: str, uidvalidity: int) -> builtins.set[int]:
        """UIDs of which a mail was accepted."""
        ...


@dataclass(frozen=True, slots=True)
class BadMail:
    """A mail that stays in the mailbox because it cannot be taken: too big, or it failed several times."""

    source_key: str
    received_at: datetime
    size: int  # as the server says, 0 when it does not
    header: bytes  # b"" when not even that could be fetched
    reason: str


@dataclass(slots=True)
class Memory:
    """What outlives a connection: kept by the watcher."""

    uidvalidity: int = 0
    failures: dict[int, int] = field(default_factory=dict)
    given_up: set[int] = field(default_factory=set)
    in_flight: tuple[int, ...] = ()  # being fetched when the connection was lost
    alone: set[int] = field(default_factory=set)  # lost connections: fetched one at a time from now on


class Mailbox:
    """The folder of one connection. Not thread-safe, as the client is not."""

    def __init__(
        self,
        client: IMAPClient,
        settings: Imap,
        select_info: dict[bytes, Any],
        writable: bool,
        *,
        accept: Accept,
        state: ImapState,
        memory: Memory,
        on_bad: Callable[[BadMail], None],
        max_bytes: int,
        stopping: Callable[[], bool],
        allow: Callable[[float], None],
    ) -> None:
        self._client = client
        self._settings = settings
        self._state = state
        self._accept = accept
        self._memory = memory
        self._on_bad = on_bad
        self._max_bytes = max_bytes
        self._stopping = stopping
        self._allow = allow  # seconds that the watchdog grants to what comes next
        self.uidvalidity = int(select_info.get(b"UIDVALIDITY", 0))
        self._uidnext = int(select_info.get(b"UIDNEXT", 0))
        self._finisher = Finisher(client, settings.done, select_info) if writable else None
        self._known = state.known_uids(settings.name, settings.folder, self.uidvalidity)
        self._size_of: dict[int, int] = {}
        self._relooking = False
        self._stored_last = 0
        self._unfinished: set[int] = set()
        self._finished: set[int] = set()
        self.complaint = (
            "" if writable else f"folder {settings.folder!r} is read-only: mails stay as they are"
        )
        if memory.uidvalidity != self.uidvalidity:
            memory.uidvalidity = self.uidvalidity
            memory.failures.clear()
            memory.given_up.clear()
            memory.alone.clear()
        self._blame_the_lost_connection()

    # ------------------------------------------------------------------------------- what is new

    def take(self) -> int:
        """Take in all that is new; the number of mails stored. Raises Temporary when the store cannot now."""
        self._refresh()
        watermark = self._watermark()
        candidates = self._candidates(watermark)
        # what has made trouble comes last, so that it holds up nothing else
        fresh = sorted(candidates - self._known, key=lambda uid: (self._memory.failures.get(uid, 0), uid))
        self._finish(sorted((candidates & self._known) - self._finished))
        stored = 0
        left = set(fresh)
        for uids in self._batches(fresh):
            if self._stopping():
                break
            done = self._take_batch(uids)
            stored += len(done & self._known)
            left -= done
            self._finish(sorted(done & self._known))
            if watermark >= 0:
                watermark = self._remember(watermark, max(uids), left)
        if not self._stopping():
            self._settle(watermark, candidates, left)
        self._stored_last = stored
        return stored

    def _refresh(self) -> None:
        """NOOP: a search alone may not see what has come, and then IDLE would not tell of it either."""
        self._allow(self._settings.timeout_seconds * 2)
        self._client.noop()
        self._forget_untagged()

    def _forget_untagged(self) -> None:
        # imaplib keeps every unasked-for line for ever, and mixes such FETCHes into the next answer
        for name in ("EXISTS", "RECENT", "EXPUNGE", "FETCH", "OK"):
            self._client._imap.untagged_responses.pop(name, None)

    def more_came(self) -> bool:
        """Whether the server told of new mail since the last look began; IDLE would not repeat it.

        After a look that found nothing this is believed once, for some servers say EXISTS every time.
        """
        told = bool(self._client._imap.untagged_responses.get("EXISTS"))
        self._relooking = told and (self._stored_last > 0 or not self._relooking)
        return self._relooking

    def _watermark(self) -> int:
        name, folder = self._settings.name, self._settings.folder
        place = self._state.get(name, folder)
        if place is not None and place[0] == self.uidvalidity:
            return place[1]
        present = self._search("ALL")
        baseline = self._uidnext - 1 if self._uidnext else max(present, default=0)
        watermark = baseline if self._settings.start == "new" else -baseline - 1
        log.info(
            "imap %s: %s, UIDVALIDITY %d, %d mails there, start = %s",
            name, "first connection" if place is None else f"UIDVALIDITY was {place[0]}", self.uidvalidity,
            len(present), self._settings.start,
        )  # fmt: skip
        self._state.set(name, folder, self.uidvalidity, watermark)
        return watermark

    def _candidates(self, watermark: int) -> set[int]:
        if watermark >= 0:
            found = self._from(watermark + 1)
        else:
            baseline = -watermark - 1
            chosen = self._search("UNSEEN" if self._settings.start == "unseen" else "ALL")
            stored = self._search("ALL") & self._known  # stored, but perhaps not yet flagged or moved
            found = {uid for uid in chosen | stored if uid <= baseline} | self._from(baseline + 1)
        return found - self._memory.given_up

    def _from(self, first: int) -> set[int]:
        # "n:*" always names the last mail, even below n (RFC 9051, section 9, seq-range)
        return {uid for uid in self._search("UID", f"{first}:*") if uid >= first}

    def _search(self, *criteria: str) -> set[int]:
        self._allow(self._settings.timeout_seconds * 2)
        return set(self._client.search(list(criteria)))

    def _remember(self, watermark: int, upto: int, left: Iterable[int]) -> int:
        """Raise the watermark as far as nothing is left below it."""
        open_ones = [*left, *self._unfinished]
        reached = min([upto, *(uid - 1 for uid in open_ones)])
        if reached > watermark:
            self._state.set(self._settings.name, self._settings.folder, self.uidvalidity, reached)
            return reached
        return watermark

    def _settle(self, watermark: int, candidates: set[int], left: set[int]) -> None:
        if watermark >= 0:
            self._remember(watermark, max(candidates, default=watermark), left)
            return
        baseline = -watermark - 1
        if not any(uid <= baseline for uid in left | self._unfinished):
            self._remember(watermark, max([baseline, *candidates]), left)

    # ------------------------------------------------------------------------------ taking mails

    def _batches(self, uids: Sequence[int]) -> Iterator[list[int]]:
        """At most `batch` mails and, by what the server says, `batch_bytes` together; at least one."""
        for at in range(0, len(uids), 500):
            part = uids[at : at + 500]
            sizes = self._sizes(part)
            batch: list[int] = []
            total = 0
            for uid in part:
                size = sizes.get(uid, 0)
                alone = uid in self._memory.alone
                full = len(batch) >= self._settings.batch or total + size > self._settings.batch_bytes
                if batch and (full or alone):
                    yield batch
                    batch, total = [], 0
                batch.append(uid)
                total += size
                if alone:
                    yield batch
                    batch, total = [], 0
            if batch:
                yield batch

    def _sizes(self, uids: Sequence[int]) -> dict[int, int]:
        try:
            found = self._fetch(uids, ["RFC822.SIZE"], 0)
        except imaplib.IMAP4.abort:
            raise
        except (IMAPClientError, ValueError):
            found = {}
        self._size_of = {uid: int(data.get(b"RFC822.SIZE", 0)) for uid, data in found.items()}
        return self._size_of

    def _fetch(self, uids: Sequence[int], what: Sequence[str], size: int) -> dict[int, dict[bytes, Any]]:
        # a mail may trickle in, but not slower than 8 KB a second
        self._allow(self._settings.timeout_seconds * 2 + size / 8_192)
        self._client._imap.untagged_responses.pop("FETCH", None)
        found: dict[int, dict[bytes, Any]] = self._client.fetch(uids, what)
        return found

    def _take_batch(self, uids: list[int]) -> set[int]:
        """The UIDs that are dealt with: stored, gone from the folder, or given up and reported."""
        hopeless = {uid: why for uid in uids if (why := self._hopeless(uid))}
        done = {uid for uid, why in hopeless.items() if self._give_up(uid, why)}
        wanted = [uid for uid in uids if uid not in hopeless]
        if not wanted:
            return done
        size = sum(self._size_of.get(uid, 0) for uid in wanted)
        self._memory.in_flight = tuple(wanted)
        try:
            found = self._fetch(wanted, ["INTERNALDATE", "BODY.PEEK[]"], size)
        except imaplib.IMAP4.abort:
            raise
        except (IMAPClientError, ValueError) as problem:
            # one of them is the culprit (expunged meanwhile, or broken on the server): find out which
            if len(wanted) == 1:
                done |= self._after_failed_fetch(wanted[0], problem)
            else:
                for uid in wanted:
                    done |= self._take_batch([uid])
            return done
        finally_there = {uid: data for uid, data in found.items() if uid in wanted}
        self._memory.in_flight = ()
        done |= self._store(finally_there)
        missing = [uid for uid in wanted if uid not in finally_there]
        if missing:
            done |= set(missing) - self._search("UID", ",".join(map(str, missing)))
        return done

    def _store(self, found: dict[int, dict[bytes, Any]]) -> set[int]:
        self._allow(0)
        waiting: list[tuple[int, Future[int] | int | Exception]] = []
        done: set[int] = set()
        for uid, data in sorted(found.items()):
            raw = data.get(b"BODY[]")
            if raw is None or (not raw and self._size_of.get(uid, 0)):
                waiting.append((uid, ValueError("the server gave no body")))
                continue
            try:
                waiting.append((uid, self._accept(self._envelope(data), raw, self._key(uid))))
            except Exception as problem:
                waiting.append((uid, problem))
        trouble: Temporary | None = None
        for uid, answer in waiting:
            try:
                if isinstance(answer, Exception):
                    raise answer
                if isinstance(answer, Future):
                    answer.result(ACCEPT_SECONDS)
            except (Temporary, TimeoutError) as problem:
                trouble = (
                    problem if isinstance(problem, Temporary) else Temporary("the store does not answer")
                )
            except Exception as problem:
                if self._failed(uid, f"{type(problem).__name__}: {problem}"):
                    done.add(uid)
            else:
                self._known.add(uid)
                self._memory.failures.pop(uid, None)
                done.add(uid)
        if trouble is not None:
            self._finish(sorted(done & self._known))
            raise trouble
        return done

    def _envelope(self, data: dict[bytes, Any]) -> Envelope:
        return Envelope(source=f"imap:{self._settings.name}", received_at=_reception(data))

    def _key(self, uid: int) -> str:
        return f"imap:{self._settings.name}:{self._settings.folder}:{self.uidvalidity}:{uid}"

    # ------------------------------------------------------------------------- mails that fail

    def _after_failed_fetch(self, uid: int, problem: Exception) -> set[int]:
        if not self._search("UID", str(uid)):
            return {uid}  # expunged meanwhile
        return {uid} if self._failed(uid, f"cannot be fetched: {problem}") else set()

    def _blame_the_lost_connection(self) -> None:
        """A mail that makes the server drop the connection must not do so for ever."""
        lost, self._memory.in_flight = self._memory.in_flight, ()
        self._memory.alone.update(lost)
        if len(lost) == 1:
            self._memory.failures[lost[0]] = self._memory.failures.get(lost[0], 0) + 1

    def _failed(self, uid: int, reason: str) -> bool:
        """Count a failure; True when the mail is given up and that is reported."""
        count = self._memory.failures.get(uid, 0) + 1
        self._memory.failures[uid] = count
        log.warning("imap %s: UID %d, attempt %d of %d: %s", self._settings.name, uid, count, TRIES, reason)
        return count >= TRIES and self._give_up(uid, f"{reason} ({count} attempts)")

    def _hopeless(self, uid: int) -> str:
        """Why not even to try; "" when there is no reason."""
        if self._memory.failures.get(uid, 0) >= TRIES:
            return f"the connection was lost {TRIES} times while it was fetched"
        if self._size_of.get(uid, 0) > self._max_bytes:
            return f"{self._size_of[uid]} bytes, more than {self._max_bytes} are not taken"
        return ""

    def _give_up(self, uid: int, reason: str) -> bool:
        data = self._header(uid)
        header: bytes = data.get(b"BODY[HEADER]") or b""
        self._allow(0)
        try:
            self._on_bad(BadMail(self._key(uid), _reception(data), self._size_of.get(uid, 0), header, reason))
        except Temporary:
            raise
        except Exception:
            log.exception("imap %s: UID %d could not be reported", self._settings.name, uid)
            return False
        self._memory.given_up.add(uid)
        self._memory.failures.pop(uid, None)
        return True

    def _header(self, uid: int) -> dict[bytes, Any]:
        if self._memory.failures.get(uid, 0) > TRIES:
            return {}  # even this made the server drop the connection
        before = self._memory.failures.get(uid, 0)
        self._memory.failures[uid] = TRIES + 1
        try:
            found = self._fetch([uid], ["INTERNALDATE", "BODY.PEEK[HEADER]"], 0).get(uid, {})
        except imaplib.IMAP4.abort:
            raise
        except (IMAPClientError, ValueError):
            found = {}
        self._memory.failures[uid] = before
        return found

    # ------------------------------------------------------------------------------ afterwards

    def _finish(self, uids: Sequence[int]) -> None:
        """Flag, move or delete what is stored; what the server refuses is tried again at the next look."""
        if not uids or self._finisher is None:
            return
        self._allow(self._settings.timeout_seconds * 2)
        for at in range(0, len(uids), 500):
            part = uids[at : at + 500]
            try:
                self._finisher.finish(part)
            except imaplib.IMAP4.abort:
                raise
            except IMAPClientError as problem:
                self._unfinished.update(part)
                self.complaint = (
                    f"stored mails cannot be finished as done = {self._settings.done!r} says: {problem}"
                )
                log.warning("imap %s: %s", self._settings.name, self.complaint)
            else:
                self._unfinished.difference_update(part)
                self._finished.update(part)
                self.complaint = ""


def _reception(data: dict[bytes, Any]) -> datetime:
    """INTERNALDATE as aware UTC; now where the server says nothing, or something in the future."""
    now = datetime.now(UTC)
    at = data.get(b"INTERNALDATE")
    if not isinstance(at, datetime) or at.tzinfo is None:
        return now
    return min(at.astimezone(UTC), now)
