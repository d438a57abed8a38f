"""Fetching mails in batches and handing them to `accept`; mails that make trouble are counted and reported.

Over 300 lines: one batch from its search to its flags, with what may go wrong at each step.
"""

from __future__ import annotations

import imaplib
import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import field
from datetime import UTC, datetime
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from maild.errors import Temporary
from maild.model import Envelope
from maild.settings import Imap
from maild.values import dataclass

log = logging.getLogger("maild.receive.imap")

#: (envelope, raw, source key) -> the row's id, or a future of it; only after the commit
Accept = Callable[[Envelope, bytes, str], "Future[int] | int"]

TRIES = 3
ACCEPT_SECONDS = 120.0
#: mails that one SEARCH looks at: its answer is one line
WINDOW = 20_000
#: a folder may hold so many; a server that speaks of more is not believed
MOST_MAILS = 5_000_000
#: RFC 9051, section 9, uniqueid: 32 bits
HIGHEST_UID = 2**32 - 1
#: bytes around a mail in a FETCH, and how far the sizes that some servers estimate are off
AROUND, ESTIMATE = 4_096, 2
#: of a header block that is reported
HEADER_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class BadMail:
    """A mail that stays in the mailbox because it cannot be taken: too big, or it failed several times."""

    source_key: str  # never that of a stored mail: what is stored may be moved or deleted
    received_at: datetime
    size: int  # as the server says, 0 when it does not
    header: bytes  # b"" when not even that could be fetched
    reason: str


@dataclass(slots=True)
class FetchState:
    """What outlives a connection: kept by the watcher."""

    uidvalidity: int = 0
    watermark: int = -1  # as we last wrote or read it; lower ones in the record are `mail resync`'s
    dealt_with: int = 0  # a look through what lies there begins above it
    failures: dict[int, int] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)
    given_up: set[int] = field(default_factory=set)
    in_flight: tuple[int, ...] = ()  # being fetched when the connection was lost
    alone: set[int] = field(default_factory=set)  # lost connections: fetched one at a time from now on

    def begin(self, uidvalidity: int) -> None:
        """A connection has begun: forget what belongs to another UIDVALIDITY, blame what was in flight."""
        lost, self.in_flight = self.in_flight, ()
        if self.uidvalidity != uidvalidity:
            self.uidvalidity = uidvalidity
            self.look_again()
            return
        # a mail that makes the server drop the connection must not do so for ever
        self.alone.update(lost)
        if len(lost) == 1:
            self.count(lost[0], "the connection was lost while it was fetched")

    def look_again(self) -> None:
        """Forget what was given up."""
        self.watermark, self.dealt_with = -1, 0
        for kept in (self.failures, self.reasons, self.given_up, self.alone):
            kept.clear()

    def count(self, uid: int, reason: str) -> int:
        """One failure more; how many there are now."""
        self.failures[uid] = self.failures.get(uid, 0) + 1
        self.reasons[uid] = reason
        return self.failures[uid]

    def forget(self, uid: int) -> None:
        self.failures.pop(uid, None)
        self.reasons.pop(uid, None)


