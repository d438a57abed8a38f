"""A DNS server for TXT records on a free loopback port; it can also fall silent."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self

import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from tests.timing import PATIENCE


class DnsServer:
    """`records`: name without the last dot -> TXT texts. `silent`: nobody gets an answer. `asked`: names."""

    def __init__(self, records: dict[str, tuple[bytes, ...]] | None = None) -> None:
        self.records = dict(records or {})
        self.silent = False
        self.asked: list[str] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, name="test-dns", daemon=True)

    @property
    def address(self) -> str:
        """As `[authentication] resolver` takes it."""
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(PATIENCE)

    def _serve(self) -> None:
        while True:
            try:
                wire, peer = self._socket.recvfrom(4096)
            except OSError:
                return
            if not wire:  # the socket was shut down
                return
            query = dns.message.from_wire(wire)
            name = str(query.question[0].name).rstrip(".").lower()
            self.asked.append(name)
            if not self.silent:
                with contextlib.suppress(OSError):
                    self._socket.sendto(self._answer(query, name).to_wire(), peer)

    def _answer(self, query: dns.message.Message, name: str) -> dns.message.Message:
        made = dns.message.make_response(query)
        made.flags |= dns.flags.RA
        texts = self.records.get(name)
        if texts is None:
            made.set_rcode(dns.rcode.NXDOMAIN)
            return made
        # RFC 1035, 3.3.14: character strings of 255 octets at most
        rows = [" ".join(f'"{t[i : i + 255].decode()}"' for i in range(0, len(t), 255)) for t in texts]
        made.answer.append(
            dns.rrset.from_text(query.question[0].name, 300, dns.rdataclass.IN, dns.rdatatype.TXT, *rows)
        )
        return made
