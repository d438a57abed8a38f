"""A small IMAP server for what a real one will not do on cue: refused tokens, lost connections, odd answers."""

from __future__ import annotations

import base64
import re
import socket
import threading
from collections.abc import Callable, Iterator

Send = Callable[[str], None]


class ScriptedImap:
    """One folder. Set attributes to make it misbehave; each connection is a thread.

    `tokens`: access tokens that are accepted (None: any login is). `drop_on`: UIDs whose fetch ends the
    connection. `refuse`: UIDs whose fetch is answered NO. `said`: every command line received.
    """

    def __init__(self, mails: dict[int, bytes], *, tokens: set[str] | None = None) -> None:
        self.mails = dict(mails)
        self.flags: dict[int, set[str]] = {uid: set() for uid in mails}
        self.tokens = tokens
        self.drop_on: set[int] = set()
        self.refuse: set[int] = set()
        self.capabilities = "IMAP4rev1 IDLE UIDPLUS MOVE AUTH=XOAUTH2 SASL-IR"
        self.uidvalidity = 7
        self.say_uidnext = True
        self.said_uidnext = 0  # whatever it is
        self.also_found: Callable[[list[int]], list[int]] = lambda found: found  # what a SEARCH says
        self.exists_with_every_noop = False
        self.ignores_partial = False
        self.said_size = 0  # in RFC822.SIZE, whatever it is
        self.with_noop: Callable[[Send], None] = lambda send: None
        self.before_idle: Callable[[Send], None] = lambda send: send("+ idling")
        self.internal_date = "02-Nov-2026 10:30:00 +0100"
        self.said: list[str] = []
        self.connections = 0
        self.sent = 0  # bytes of answers that the client took to their end
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        self._end(self._listener)
        self.cut()

    def cut(self) -> None:
        """End all connections."""
        self._end(*self._open)
        self._open.clear()

    def _end(self, *socks: socket.socket) -> None:
        for sock in socks:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            sock.close()

    def _listen(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(sock)
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        def send(text: str) -> None:
            sock.sendall(text.encode("latin-1") + b"\r\n")
            self.sent += len(text)

        try:
            with sock, sock.makefile("rb") as lines:
                send(f"* OK [CAPABILITY {self.capabilities}] scripted")
                for line in lines:
                    command = line.decode("latin-1").rstrip("\r\n")
                    self.said.append(command)
                    tag, _, rest = command.partition(" ")
                    if not self._answer(tag, rest, send, lines):
                        return
        except OSError:
            pass

    def _answer(self, tag: str, rest: str, send: Send, lines: Iterator[bytes]) -> bool:
        verb, _, argument = rest.partition(" ")
        verb = verb.upper()
        if verb == "UID":
            verb, _, argument = argument.partition(" ")
            verb = "UID " + verb.upper()
        handle = getattr(self, "_" + verb.lower().replace(" ", "_"), None)
        if handle is None:
            send(f"{tag} BAD what is {verb}?")
            return True
        return handle(tag, argument, send, lines) is not False

    def _capability(self, tag: str, argument: str, send: Send, lines: Iterator[bytes]) -> None:
        send(f"* CAPABILITY {self.capabilities}")
        send(f"{tag} OK done")

    def _login(self, tag: str, argument: str, send: Send, lines: Iterator[bytes]) -> None:
        send(f"{tag} OK logged in")

    def _authenticate(self, tag: str, argument: str, send: Send, lines: Iterator[bytes]) -> None:
        send("+ ")
        answer = base64.b64decode(next(lines, b"")).decode()
        token = re.search("auth=Bearer ([^\x01]*)", answer)
        if token and (self.tokens is None or token[1] in self.tokens):
            send(f"{tag} OK welcome")
            return
        send("+ " + base64.b64encode(b'{"status":"401","schemes":"bearer"}').decode())
        next(lines, b"")
        send(f"{tag} NO [AUTHENTICATIONFAILED] token is not valid")

    def _select(self, tag: str, argument: str, send: Send, lines: Iterator[bytes]) -> None:
        send(f"* {len(self.mails)} EXISTS")
        send(f"* OK [UIDVALIDITY {self.uidvalidity}] valid")
        if self.say_uidnext:
            send(f"* OK [UIDNEXT {self.said_uidnext or max(self.mails, default=0) + 1}] next")
        send("* OK [PERMANENTFLAGS (\\Seen \\Deleted)] limited")
        send(f"{tag} OK [READ-WRITE] selected")

    def _noop(self, tag: str, argument: str, send: Send, lines: Iterator[bytes]) -> None:
        self.with_noop(send)
        send(f"{tag} OK done")

    def _uid_search(self, tag: str, argument: str, send: Send, lines: Iterator[bytes]) -> None:
        found = sorted(self.mails)
        if window := re.match(r"([0-9]+):([0-9]+) ", argument):
            found = found[int(window[1]) - 1 : int(window[2])]
            argument = argument[window.end() :]
        if argument.startswith("UNSEEN"):
            found = [uid for uid in found if "\\Seen" not in self.flags[uid]]
        elif (match := re.search(r"UID ([0-9]+):\*", argument)) and found:
            found = [uid for uid in found if uid >= int(match[1])] or [found[-1]]
        elif match := re.search(r"UID ([0-9,]+)$", argument):
            found = [uid for uid in found if str(uid) in match[1].split(",")]
        if self.exists_with_every_noop:
            send(f"* {len(self.mails)} EXISTS")
        send("* SEARCH " + " ".join(map(str, self.also_found(found))))
        send(f"{tag} OK done")

    def _uid_fetch(self, tag: str, argument: str, send: Send, lines: Iterator[bytes]) -> bool:
        which, _, what = argument.partition(" ")
        refused = False
        for uid in map(int, which.split(",")):
            raw = self.mails.get(uid)
            if raw is None:
                continue
            if "BODY" not in what:
                send(f"* {uid} FETCH (UID {uid} RFC822.SIZE {self.said_size or len(raw)})")
                continue
            if uid in self.drop_on and "HEADER" not in what:
                return False
            if uid in self.refuse:
                refused = True
                continue
            if "HEADER" in what:
                raw = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
            item = "BODY[HEADER]" if "HEADER" in what else "BODY[]"
            if (part := re.search(r"<0\.([0-9]+)>", what)) and not self.ignores_partial:
                raw, item = raw[: int(part[1])], f"{item}<0>"
            text = raw.decode("latin-1")
            send(
                f'* {uid} FETCH (UID {uid} INTERNALDATE "{self.internal_date}" {item} {{{len(raw)}}}\r\n{text})'
            )
        send(f"{tag} NO some cannot be read" if refused else f"{tag} OK done")
        return True

    def _uid_store(self, tag: str, argument: str, send: Send, lines: Iterator[bytes]) -> None:
        which, _, flags = argument.partition(" ")
        for uid in map(int, which.split(",")):
            self.flags.setdefault(uid, set()).update(re.findall(r"[\\$][A-Za-z]+", flags))
        send(f"{tag} OK done")

    def _uid_expunge(self, tag: str, argument: str, send: Send, lines: Iterator[bytes]) -> None:
        for uid in map(int, argument.split(",")):
            if "\\Deleted" in self.flags.get(uid, ()):
                self.mails.pop(uid, None)
        send(f"{tag} OK done")

    def _idle(self, tag: str, argument: str, send: Send, lines: Iterator[bytes]) -> None:
        self.before_idle(send)
        next(lines, b"")
        send(f"{tag} OK idled")

    def _logout(self, tag: str, argument: str, send: Send, lines: Iterator[bytes]) -> bool:
        send("* BYE bye")
        send(f"{tag} OK done")
        return False
