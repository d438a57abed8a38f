"""One selected folder: which mails are new, taking them in batches, and what is remembered of it.

What is new is decided by our own record, never by flags: a watermark (all UIDs up to it are dealt with)
and the UIDs that were stored already, both for one UIDVALIDITY. `start` decides once, at the first
connection and after a change of UIDVALIDITY, about what lies in the folder then. While that is under way
the watermark is stored as `-baseline - 1`: a crash in the middle decides again about the same mails and
takes all later ones whatever their flags.
"""

from __future__ import annotations

import imaplib
import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from maild.receive.imap_done import DoneMarker
from maild.receive.imap_fetch import HIGHEST_UID, Accept, BadMail, Fetcher, FetchState
from maild.settings import Imap

log = logging.getLogger("maild.receive.imap")


def _upto(watermark: int) -> int:
    """The highest UID that a watermark speaks of, also one that is stored as `-baseline - 1`."""
    return watermark if watermark >= 0 else -watermark - 1


class MailboxState(Protocol):
    """Our record of a mailbox, in the database."""

    def get(self, account: str, folder: str) -> tuple[int, int] | None:
        """(UIDVALIDITY, watermark) or None before the first connection."""

    def set(self, account: str, folder: str, uidvalidity: int, watermark: int) -> None: ...

    def put_back(self, account: str, folder: str, uidvalidity: int, watermark: int, first: int) -> None:
        """As `set`, and UIDs from `first` on are given anew: no mail is known by them alone any more."""
        ...

    def raised(self, account: str, folder: str, uidvalidity: int, before: int, watermark: int) -> bool:
        """Set the watermark where it is `before` still, in one step; whether it was. Somebody else may lower it."""

    def known_uids(self, account: str, folder: str, uidvalidity: int) -> Iterable[int]:
        """UIDs of which a mail was accepted."""


