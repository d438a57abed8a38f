"""What the daemon counts, in Prometheus' text format (`/metrics`)."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_BATCH = (1, 2, 4, 8, 16, 32, 64)


class Metrics:
    """One daemon's counters; a registry of its own, so that several fit into one process."""

    def __init__(self) -> None:
        self.registry = r = CollectorRegistry()
        self.accepted = Counter("maild_mails_accepted", "Mails taken in, by source.", ["source"], registry=r)
        self.ingested = Counter("maild_mails_ingested", "Mails decided on, by kind.", ["kind"], registry=r)
        self.quarantined = Counter("maild_mails_quarantined", "Mails put into the quarantine.", registry=r)
        self.capped = Counter("maild_mails_capped", "Mails that hit a parsing limit.", registry=r)
        self.sent = Counter(
            "maild_recipients_sent", "Recipients that a mail was handed over for.", registry=r
        )
        self.failed = Counter("maild_recipients_failed", "Recipients refused for good.", registry=r)
        self.deferred = Counter("maild_recipients_deferred", "Recipients refused for the moment.", registry=r)
        self.ambiguous = Counter("maild_mails_ambiguous", "Mails whose final answer was lost.", registry=r)
        self.restarts = Counter("maild_part_restarts", "Parts that ended unexpectedly.", ["part"], registry=r)
        self.to_decision = Histogram(
            "maild_decision_seconds", "From acceptance to the decision.", buckets=_SECONDS, registry=r
        )
        self.to_send = Histogram(
            "maild_send_seconds",
            "From an outgoing mail's making to its last answer.",
            buckets=_SECONDS,
            registry=r,
        )
        self.batch = Histogram(
            "maild_batch_mails", "Mails claimed at once.", ["loop"], buckets=_BATCH, registry=r
        )

    def gauge(self, name: str, text: str, read: Callable[[], float]) -> None:
        """A value that is read whenever somebody asks."""
        Gauge(name, text, registry=self.registry).set_function(read)

    def imap_state(self, read: dict[str, Callable[[], float]]) -> None:
        """1 for each mailbox that is connected, 0 for the others."""
        gauge = Gauge(
            "maild_imap_connected", "Whether the mailbox is connected.", ["mailbox"], registry=self.registry
        )
        for name, function in read.items():
            gauge.labels(name).set_function(function)

    def text(self) -> bytes:
        """The whole page."""
        return generate_latest(self.registry)
