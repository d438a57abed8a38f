"""Sends reports by themselves, on the first working day after their period.

One daemon does it (the duty of the deadlines); that a report went out is written in the transaction that queues it,
so it goes out once, whatever dies when. Plots are drawn in a process of their own.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from datetime import datetime, timedelta

from maild.errors import MaildError, Temporary
from maild.mail.own_ids import Signer
from maild.report import plots, spans
from maild.report.charts import Chart
from maild.report.spans import ReportSpan
from maild.settings import ScheduledReport, Settings
from maild.store import Store, Tx, WriteMode, Writer
from maild.ticket import days
from maild.work import reporting
from maild.work.clock import Clock
from maild.work.duties import Duty, always, while_held
from maild.work.logs import Log
from maild.work.reporting import DrawnPlot, ReportContent

log = Log("maild.work.reports")

POLL_SECONDS = 60.0
#: a daemon that was not there on the day sends it all the same, within this time
LATE = timedelta(days=7)
#: one that failed is tried again after this time
PAUSE = timedelta(hours=1)
DRAW_SECONDS = 60.0


class Reports:
    """The loop."""

    def __init__(
        self,
        store: Store,
        writer: Writer,
        signer: Signer,
        *,
        clock: Clock,
        nonce: Callable[[], str],
        changed: Callable[[], None],
        duty: Duty | None = None,
    ) -> None:
        self._settings: Settings = store.settings
        self._store, self._writer, self._signer, self._clock = store, writer, signer, clock
        self._nonce, self._changed, self._duty = nonce, changed, duty or always()
        self._stop = asyncio.Event()
        self._not_before: dict[str, datetime] = {}

    async def run(self) -> None:
        """Until `stop`."""
        await while_held(self._duty, self.turn, self._clock, POLL_SECONDS, self._stop)

    async def stop(self) -> None:
        """End the loop."""
        self._stop.set()

    async def turn(self) -> int:
        """Send what is due; how many reports."""
        sent, now = 0, self._clock.now()
        for report in self._settings.reports.values():
            span = self._due(report, now)
            if span is None or now < self._not_before.get(report.name, now):
                continue
            try:
                sent += await self._send(report, span, now)
            except Temporary as error:
                log.warning("a report waits", report=report.name, because=str(error))
            except MaildError as error:
                self._not_before[report.name] = now + PAUSE
                log.error("a report cannot be sent", report=report.name, because=str(error))
        return sent

    def _due(self, report: ScheduledReport, now: datetime) -> ReportSpan | None:
        today = days.local_day(now, self._settings.desk.timezone)
        span = spans.last_ended(report.every, today)
        at = reporting.first_working_day(self._settings, span)
        return span if at <= now < at + LATE else None

    async def _send(self, report: ScheduledReport, span: ReportSpan, now: datetime) -> int:
        mark = f"report:{report.name}:{span.name}"

        def read() -> ReportContent | None:
            with self._store.read() as tx:
                return None if tx.meta(mark) else reporting.gather(tx, self._settings, report, span, now)

        edition = await asyncio.to_thread(read)
        if edition is None:
            return 0
        drawn = {} if edition.empty else {
            language: await self._drawn(edition, language) for language in edition.readers
        }  # fmt: skip

        def write(tx: Tx) -> int:
            self._duty.check(tx)
            if tx.meta(mark):
                return 0
            tx.set_meta(mark, now.isoformat(timespec="seconds"))
            if edition.empty:  # a desk that has just begun has nothing to tell
                return 0
            return reporting.put_out(tx, edition, self._settings, drawn, now, self._signer, self._nonce)

        mails = await self._writer.run(write, WriteMode.EXCLUSIVE)
        if mails:
            log.info("a report goes out", report=report.name, period=span.name, mails=mails)
            self._changed()
        return int(bool(mails))

    async def _drawn(self, edition: ReportContent, language: str) -> list[DrawnPlot]:
        """The plots; without those that could not be drawn."""
        if not plots.available():
            log.warning("a report goes without plots: pip install 'maild[plot]'", report=edition.report.name)
            return []
        made = []
        words = reporting.words_of(self._settings, language)
        for name, chart in reporting.plots_of(edition, self._settings, words):
            content = await _picture(chart)
            if content:
                made.append(DrawnPlot(name, f"{chart.title}. {chart.as_text()}", content))
            else:
                log.error("a plot could not be drawn", report=edition.report.name, plot=name)
        return made


async def _picture(chart: Chart) -> bytes:
    """Drawn elsewhere; b"" where that failed or took too long."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "maild.report.plots", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        out, _ = await asyncio.wait_for(process.communicate(plots.to_json(chart).encode()), DRAW_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
        return b""
    return out if process.returncode == 0 else b""
