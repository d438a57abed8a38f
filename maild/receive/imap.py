"""Mail in by IMAP: one thread a mailbox that keeps itself connected and takes in what is new."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Literal

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from maild.errors import ConfigError, Temporary
from maild.pauses import UNREACHABLE, Pauses
from maild.receive.imap_connect import ConnectFault, NoConnection, close, connect, folder_info
from maild.receive.imap_fetch import Accept, BadMail, FetchState
from maild.receive.imap_idle import Wakeup, idle
from maild.receive.imap_mailbox import ImapFolder, MailboxState
from maild.secret import TokenSource
from maild.settings import Imap

__all__ = ["Accept", "BadMail", "ImapWatcher", "MailboxState", "NoConnection"]

log = logging.getLogger("maild.receive.imap")

#: how a mailbox is watched; "": not yet
WatchState = Literal["", "connecting", "watching", ConnectFault, "lost", "store", "config", "stopped"]
#: (mailbox name, state, text)
OnState = Callable[[str, WatchState, str], None]

#: Wrong passwords: a person must act, and quick retries lock the account
PATIENT_SECONDS = 300.0
STORE_RETRY_SECONDS = 5.0
#: an outage that lasts is told again, so that it stands in today's log too
TELL_AGAIN_SECONDS = 3600.0
#: states that only a person can end
_ERRORS = ("password", "certificate", "folder", "config")


class ImapWatcher:
    """`start()` begins a thread, `stop()` ends it cleanly.

    `accept` and `state` are called in the thread and may block. `on_bad` gets what cannot be taken: too
    big, or failed three times; raising Temporary there tries again later. `backoff` makes a fresh
    series of seconds after each success.
    """

    def __init__(
        self,
        settings: Imap,
        accept: Accept,
        state: MailboxState,
        *,
        on_state: OnState = lambda _name, _state, _text: None,
        on_bad: Callable[[BadMail], None] = lambda _bad: None,
        tokens: TokenSource | None = None,
        max_bytes: int = 31_457_280,
        backoff: Callable[[], Iterator[float]] = lambda: Pauses(UNREACHABLE),
        patient_seconds: float = PATIENT_SECONDS,
    ) -> None:
        self.settings = settings
        self.state: tuple[WatchState, str] = ("", "")
        self._told = 0.0
        self._accept = accept
        self._record = state
        self._on_state = on_state
        self._on_bad = on_bad
        self._tokens = tokens
        self._max_bytes = max_bytes
        self._backoff = backoff
        self._patient = patient_seconds
        self._memory = FetchState()
        self._reached = False
        self._bell = Wakeup()
        self._stop = threading.Event()
        self._deadline: float | None = None
        self._client: IMAPClient | None = None
        self._socket: socket.socket | None = None
        name = f"maild-imap-{settings.name}"
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._watchdog = threading.Thread(target=self._watch, name=f"{name}-watchdog", daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._watchdog.start()

    def stop(self, timeout: float = 10.0) -> bool:
        """End the thread: at once when it waits, after the commit under way otherwise. True: it has ended.

        Blocks: where `accept` needs an event loop, that loop must run on (`asyncio.to_thread(watcher.stop)`).
        """
        self._stop.set()
        self._bell.ring()
        self._thread.join(timeout)
        if self._thread.is_alive():
            self._break_connection()
            self._thread.join(5.0)
        self._watchdog.join(5.0)
        ended = not self._thread.is_alive()
        if ended:
            self._bell.close()
        return ended

    # ------------------------------------------------------------------------------------ thread

    def _run(self) -> None:
        waits = self._backoff()
        while not self._stop.is_set():
            patient = False
            connected = time.monotonic()
            try:
                self._tell("connecting", f"{self.settings.host}:{self.settings.port}")
                self._session()
            except NoConnection as problem:
                patient = problem.needs_a_person
                self._tell(problem.code, problem.text)
            except ConfigError as problem:
                patient = True
                self._tell("config", str(problem))
            except (IMAPClientError, OSError) as problem:
                self._tell(
                    "lost", f"connection to {self.settings.host} lost: {problem or type(problem).__name__}"
                )
            except Temporary as problem:
                self._tell("store", f"mails stay in the mailbox for now: {problem}")
            except Exception as problem:
                log.exception("imap %s: unexpected", self.settings.name)
                self._tell("lost", f"unexpected {type(problem).__name__}: {problem}")
            finally:
                self._disconnect()
            if self._stop.is_set():
                break
            if self._reached and time.monotonic() - connected > 5.0:
                waits = self._backoff()
            self._bell.wait(self._patient if patient else next(waits, 60.0))
        self._tell("stopped", "")

    def _session(self) -> None:
        self._reached = False
        self._allow(self.settings.timeout_seconds * 4)
        try:
            self._client = client = connect(self.settings, self._tokens, self._remember_socket)
        except NoConnection as problem:
            if problem.code != "password" or self._tokens is None:
                raise
            # an access token may be withdrawn before its time: one new one, then it is the account's fault
            self._client = client = connect(self.settings, self._tokens, self._remember_socket)
        self._allow(self.settings.timeout_seconds * 2)
        info, writable = folder_info(client, self.settings)
        self._allow(0)
        mailbox = ImapFolder(
            client,
            self.settings,
            info,
            writable,
            accept=self._accept,
            state=self._record,
            memory=self._memory,
            on_bad=self._on_bad,
            max_bytes=self._max_bytes,
            stopping=self._stop.is_set,
            allow=self._allow,
        )
        self._reached = True
        can_idle = client.has_capability("IDLE")
        while not self._stop.is_set():
            pause = min(self.settings.poll_seconds, self.settings.idle_renew_seconds)
            try:
                mailbox.take()
            except Temporary as problem:
                self._tell("store", f"mails stay in the mailbox for now: {problem}")
                pause = STORE_RETRY_SECONDS
            else:
                self._tell("watching", mailbox.complaint)
            if not self._stop.is_set() and not mailbox.more_came():
                self._pause(client, pause, can_idle)

    def _pause(self, client: IMAPClient, seconds: float, can_idle: bool) -> None:
        self._allow(seconds + self.settings.timeout_seconds * 2)
        if can_idle:
            idle(client, self._bell, seconds)
        else:
            self._bell.wait(seconds)
            client.noop()

    def _tell(self, state: WatchState, text: str) -> None:
        calm = state in ("connecting", "watching", "stopped")
        if state == "connecting" and self.state[0] not in ("", "watching"):
            return  # an outage is told once, not at each attempt
        if self.state == (state, text) and (calm or time.monotonic() < self._told + TELL_AGAIN_SECONDS):
            return
        self.state, self._told = (state, text), time.monotonic()
        level = logging.ERROR if state in _ERRORS else logging.INFO if calm else logging.WARNING
        log.log(level, "imap %s: %s%s", self.settings.name, state, f": {text}" if text else "")
        try:
            self._on_state(self.settings.name, state, text)
        except Exception:
            log.exception("imap %s: on_state failed", self.settings.name)

    def _disconnect(self) -> None:
        client, self._client = self._client, None
        self._socket = None
        if client is None:
            return
        if self._stop.is_set():
            with contextlib.suppress(Exception):
                client.socket().settimeout(2.0)
                client.logout()
                return
        close(client)

    # ---------------------------------------------------------------------------------- watchdog

    def _allow(self, seconds: float) -> None:
        """Grant the server this long for what comes next; 0: it is our own turn, without a limit."""
        self._deadline = time.monotonic() + seconds if seconds else None

    def _watch(self) -> None:
        """Socket timeouts see silence; this sees a server that trickles for ever."""
        while not self._stop.wait(min(5.0, self.settings.timeout_seconds / 2)):
            deadline = self._deadline
            if deadline is not None and time.monotonic() > deadline:
                self._deadline = None
                log.warning("imap %s: no progress, connection broken off", self.settings.name)
                self._break_connection()

    def _remember_socket(self, sock: socket.socket) -> None:
        self._socket = sock

    def _break_connection(self) -> None:
        sock = self._socket
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
