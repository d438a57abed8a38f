"""What maild is compared with: a bare aiosmtpd that appends mails to a file and syncs it for groups of mails.

`python -m bench.sink` prints its port and the file; also serves as the relay that mail goes out through.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from typing import Any

from aiosmtpd.smtp import SMTP

GROUP, SECONDS = 32, 0.005


class Sink:
    """Group commit: up to 32 mails or 5 ms share one fdatasync."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        self._waiting: list[tuple[bytes, asyncio.Future[None]]] = []
        self._flush: asyncio.TimerHandle | None = None
        self._busy = False

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._waiting.append((envelope.content, done))
        if len(self._waiting) >= GROUP:
            self._start()
        elif self._flush is None:
            self._flush = loop.call_later(SECONDS, self._start)
        await done
        return "250 ok"

    def _start(self) -> None:
        if self._flush is not None:
            self._flush.cancel()
            self._flush = None
        if self._busy or not self._waiting:
            return
        self._busy = True
        group, self._waiting = self._waiting[:GROUP], self._waiting[GROUP:]
        loop = asyncio.get_running_loop()
        written = loop.run_in_executor(None, self._write, b"".join(raw for raw, _ in group))

        def ready(_: object) -> None:
            self._busy = False
            for _, done in group:
                if not done.done():
                    done.set_result(None)
            if self._waiting:
                self._start()

        written.add_done_callback(ready)

    def _write(self, data: bytes) -> None:
        os.write(self._file, data)
        os.fdatasync(self._file)


async def main() -> None:
    """Serve until standard input is closed."""
    loop = asyncio.get_running_loop()
    handle, path = tempfile.mkstemp(dir=sys.argv[1] if len(sys.argv) > 1 else None)
    os.close(handle)
    sink = Sink(path)
    server = await loop.create_server(lambda: SMTP(sink, hostname="sink.example", loop=loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], path, flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
