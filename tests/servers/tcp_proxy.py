"""A TCP proxy that can stop forwarding without closing anything: a black-holed link."""

from __future__ import annotations

import socket
import threading
import time


class TcpProxy:
    """Forwards `port` to `target` while `open`; with `hole()` bytes vanish, with `cut()` connections end."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.connections = 0
        self._left: int | None = None
        self._holed = threading.Event()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def hole(self) -> None:
        """From now on nothing comes through on the connections there are; new ones work."""
        self._holed.set()
        self._holed = threading.Event()

    def cut_after(self, count: int) -> None:
        """End all connections when the server has said so many bytes more, in the middle of whatever it says."""
        self._left = count

    def cut(self) -> None:
        """End all connections."""
        for pair in self._pairs:
            for end in pair:
                with_shutdown(end)
        self._pairs.clear()

    def close(self) -> None:
        with_shutdown(self._listener)
        self.cut()

    def _listen(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                return
            self.connections += 1
            self._pairs.append((near, far))
            for one, other in ((near, far), (far, near)):
                held = (one, other, self._holed, one is far)
                threading.Thread(target=self._pump, args=held, daemon=True).start()

    def _pump(
        self, source: socket.socket, sink: socket.socket, holed: threading.Event, of_server: bool
    ) -> None:
        try:
            while data := source.recv(65_536):
                if holed.is_set():
                    time.sleep(60)
                    return
                if of_server and (left := self._left) is not None:
                    self._left = left - len(data)
                    if left <= len(data):
                        self._left = None
                        sink.sendall(data[:left])
                        self.cut()
                        return
                sink.sendall(data)
        except OSError:
            pass
        with_shutdown(sink)


def with_shutdown(end: socket.socket) -> None:
    """Close so that threads blocked on it wake up."""
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    end.close()
