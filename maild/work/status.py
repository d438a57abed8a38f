"""What `/healthz` and `/metrics` show."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

from maild.errors import Temporary
from maild.store import Store, Writer
from maild.work.duties import Duties
from maild.work.health import Health, PartHealth, PartState
from maild.work.ingest import Ingest
from maild.work.metrics import DeskCounts, Metrics
from maild.work.outbox import Outbox
from maild.work.supervise import DaemonParts

#: status, content type, body
Page = tuple[int, str, bytes]
MakePage = Callable[[], Awaitable[Page]]


def json_page(status: int, value: object) -> Page:
    """`value` as a JSON page."""
    return status, "application/json", json.dumps(value, default=str).encode() + b"\n"


class Status:
    """Reads counts from the database when somebody asks, and the parts' states from memory."""

    def __init__(
        self,
        store: Store,
        writer: Writer,
        outbox: Outbox,
        ingest: Ingest,
        parts: DaemonParts,
        metrics: Metrics,
        duties: Duties,
        folder: Path,
    ) -> None:
        self._duties = duties
        self._store, self._outbox, self._parts, self._metrics = store, outbox, parts, metrics
        self._counts: Mapping[str, float] = {}
        self._folder = folder
        metrics.gauge("maild_writer_depth", "Jobs that wait for the writer.", lambda: writer.depth)
        metrics.gauge("maild_ingest_in_flight", "Mails claimed and not decided.", lambda: ingest.in_flight)
        metrics.gauge("maild_outbox_in_flight", "Mails being sent.", lambda: outbox.in_flight)
        metrics.gauge(
            "maild_relay_held", "1 while the relay cannot be reached.", lambda: float(bool(outbox.held))
        )
        for name, text in _GAUGES.items():
            metrics.gauge(f"maild_{name}", text, partial(self._count, name))

    def pages(self) -> Mapping[str, MakePage]:
        """For `HttpServer`."""
        return {"/healthz": self.health, "/metrics": self.metrics}

    async def health(self) -> Page:
        """200, or 503 when an essential part is down or the database does not answer."""
        status, health = await self.look()
        return json_page(status, health.to_json())

    async def look(self) -> tuple[int, Health]:
        """The page's status, and what it shows."""
        problem = await self._refresh()
        held = self._outbox.held
        parts = {name: PartHealth(part.state, part.detail) for name, part in self._parts.parts.items()}
        parts["relay"] = PartHealth("degraded", held) if held else PartHealth("ok")
        parts["database"] = PartHealth("failed", problem) if problem else PartHealth("ok")
        healthy = self._parts.healthy and not problem
        degraded = any(part.state in ("degraded", "failed") for part in parts.values())
        state: PartState = "failed" if not healthy else "degraded" if degraded else "ok"
        health = Health(state, parts, self._counts, self._duties.process, tuple(self._duties.holds()))
        return (200 if healthy else 503), health

    async def metrics(self) -> Page:
        """Prometheus' text format, version 0.0.4."""
        await self._refresh()
        with contextlib.suppress(Temporary):  # what stood there last is shown again
            self._metrics.desk(await asyncio.to_thread(self._desk))
        return 200, "text/plain; version=0.0.4; charset=utf-8", self._metrics.text()

    def _count(self, name: str) -> float:
        return float(self._counts.get(name, 0))

    async def _refresh(self) -> str:
        try:
            self._counts = await asyncio.to_thread(self._read)
        except Temporary as error:
            return str(error)
        return ""

    def _desk(self) -> DeskCounts:
        with self._store.read() as tx:
            return DeskCounts.of(tx.tickets.list(), self._outbox.clock.now())

    def _read(self) -> Mapping[str, float]:
        with self._store.read() as tx:
            came, goes = tx.inbound.counts(), tx.outbound.counts()
            oldest, due, newest = tx.inbound.oldest_waiting(), tx.outbound.next_due(), tx.inbound.newest()
        now = self._outbox.clock.now()
        return {
            "inbound_newest_seconds": _age(newest, now),
            "disk_free_bytes": shutil.disk_usage(self._folder).free,
            "inbound_waiting": came.get("received", 0),
            "inbound_quarantined": came.get("quarantined", 0),
            "inbound_oldest_seconds": _age(oldest, now),
            "outbox_queued": goes.get("queued", 0),
            "outbox_failed": goes.get("failed", 0),
            "outbox_overdue_seconds": _age(due, now),
        }


def _age(at: datetime | None, now: datetime) -> float:
    return max(0.0, (now - at).total_seconds()) if at else 0.0


_GAUGES = {
    "inbound_waiting": "Mails taken in and not decided.",
    "inbound_quarantined": "Mails in the quarantine.",
    "inbound_oldest_seconds": "Age of the oldest mail that waits.",
    "inbound_newest_seconds": "How long ago the last mail came in.",
    "disk_free_bytes": "What is free where the database, or the lock of its daemon, lies.",
    "outbox_queued": "Outgoing mails that wait.",
    "outbox_failed": "Outgoing mails that failed.",
    "outbox_overdue_seconds": "How long the first due outgoing mail has waited.",
}