class ImapFolder:
    """The folder of one connection. Not thread-safe, as the client is not."""

    def __init__(
        self,
        client: IMAPClient,
        settings: Imap,
        select_info: dict[bytes, Any],
        writable: bool,
        *,
        accept: Accept,
        state: MailboxState,
        memory: FetchState,
        on_bad: Callable[[BadMail], None],
        max_bytes: int,
        stopping: Callable[[], bool],
        allow: Callable[[float], None],
    ) -> None:
        self._client = client
        self._settings = settings
        self._state = state
        self._memory = memory
        self._stopping = stopping
        self._allow = allow  # seconds that the watchdog grants to what comes next
        self.uidvalidity = int(select_info.get(b"UIDVALIDITY", 0))
        if not 0 <= self.uidvalidity <= HIGHEST_UID:
            raise imaplib.IMAP4.abort(f"the server speaks of UIDVALIDITY {self.uidvalidity}, which is none")
        memory.begin(self.uidvalidity)
        uidnext = int(select_info.get(b"UIDNEXT", 0))
        self._uidnext = uidnext if 0 < uidnext <= HIGHEST_UID else 0
        self._finisher = DoneMarker(client, settings.done, select_info) if writable else None
        self._known = set(state.known_uids(settings.name, settings.folder, self.uidvalidity))
        self._fetcher = Fetcher(
            client,
            settings,
            memory,
            self._known,
            accept=accept,
            on_bad=on_bad,
            max_bytes=max_bytes,
            allow=allow,
        )
        self._fetcher.mails = int(select_info.get(b"EXISTS", 0))
        self._search = self._fetcher.search
        self._relooking = False
        self._finds_less: bool | None = None  # than it says is there; None: not looked yet
        self._stored_last = 0
        self._unfinished: set[int] = set()
        self._finished: set[int] = set()
        self.complaint = (
            "" if writable else f"folder {settings.folder!r} is read-only: mails stay as they are"
        )

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
        self._fetcher.trouble = None
        for uids in self._fetcher.batches(fresh):
            if self._stopping() or self._fetcher.trouble:
                break
            done = self._fetcher.take(uids)
            stored += len(done & self._known)
            left -= done
            self._finish(sorted(done & self._known))
            if watermark >= 0:
                watermark = self._remember(watermark, max(uids), left)
        if self._fetcher.trouble is not None:
            raise self._fetcher.trouble
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
        self._fetcher.note_mails()
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
        # of the beginning of the connection: no more than that is known of it
        uidnext, self._uidnext = self._uidnext, 0
        if place is not None and place[0] == self.uidvalidity:
            if uidnext and _upto(place[1]) >= uidnext:
                return self._put_back(place[1], uidnext)
            if place[1] < self._memory.watermark:
                log.info("imap %s: the whole folder is looked through again", name)
                self._memory.look_again()
            self._memory.watermark = place[1]
            return place[1]
        present = self._search("ALL")
        # of the two the lower: what comes later stands above both, and one of them may be a lie
        highest = max(present, default=0)
        baseline = min(uidnext - 1, highest) if uidnext else highest
        watermark = baseline if self._settings.start == "new" else -baseline - 1
        log.info(
            "imap %s: %s, UIDVALIDITY %d, %d mails there, start = %s",
            name, "first connection" if place is None else f"UIDVALIDITY was {place[0]}", self.uidvalidity,
            len(present), self._settings.start,
        )  # fmt: skip
        self._set(watermark)
        return watermark

    def _put_back(self, watermark: int, uidnext: int) -> int:
        """The record is beyond UIDNEXT, which never falls (RFC 9051, section 2.3.1.1): what the server said then of UIDs
        was wrong, or the mailbox is an older copy of itself, and all later mails would stand below it. From the last that is
        stored on: what lies there by now as `start` says, and all that comes later. What lay there is looked through as it
        was where that look was not over: below the last that is stored some may be left. The UIDs from the next on are given
        anew, to mails that only look like those that are stored under them."""
        stored = 0 if watermark < 0 else max((uid for uid in self._known if uid < uidnext), default=0)
        first = uidnext - 1
        if stored and (self._settings.start != "unseen" or stored == first):
            made = stored
        else:
            anew = watermark < 0 or self._settings.start != "new"
            made = -first - 1 if anew else first
        log.warning(
            "imap %s: mails were said to reach to UID %d, and the next is %d: looked through again from UID %d; "
            "`maild mail resync` looks through all",
            self._settings.name, _upto(watermark), uidnext, stored or (first if made >= 0 else 0),
        )  # fmt: skip
        self._memory.look_again()
        self._memory.dealt_with = stored
        self._state.put_back(self._settings.name, self._settings.folder, self.uidvalidity, made, uidnext)
        self._known.difference_update([uid for uid in self._known if uid >= uidnext])
        self._memory.watermark = made
        return made

    def _set(self, watermark: int) -> None:
        self._state.set(self._settings.name, self._settings.folder, self.uidvalidity, watermark)
        self._memory.watermark = watermark

    def _candidates(self, watermark: int) -> set[int]:
        if watermark >= 0:
            uids = self._from(watermark + 1)
        else:
            baseline = _upto(watermark)
            chosen = self._search("UNSEEN" if self._settings.start == "unseen" else "ALL")
            every = self._search("ALL")
            if self._finds_less is None:  # later we take some away ourselves
                self._finds_less = len(every) < self._fetcher.mails
            stored = every & self._known  # stored, but perhaps not yet flagged or moved
            chosen = {uid for uid in chosen if uid > self._memory.dealt_with}
            uids = {uid for uid in chosen | stored if uid <= baseline} | self._from(baseline + 1)
        return uids - self._memory.given_up

    def _from(self, first: int) -> set[int]:
        # "n:*" always names the last mail, even below n (RFC 9051, section 9, seq-range)
        return {uid for uid in self._search("UID", f"{first}:*") if uid >= first}

    def _remember(self, watermark: int, upto: int, left: Iterable[int]) -> int:
        """Raise the watermark as far as nothing is left below it."""
        open_ones = [*left, *self._unfinished]
        reached = min([upto, *(uid - 1 for uid in open_ones)])
        name, folder = self._settings.name, self._settings.folder
        if reached > watermark and self._state.raised(name, folder, self.uidvalidity, watermark, reached):
            self._memory.watermark = reached
            return reached  # otherwise somebody wants the folder looked through again (`mail resync`)
        return watermark

    def _settle(self, watermark: int, candidates: set[int], left: set[int]) -> None:
        if watermark >= 0:
            self._remember(watermark, max(candidates, default=watermark), left)
            return
        baseline = _upto(watermark)
        if self._finds_less:
            self.complaint = "the server finds fewer mails than it says are there: they are looked for again"
            return
        if not any(uid <= baseline for uid in left | self._unfinished):
            self._remember(watermark, max([baseline, *candidates]), left)

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
