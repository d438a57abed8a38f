"""Waiting in IDLE (RFC 2177) in a way that can be stopped and cannot hang or spin.

imapclient's `idle_check` reports nothing, at once and for ever, once the server has closed the connection
(issue 565), so it is not used: whatever arrives ends the IDLE with DONE, and reading the answer finds out.
"""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
from collections.abc import Iterator
from typing import Any

from imapclient import IMAPClient


class Wakeup:
    """Wakes a thread that waits for a socket; rings from any thread."""

    def __init__(self) -> None:
        self._ear, self._hammer = socket.socketpair()
        self._ear.setblocking(False)
        self._hammer.setblocking(False)

    def fileno(self) -> int:
        return self._ear.fileno()

    def ring(self) -> None:
        with contextlib.suppress(OSError):  # full: it rings already; closed: nobody waits
            self._hammer.send(b"!")

    def wait(self, seconds: float, sock: socket.socket | None = None) -> bool:
        """Until it rings, `sock` has something to read or time is up. True: it rang."""
        poller = select.poll()
        poller.register(self._ear, select.POLLIN)
        if sock is not None:
            poller.register(sock, select.POLLIN)
        ready = {number for number, _ in poller.poll(max(seconds, 0) * 1000)}
        if self._ear.fileno() not in ready:
            return False
        with contextlib.suppress(OSError):
            while self._ear.recv(64):
                pass
        return True

    def close(self) -> None:
        self._ear.close()
        self._hammer.close()


def idle(client: IMAPClient, bell: Wakeup, seconds: float) -> None:
    """Return when something has changed in the folder, the bell rings or the time is up.

    Raises what imaplib and the socket raise when the connection is lost or black-holed.
    """
    imap: Any = client._imap
    tag = imap._command("IDLE")
    while imap._get_response() is not None:
        if imap.tagged_commands.get(tag):  # refused
            imap.tagged_commands.pop(tag)
            bell.wait(seconds, client.socket())
            return
    sock = client.socket()
    if not _something_read_ahead(imap, sock):
        bell.wait(seconds, sock)
    imap.send(b"DONE\r\n")
    client._consume_until_tagged_response(tag, "IDLE")


def _something_read_ahead(imap: Any, sock: socket.socket) -> bool:
    """Lines that came with the "+" stand in buffers, where no poll of the socket sees them."""
    if isinstance(sock, ssl.SSLSocket) and sock.pending():
        return True
    if getattr(imap, "_readbuf", None):  # imaplib of Python 3.14
        return True
    with _not_blocking(sock):
        try:
            return bool(imap.file.peek(1))
        except (BlockingIOError, ssl.SSLWantReadError):
            return False


@contextlib.contextmanager
def _not_blocking(sock: socket.socket) -> Iterator[None]:
    timeout = sock.gettimeout()
    sock.settimeout(0.0)
    try:
        yield
    finally:
        sock.settimeout(timeout)
