"""The distribution's PostgreSQL on a free loopback port, in a folder of its own, for one test run."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.servers.needs import free_port, missing
from tests.timing import PATIENCE


def binaries() -> Path | None:
    """The newest installed server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    return found[-1].parent if found else None


def needed() -> Path:
    """`binaries`, for a test that cannot do without: it is skipped where there are none, and fails in CI."""
    return binaries() or missing(
        "the package postgresql is not installed: run tests/servers/install.sh as root"
    )


def new_database(url: str, name: str = "maild") -> str:
    """The URL of an empty database of that name. `url`: the server's."""
    with psycopg.connect(f"{url}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}".encode())
    return f"{url}/{name}"


class Server:
    """A server in a folder of its own: `start`, `stop` or `kill` as often as wanted, `remove` at last."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="maild-postgres-"))
        # the server refuses to run as root
        self._user = "postgres" if os.getuid() == 0 else None
        if self._user:
            shutil.chown(self._folder, self._user)
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"postgresql://postgres@127.0.0.1:{self._port}"

    def start(self) -> None:
        """Serve; the first time on an empty cluster."""
        data = self._folder / "data"
        if not data.exists():
            subprocess.run(
                [self._programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
                 "--no-sync", "--locale=C.UTF-8"],
                check=True, user=self._user, cwd=self._folder, stdout=subprocess.DEVNULL,
            )  # fmt: skip
        with open(self._folder / "log", "ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", data, "-p", str(self._port), "-c", "listen_addresses=127.0.0.1",
                 "-c", f"unix_socket_directories={self._folder}", "-c", "fsync=off"],
                user=self._user, cwd=self._folder, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        _wait(self.url, self._process, self._folder / "log")

    @property
    def pid(self) -> int:
        """Of the process whose children are the sessions."""
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        """Fast shutdown: sessions are broken off, what was committed stays."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """As after a crash of the server: the next start reads the log."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(number)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


@contextmanager
def running(programs: Path) -> Iterator[str]:
    """Yields `postgresql://postgres@127.0.0.1:PORT`; ended by its own pid."""
    server = Server(programs)
    try:
        server.start()
        yield server.url
    finally:
        server.remove()


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if server.poll() is not None:
            break
        try:
            psycopg.connect(f"{url}/postgres", connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text(errors='replace')[-2000:]}")
