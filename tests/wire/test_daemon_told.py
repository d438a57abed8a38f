"""Hooks, prepaid hours and reports on the distribution's PostgreSQL, and taken anew by SIGHUP."""

from __future__ import annotations

import http.server
import json
import os
import signal
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from maild.demo.simulated import SimulatedDesk
from tests.scenarios.desk import COMPANIES, CONFIG
from tests.scenarios.test_contracts import LIZ, write
from tests.scenarios.test_reports import BROKEN, REPORTS, files, of, table
from tests.wire.desk import WireDesk, mail

pytestmark = [pytest.mark.wire, pytest.mark.slow]


class Ear:
    """A program that is told of events."""

    def __init__(self) -> None:
        heard = self.heard = list[dict[str, object]]()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def events(self) -> list[object]:
        return [one["event"] for one in self.heard]

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def table(self) -> str:
        """For the configuration."""
        return f'\n[[webhook]]\nurl = "{self.url}"\nevents = ["new", "closed"]\n'


@pytest.fixture
def ear() -> Iterator[Ear]:
    made = Ear()
    try:
        yield made
    finally:
        made.close()


def test_hooks_are_told_by_a_daemon_on_postgresql(tmp_path: Path, database: str, ear: Ear) -> None:
    desk = WireDesk(tmp_path, database={"url": database})
    with desk.config.open("a") as config:
        config.write(ear.table)
    with desk:
        desk.send(mail("Nyomtató", "A nyomtató füstöl.\r\n"))
        desk.wait(lambda: ear.events() == ["new"])
        desk.maild("close", "15789", "-m", "Done.", "--as", "kata")
        desk.wait(lambda: ear.events() == ["new", "closed"])
        desk.wait(
            lambda: desk.read(lambda tx: all(one.state == "delivered" for one in tx.hooks.list(every=True)))
        )


def test_prepaid_marks_and_the_report_of_a_month_on_postgresql(tmp_path: Path, database: str) -> None:
    config = f'{CONFIG}[database]\nurl = "{database}"\n{REPORTS}'
    with SimulatedDesk(tmp_path, config, COMPANIES, datetime(2026, 11, 3, 9, tzinfo=UTC)) as desk:
        desk.maild("contract", "edit", "isle", "--hours-included", "2")
        number = str(write(desk, LIZ, "Printer", BROKEN))
        desk.act("kata", "log", number, "1h50", "-m", "cable")
        assert [one.to for one in of(desk, "prepaid_hours")] == [("kata@desk.example",)]
        desk.act("kata", "log", number, "20m", "-m", "driver")
        (row,) = desk.rows("report", "time", "--company", "isle")
        assert (row["billed_minutes"], row["over"]) == (150, 30)
        desk.advance(datetime(2026, 12, 1, 6, 59, tzinfo=UTC))
        desk.settle()
        assert not [one for one in of(desk, "report") if one.data["period"] == "2026-11"]
        desk.advance(datetime(2026, 12, 1, 9, tzinfo=UTC))
        for _ in range(3):
            desk.settle()
        sent = [one for one in of(desk, "report") if one.data["period"] == "2026-11"]
        assert [one.to for one in sent] == [("boss@desk.example", "kata@desk.example")], "once"
        (line,) = table(files(sent[0])["time.csv"])
        assert (line["Minutes billed"], line["Minutes beyond prepaid hours"]) == ("150", "30")


def test_hooks_reports_and_the_page_are_what_the_configuration_says_after_hup(
    tmp_path: Path, ear: Ear
) -> None:
    desk = WireDesk(tmp_path, web={"listen": "", "url": ""})
    try:
        pid = desk.serve()
        desk.send(mail("one", "The printer is broken.\r\n"))
        desk.wait(lambda: desk.tickets() and desk.settled())
        assert ear.heard == []
        assert "web" not in desk.told()
        more = '\n[[report]]\nname = "month"\nkinds = ["volume"]\nto = ["boss@desk.example"]\n'
        text = desk.config.read_text().replace('listen = ""\nurl = ""', 'listen = "127.0.0.1:0"\nurl = ""')
        desk.config.write_text(text + ear.table + more)
        os.kill(pid, signal.SIGHUP)
        desk.wait(lambda: "web" in desk.told(), what=desk.log())
        desk.send(mail("two", "The scanner is broken.\r\n"))
        desk.wait(lambda: ear.events() == ["new"], what=desk.log())
        assert "boss@desk.example" in desk.maild("report", "send", "month", "--dry-run")
    finally:
        desk.stop()