class Fetcher:
    """For one connection and one selected folder. `known`: UIDs that are stored; grows with each mail.

    `trouble` is set when the store could not take a mail now: the caller should stop and come back later.
    """

    def __init__(
        self,
        client: IMAPClient,
        settings: Imap,
        memory: FetchState,
        known: set[int],
        *,
        accept: Accept,
        on_bad: Callable[[BadMail], None],
        max_bytes: int,
        allow: Callable[[float], None],
    ) -> None:
        self.known = known
        self.mails = 0
        self.trouble: Temporary | None = None
        self._client = client
        self._settings = settings
        self._memory = memory
        self._accept = accept
        self._on_bad = on_bad
        self._max_bytes = max_bytes
        self._allow = allow
        self._size_of: dict[int, int] = {}

    def batches(self, uids: Sequence[int]) -> Iterator[list[int]]:
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
            sizes = self._fetch(uids, ["RFC822.SIZE"], 0)
        except imaplib.IMAP4.abort:
            raise
        except (IMAPClientError, ValueError):
            sizes = {}
        self._size_of = {uid: int(data.get(b"RFC822.SIZE", 0)) for uid, data in sizes.items()}
        return self._size_of

    def _fetch(
        self, uids: Sequence[int], what: Sequence[str], size: int, most: int = 0
    ) -> dict[int, dict[bytes, Any]]:
        """`size`: what it should take by what the server says; `most`: bytes that it may take."""
        # a mail may trickle in, but not slower than 8 KB a second
        self._allow(self._settings.timeout_seconds * 2 + size / 8_192)
        self._client._imap.untagged_responses.pop("FETCH", None)
        self._client._imap.grant(most + AROUND * len(uids))
        answers: dict[int, dict[bytes, Any]] = self._client.fetch(uids, what)
        return answers

    def search(self, *criteria: str) -> set[int]:
        """UIDs of the folder."""
        untagged = self._client._imap.untagged_responses
        for _ in range(TRIES):
            untagged.pop("EXPUNGE", None)
            uids: set[int] = set()
            mails = self.note_mails()
            for first in range(1, max(mails, 1) + 1, WINDOW):
                # by sequence numbers, so that no answer is longer than a line may be
                part = [f"{first}:{first + WINDOW - 1}"] if mails > WINDOW else []
                self._allow(self._settings.timeout_seconds * 2)
                uids.update(self._client.search([*part, *criteria]))
            if any(not 0 < uid <= HIGHEST_UID for uid in uids):
                raise imaplib.IMAP4.abort(f"the server speaks of UID {max(uids)}, which is none")
            if mails <= WINDOW or "EXPUNGE" not in untagged:  # which moves the numbers of all that follow
                return uids
        raise Temporary("mails leave the folder faster than they can be looked for")

    def note_mails(self) -> int:
        """How many there are in the folder, by what the server said last."""
        said = self._client._imap.untagged_responses.get("EXISTS") or ()
        if said and bytes(said[-1]).isdigit():
            self.mails = int(said[-1])
        if self.mails > MOST_MAILS:
            raise imaplib.IMAP4.abort(f"the server speaks of {self.mails} mails in the folder")
        return self.mails

    def take(self, uids: list[int]) -> set[int]:
        """The UIDs that are dealt with: stored, gone from the folder, or given up and reported."""
        hopeless = {uid: why for uid in uids if (why := self._hopeless(uid))}
        done = {uid for uid, why in hopeless.items() if self._give_up(uid, why)}
        wanted = [uid for uid in uids if uid not in hopeless]
        if not wanted:
            return done
        size = sum(self._size_of.get(uid, 0) for uid in wanted)
        one = self._max_bytes + 1  # what is longer is not taken, whatever its size was said to be
        most = one if len(wanted) == 1 else min(one * len(wanted), ESTIMATE * size + AROUND * len(wanted))
        self._memory.in_flight = tuple(wanted)
        try:
            answers = self._fetch(wanted, ["INTERNALDATE", f"BODY.PEEK[]<0.{one}>"], size, most)
        except imaplib.IMAP4.abort:
            raise
        except (IMAPClientError, ValueError) as problem:
            self._memory.in_flight = ()
            # one of them is the culprit (expunged meanwhile, or broken on the server): find out which
            if len(wanted) == 1:
                done |= self._after_failed_fetch(wanted[0], problem)
            else:
                for uid in wanted:
                    done |= self.take([uid])
            return done
        there = {uid: data for uid, data in answers.items() if uid in wanted}
        self._memory.in_flight = ()
        done |= self._store(there)
        missing = [uid for uid in wanted if uid not in there]
        if missing:
            done |= set(missing) - self.search("UID", ",".join(map(str, missing)))
        return done

    def _store(self, answers: dict[int, dict[bytes, Any]]) -> set[int]:
        """Hand all over before the first is waited for: the store takes them together. Those that are dealt with."""
        self._allow(0)
        handed = {uid: self._hand_over(uid, data) for uid, data in sorted(answers.items())}
        return {uid for uid, answer in handed.items() if self._settled(uid, answer)}

    def _hand_over(self, uid: int, data: dict[bytes, Any]) -> Future[int] | int | Exception | None:
        """What `accept` gives or raises; None for a mail that is too big."""
        raw = data.get(b"BODY[]<0>", data.get(b"BODY[]"))
        if raw is None or (not raw and self._size_of.get(uid, 0)):
            return ValueError("the server gave no body")
        if len(raw) > self._max_bytes:
            self._size_of[uid] = len(raw)
            return None
        try:
            return self._accept(self._envelope(data), raw, self._key(uid))
        except Exception as problem:
            return problem

    def _settled(self, uid: int, answer: Future[int] | int | Exception | None) -> bool:
        """Whether the mail is dealt with: stored, or given up."""
        if answer is None:
            return self._give_up(uid, self._hopeless(uid))
        try:
            if isinstance(answer, Exception):
                raise answer
            if isinstance(answer, Future):
                answer.result(ACCEPT_SECONDS)
        except Temporary as problem:
            self.trouble = problem
        except TimeoutError:
            self.trouble = Temporary("the store does not answer")
        except Exception as problem:
            return self._failed(uid, f"{type(problem).__name__}: {problem}")
        else:
            self.known.add(uid)
            self._memory.forget(uid)
            return True
        return False

    def _envelope(self, data: dict[bytes, Any]) -> Envelope:
        return Envelope(source=f"imap:{self._settings.name}", received_at=_reception(data))

    def _key(self, uid: int) -> str:
        return f"imap:{self._settings.name}:{self._settings.folder}:{self._memory.uidvalidity}:{uid}"

    # ------------------------------------------------------------------------- mails that fail

    def _after_failed_fetch(self, uid: int, problem: Exception) -> set[int]:
        if not self.search("UID", str(uid)):
            return {uid}  # expunged meanwhile
        return {uid} if self._failed(uid, f"cannot be fetched: {problem}") else set()

    def _failed(self, uid: int, reason: str) -> bool:
        """Count a failure; True when the mail is given up and that is reported."""
        count = self._memory.count(uid, reason)
        log.warning("imap %s: UID %d, attempt %d of %d: %s", self._settings.name, uid, count, TRIES, reason)
        return count >= TRIES and self._give_up(uid, f"{reason} ({count} attempts)")

    def _hopeless(self, uid: int) -> str:
        """Why not even to try; "" when there is no reason."""
        if self._memory.failures.get(uid, 0) >= TRIES:
            return f"{self._memory.reasons.get(uid, '')} ({TRIES} attempts)"
        if self._size_of.get(uid, 0) > self._max_bytes:
            return f"{self._size_of[uid]} bytes, more than {self._max_bytes} are not taken"
        return ""

    def _give_up(self, uid: int, reason: str) -> bool:
        data = self._header(uid)
        header: bytes = data.get(b"BODY[HEADER]<0>") or data.get(b"BODY[HEADER]") or b""
        self._allow(0)
        try:
            self._on_bad(
                BadMail(f"left:{self._key(uid)}", _reception(data), self._size_of.get(uid, 0), header, reason)
            )
        except Temporary as problem:
            self.trouble = problem
            return False
        except Exception:
            log.exception("imap %s: UID %d could not be reported", self._settings.name, uid)
            return False
        self._memory.given_up.add(uid)
        self._memory.forget(uid)
        return True

    def _header(self, uid: int) -> dict[bytes, Any]:
        if self._memory.failures.get(uid, 0) > TRIES:
            return {}  # even this made the server drop the connection
        before = self._memory.failures.get(uid, 0)
        self._memory.failures[uid] = TRIES + 1
        try:
            answers = self._fetch(
                [uid], ["INTERNALDATE", f"BODY.PEEK[HEADER]<0.{HEADER_BYTES}>"], 0, HEADER_BYTES
            ).get(uid, {})
        except imaplib.IMAP4.abort:
            raise
        except (IMAPClientError, ValueError):
            answers = {}
        self._memory.failures[uid] = before
        return answers


def _reception(data: dict[bytes, Any]) -> datetime:
    """INTERNALDATE as aware UTC; now where the server says nothing, or something in the future."""
    now = datetime.now(UTC)
    at = data.get(b"INTERNALDATE")
    if not isinstance(at, datetime) or at.tzinfo is None:
        return now
    return min(at.astimezone(UTC), now)
