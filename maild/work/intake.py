"""Where received mail enters the database: what receive/ calls before it answers 250 or sets a flag."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable

from maild.mail.parse import needs_worker
from maild.model import Envelope
from maild.store import Lane, Store, Tx, Writer
from maild.work.arrivals import Arrivals
from maild.work.metrics import Metrics

#: hashing and writing larger mails would hold up the event loop and the writer
BESIDE_BYTES = 65_536


class Intake:
    """`accept` returns when the mail is committed and synced, and raises when it is not. `accepted` is called where it waits
    in the database."""

    def __init__(
        self, store: Store, writer: Writer, metrics: Metrics, arrivals: Arrivals, *, accepted: Callable[[], None]
    ) -> None:  # fmt: skip
        self._store, self._writer, self._metrics = store, writer, metrics
        self._arrivals, self._accepted = arrivals, accepted

    async def accept(self, envelope: Envelope, raw: bytes, source_key: str | None = None) -> int:
        """The id of the inbound row; a source key that is known gives its row. `StoreBusy` when it failed."""
        if len(raw) > BESIDE_BYTES:
            sha256, file = await asyncio.to_thread(self._keep, raw)
        else:
            sha256, file = hashlib.sha256(raw).hexdigest(), None
        slow = needs_worker(raw)
        arrival = self._arrivals.begin()

        def job(tx: Tx) -> int:
            key, work = tx.inbound.take_in(
                envelope, raw, source_key, sha256, file=file, slow=slow, claim=arrival.claim
            )
            arrival.note(work)
            return key

        try:
            key = await self._writer.run(job, lane=Lane.BESIDE)
        except BaseException:
            arrival.failed()
            raise
        self._metrics.accepted.labels(envelope.source).inc()
        if not arrival.committed():
            self._accepted()
        return key

    def _keep(self, raw: bytes) -> tuple[str, str | None]:
        sha256 = hashlib.sha256(raw).hexdigest()
        return sha256, self._store.keep_large(raw, sha256)
