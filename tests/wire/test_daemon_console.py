"""A daemon as its operator meets it: on a terminal, by SIGHUP, by /metrics."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harness.subprocess_daemon import ROOT
from tests.timing import PATIENCE
from tests.wire.desk import WireDesk, mail

pytestmark = pytest.mark.slow
KATA = '\n[[agent]]\nname = "kata"\naddress = "kata@desk.example"\nteams = ["L1"]\n'


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[WireDesk]:
    made = WireDesk(tmp_path)
    yield made
    made.stop()


class Screen:
    """What a daemon on a terminal of its own says."""

    def __init__(self, desk: WireDesk) -> None:
        self._desk, self.text = desk, ""
        ours, theirs = pty.openpty()
        self._daemon = subprocess.Popen(
            [sys.executable, str(ROOT / "cli.py"), "--config", str(desk.config), "serve"], cwd=desk.folder,
            stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, "PYTHONUTF8": "1"},
        )  # fmt: skip
        os.close(theirs)
        self._ours = ours
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        while True:
            try:
                self.text += os.read(self._ours, 65_536).decode()
            except OSError:  # EIO: the daemon has gone
                return

    def says(self, text: str) -> None:
        self._desk.wait(lambda: text in self.text, what=f"{text!r} in {self.text!r}")

    def hup(self) -> None:
        self._daemon.send_signal(signal.SIGHUP)

    def end(self) -> int:
        self._daemon.terminate()
        code = self._daemon.wait(PATIENCE)
        self._reader.join(PATIENCE)
        os.close(self._ours)
        return code


@pytest.fixture
def screen(desk: WireDesk) -> Iterator[Callable[[], Screen]]:
    made: list[Screen] = []

    def begin() -> Screen:
        made.append(Screen(desk))
        return made[0]

    yield begin
    assert made[0].end() == 0, made[0].text


def test_a_terminal_is_told_where_things_are_and_one_line_a_mail(
    desk: WireDesk, screen: Callable[[], Screen]
) -> None:
    here = screen()
    here.says("one line a mail")
    assert f"SMTP on 127.0.0.1:{desk.port('smtp')}" in here.text
    desk.send(mail("Nem megy a \x1b[31mnyomtató", "Reggel óta.\r\n"))
    here.says("#15789 new from Kovács Anna (acme): Nem megy a")
    here.says("; answered in en\r\n")
    assert "\x1b[31m" not in here.text
    desk.maild("--as", "kata", "take", "15789")
    here.says("#15789 mail to anna@acme.example: accepted")
    assert "consent log" not in here.text


def test_hup_takes_a_new_configuration_and_refuses_a_wrong_one(
    desk: WireDesk, screen: Callable[[], Screen]
) -> None:
    here, good = screen(), desk.config.read_text()
    here.says("one line a mail")
    desk.config.write_text(good + "\n[nonsense]\n")
    here.hup()
    here.says("the configuration stays as it was: [top level] nonsense")
    desk.config.write_text(good)
    desk.send(mail("one"))
    here.says("#15789 new")
    desk.config.write_text(good.replace('"help@desk.example"', '"support@desk.example"') + KATA)
    here.hup()
    here.says("the configuration was read again")
    desk.wait(lambda: _sent(desk, "two", "support@desk.example"), what=here.text)
    here.says("#15790 new")
    with pytest.raises(Exception, match="550"):
        desk.send(mail("three"))
    assert here.text.count("maild is ready") == 1


def test_hup_to_a_port_that_is_taken_leaves_the_old_daemon_at_work(
    desk: WireDesk, screen: Callable[[], Screen]
) -> None:
    import socket

    here, good = screen(), desk.config.read_text()
    here.says("one line a mail")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = f"127.0.0.1:{other.getsockname()[1]}"
        desk.config.write_text(good.replace("127.0.0.1:0", taken))
        here.hup()
        here.says("does not start, the old one goes on")
        desk.wait(lambda: _sent(desk, "still there"), what=here.text)
    here.says("#15789 new")


def _sent(desk: WireDesk, subject: str, to: str = "help@desk.example") -> bool:
    """A mail sent, once the daemon listens again."""
    try:
        desk.send(mail(subject), to=to)
    except (OSError, ValueError, KeyError):
        return False
    return True


def test_without_a_terminal_every_line_is_json_and_names_no_customer(desk: WireDesk) -> None:
    desk.serve()
    desk.send(mail("A matter between us"))
    desk.wait(lambda: desk.tickets() and desk.settled())
    desk.stop()
    rows: list[Any] = [json.loads(line) for line in desk.log().splitlines()]
    decided = next(row for row in rows if row["message"] == "mail decided")
    assert (decided["ticket"], decided["company"], decided["kind"]) == (15789, "acme", "request")
    assert "anna" not in desk.log()
    assert "matter" not in desk.log()


def test_metrics_count_the_desks_own_work(desk: WireDesk) -> None:
    desk.start()
    desk.send(mail("one"))
    desk.send(mail("Access", "Please give me write access to the finance folder.\r\n"))
    desk.wait(lambda: len(desk.tickets()) == 2)
    desk.maild("--as", "kata", "take", "15789")
    page = desk.metrics()
    assert 'maild_tickets_open{phase="accepted",team="L1"} 1.0' in page
    assert 'maild_tickets_open{phase="awaiting_approval",team="L1"} 1.0' in page
    assert 'maild_tickets_held{team="L1"} 1.0' in page
    assert 'maild_tickets_unassigned{team="L1"} 1.0' in page
    assert 'maild_tickets_overdue{team="L1"} 0.0' in page
    desk.maild("--as", "kata", "close", "15789")
    assert 'phase="accepted"' not in desk.metrics()
