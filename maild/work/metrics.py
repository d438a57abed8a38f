"""What the daemon counts, in Prometheus' text format (`/metrics`)."""

from __future__ import annotations

from collections import Counter as Counted
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from maild.ticket.phases import Phase
from maild.ticket.queue import QueueRow
from maild.values import dataclass

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_BATCH = (1, 2, 4, 8, 16, 32, 64)


#: counts of open tickets by team
OF_TEAM = {
    "overdue": "Tickets whose promise is broken.",
    "waiting": "Tickets on which a customer waits for an answer.",
    "held": "Tickets that wait for an approval.",
    "unassigned": "Tickets that nobody owns.",
}


@dataclass(frozen=True, slots=True)
class DeskCounts:
    """Open tickets by (phase, team), and of each name of `OF_TEAM` by team."""

    open: Mapping[tuple[str, str], int]
    of_team: Mapping[str, Mapping[str, int]]

    @classmethod
    def of(cls, rows: Iterable[QueueRow], now: datetime) -> DeskCounts:
        """From the tickets of the queue."""
        counted: Counted[tuple[str, str]] = Counted()
        teams: dict[str, Counted[str]] = {name: Counted() for name in OF_TEAM}
        for row in rows:
            team = row.team
            counted[row.phase, team] += 1
            teams["overdue"][team] += row.due is not None and row.due < now
            teams["waiting"][team] += row.waiting_since is not None
            teams["held"][team] += row.phase == Phase.AWAITING_APPROVAL
            teams["unassigned"][team] += not row.owner
        return cls(counted, teams)


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
        self.open = Gauge("maild_tickets_open", "Tickets that are not over.", ["phase", "team"], registry=r)
        self.of_team = {
            name: Gauge(f"maild_tickets_{name}", text, ["team"], registry=r) for name, text in OF_TEAM.items()
        }
        self.batch = Histogram(
            "maild_batch_mails", "Mails claimed at once.", ["loop"], buckets=_BATCH, registry=r
        )

    def desk(self, counts: DeskCounts) -> None:
        """How the desk stands now; a phase or team without tickets is not shown any more."""
        self.open.clear()
        for (phase, team), number in counts.open.items():
            self.open.labels(phase, team).set(number)
        for name, gauge in self.of_team.items():
            gauge.clear()
            for team in sorted({team for _, team in counts.open}):
                gauge.labels(team).set(counts.of_team[name].get(team, 0))

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
