"""What `maild check` looks at in the database: whether it can be used, and what of the desk's work waits or is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from maild.commands.session import now
from maild.desk.numbers import how_many
from maild.ticket.days import local_day

if TYPE_CHECKING:
    from maild.commands.checks import CheckRow
    from maild.model import CompanyFacts
    from maild.settings import Settings
    from maild.store import Store


def database(settings: Settings) -> Iterator[CheckRow]:
    from maild.store import Store

    with Store.open(settings) as store:
        yield "ok", "database", f"{store.engine_name} at {settings.database.url}"
        if not store.sqlite_is_safe():
            yield (
                "warn",
                "database",
                "this SQLite has the WAL-reset bug (3.7.0 to 3.51.2); install the pysqlite3 wheel",
            )
        yield from _inside(store, settings)


def _inside(store: Store, settings: Settings) -> Iterator[CheckRow]:
    with store.read() as tx:
        chain = tx.consents.verify()
        counts, sent = tx.inbound.counts(), tx.outbound.counts()
        companies = tx.companies.list()
        oldest = tx.inbound.oldest_waiting()
        bounced = tx.contacts.bounced()
    if chain.ok:
        yield "ok", "consents", f"the chain of {chain.rows} entries holds; head {chain.head[:16] or '-'}"
    else:
        yield "error", "consents", f"the evidence was changed at entry {chain.broken_at}: {chain.problem}"
    if not companies:
        yield (
            "warn",
            "company",
            "the desk knows no company: every sender is a stranger; maild company import FILE",
        )
    held = counts.get("quarantined", 0)
    if held:
        yield "warn", "quarantine", f"{how_many(held, 'mail')} could not be processed: maild mail quarantine"
    if oldest is not None and (now() - oldest).total_seconds() > 300:
        yield "warn", "ingest", f"a mail waits since {oldest:%Y-%m-%d %H:%M} UTC: is `maild serve` running?"
    failed = sent.get("failed", 0)
    outbox = f"{sent.get('queued', 0)} queued, {failed} failed: maild outbox list --state failed"
    yield "warn" if failed else "ok", "outbox", outbox
    for row in bounced:
        yield "warn", "contact", f"mail to {row.address} bounces: {row.reason}"
    yield from _companies(companies, settings)


def _companies(companies: Sequence[CompanyFacts], settings: Settings) -> Iterator[CheckRow]:
    """What their contracts name and the configuration does not hold, and whose mails can prove nothing."""
    from maild.work.authentication import unsigned_domains

    today = local_day(now(), settings.desk.timezone).isoformat()
    for c in companies:
        if c.service_level and c.service_level not in settings.service_levels:
            yield "error", "company", f"{c.key}: no service level {c.service_level!r} is configured"
        for calendar in (c.calendar, *c.calendars.values()):
            if calendar not in settings.calendars:
                yield "error", "company", f"{c.key}: no calendar {calendar!r} is configured"
        if c.valid_until and c.valid_until < today:
            yield (
                "warn",
                "company",
                f"{c.key}: the contract ended on {c.valid_until}; it is treated as configured",
            )
        if (c.require or settings.approval.require) == "token":
            yield (
                "warn",
                "approval",
                f"{c.key}: approvals need the one-time token alone, which is the weaker mode",
            )
            continue
        for domain, why in unsigned_domains(c, settings):
            yield (
                "warn",
                "approval",
                f'{c.key}: {domain}: {why}; mail approvals need it, or require = "token"',
            )
