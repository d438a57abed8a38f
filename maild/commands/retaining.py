"""retention: what is old enough goes, after a look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from maild.commands import output
from maild.commands.app import app
from maild.commands.options import JsonOpt
from maild.commands.session import Session, now, session
from maild.desk.numbers import how_many
from maild.errors import Refused
from maild.party.persons import identity_of, scrub_json
from maild.settings import MOST_DAYS
from maild.store.rows import Removed
from maild.values import dataclass, replace

if TYPE_CHECKING:
    from maild.settings import Retention
    from maild.store import Store, Tx

#: mails, and persons, that one transaction removes
_AT_ONCE, _PERSONS = 200, 10

DaysOpt = Annotated[
    int | None,
    typer.Option(metavar="DAYS", min=0, max=MOST_DAYS, help="Instead of the configuration's; 0: keep."),
]


@dataclass(frozen=True, slots=True)
class Age:
    """One kind of data, and how old it may become."""

    what: str
    days: int
    count: Callable[[Tx], Removed]
    #: remove some; how many are gone, none when there are no more
    remove: Callable[[Tx], Removed]


@app.command()
def retention(
    ctx: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    mails_days: DaysOpt = None,
    attachments_days: DaysOpt = None,
    people_days: DaysOpt = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: JsonOpt = False,
) -> None:
    r"""Remove what is older than `\[retention]` says: the bytes of mails, attachments, the data of persons.

    Tickets, their texts and sums stay (of persons: without name, address and words), and so does all that proves a consent.
    """
    here = session(ctx)
    given = {"mails_days": mails_days, "attachments_days": attachments_days, "people_days": people_days}
    wanted = replace(
        here.settings.retention, **{key: days for key, days in given.items() if days is not None}
    )
    ages = [age for age in _ages(here, wanted) if age.days]
    if not ages:
        raise Refused(
            "nothing has an age: write [retention] mails_days, attachments_days or people_days, or an option"
        )
    with here.store() as store:
        with store.read() as tx:
            counted = [(age, age.count(tx)) for age in ages]
        if not dry_run:
            if not yes and output.on_terminal():
                for age, gone in counted:
                    output.say(_line(age, gone))
                typer.confirm("Remove them? There is no way back but a backup", abort=True)
            counted = [(age, _remove(store, age)) for age in ages]
    if as_json:
        output.emit_lines(
            {
                "what": age.what,
                "older_than_days": age.days,
                "count": gone.count,
                "bytes": gone.bytes,
                "removed": not dry_run,
            }
            for age, gone in counted
        )
        return
    for age, gone in counted:
        output.say(_line(age, gone) + ("" if dry_run else " removed"))


def _line(age: Age, gone: Removed) -> str:
    size = f", {gone.bytes / 2**20:.1f} MiB" if gone.bytes else ""
    return f"{age.what} older than {how_many(age.days, 'day')}: {gone.count}{size}"


def _remove(store: Store, age: Age) -> Removed:
    total = Removed()
    while True:
        with store.write() as tx:
            some = age.remove(tx)
        if not some.count:
            return total
        total += some


def _ages(here: Session, wanted: Retention) -> Iterator[Age]:
    at = now()
    evidence = at - timedelta(days=here.settings.approval.retain_days)
    mails, files, people = (
        at - timedelta(days=days) for days in (wanted.mails_days, wanted.attachments_days, wanted.people_days)
    )
    yield Age(
        "mails with attachments", wanted.attachments_days,
        lambda tx: tx.retention.mails(files, evidence, with_files_only=True),
        lambda tx: tx.retention.remove_mails(files, evidence, _AT_ONCE, with_files_only=True),
    )  # fmt: skip
    yield Age(
        "stored files", wanted.attachments_days,
        lambda tx: tx.retention.files(files, evidence),
        lambda tx: tx.retention.remove_files(files, evidence, _AT_ONCE),
    )  # fmt: skip
    yield Age(
        "bytes of mails", wanted.mails_days,
        lambda tx: tx.retention.mails(mails, evidence), lambda tx: tx.retention.remove_mails(mails, evidence, _AT_ONCE),
    )  # fmt: skip
    yield Age("persons", wanted.people_days, lambda tx: Removed(len(tx.retention.silent(people, evidence))),
              _eraser(here, people, evidence))  # fmt: skip


def _eraser(here: Session, before: datetime, evidence: datetime) -> Callable[[Tx], Removed]:
    """Erases some of the persons that are found at the first call: who is found again was kept for a reason."""
    left: list[str] | None = None

    def some(tx: Tx) -> Removed:
        nonlocal left
        if left is None:
            left = list(tx.retention.silent(before, evidence))
        now_, left = left[:_PERSONS], left[_PERSONS:]
        for address in now_:
            scrub = partial(scrub_json, person=identity_of(address, tx.contacts.find(address)))
            tx.erase(address, now(), "retention", here.settings.approval.retain_days, scrub)
        return Removed(len(now_))

    return some
