"""A desk that an older version left behind, with its tickets, consents and mails, is brought up to date: everything is
still there and goes on. The older schema is what the migrations back to it make of this one's data."""

from __future__ import annotations

from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import text

from maild.model import NEW, AddTime, CompanyFacts, LookupKeys, Plan, RememberKeys
from maild.settings import Settings
from maild.store import Store
from maild.store.revision import REVISION
from maild.store.schema import FOLDER, alembic_config
from tests.shapes import ticket_whole
from tests.store.values import (
    BOSS,
    HOUR,
    NOW,
    RAW,
    accept,
    apply,
    ask,
    consent,
    entry,
    mail,
    new_ticket,
    notice,
    opening,
    plan,
)

pytestmark = pytest.mark.slow

#: the newest first; the way back beyond is not made for a SQLite file whose tables point to each other
OLDER = [
    one.revision for one in ScriptDirectory(str(FOLDER)).walk_revisions() if "0008" <= one.revision < REVISION
]


def fill(store: Store) -> int:
    """A ticket that came by mail, was answered and worked on and waits for a consent; one mail not decided yet."""
    with store.write() as tx:
        tx.companies.save(CompanyFacts("acme", "Acme Kft.", ("acme.example",), "hu", "standard"))
    ids = RememberKeys(NEW, ("<1@acme.example>",), (), (), "anna@acme.example")
    made = apply(
        store,
        plan(opening(), entry(from_mail=True), notice(), ids),
        inbound_id=accept(store), mail=mail(),
    )  # fmt: skip
    number = made.ticket
    assert number is not None
    apply(
        store,
        Plan(
            (AddTime(number, "kata", 20, 30, "cable"), entry(number, "We come.", type="reply", author="kata"))
        ),
    )
    apply(store, Plan((consent(number, tokens=((BOSS.address, "h" * 64),)),)))
    new_ticket(store, subject="Another")
    accept(store, raw=RAW + b"Not decided yet.\r\n")
    return number


def back_to(store: Store, revision: str) -> None:
    with store.engine.connect() as connection:
        connection.execution_options(maild_mode="write")
        with connection.begin():
            command.downgrade(alembic_config(connection), revision)
            assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == revision


def told(store: Store, number: int) -> dict[str, Any]:
    with store.read() as tx:
        mails = [
            (one.id, one.state, one.message_id, tx.inbound.raw(one.id)) for one in tx.inbound.list(limit=None)
        ]
        return {
            "ticket": ticket_whole(tx, number), "mails": mails, "consents": tx.consents.of_ticket(number),
            "outbound": tx.outbound.list(limit=None), "queue": tx.tickets.list(), "secret": tx.secret(),
            "log": tx.consents.verify(), "companies": tx.companies.list(),
        }  # fmt: skip


@pytest.mark.parametrize("revision", OLDER)
def test_what_an_older_version_left_is_there_and_goes_on(settings: Settings, revision: str) -> None:
    with Store.open(settings) as store:
        number = fill(store)
        before = told(store, number)
        back_to(store, revision)
    with Store.open(settings, create=True) as store:
        after = told(store, number)
        assert after["log"].ok
        for name in ("mails", "consents", "outbound", "secret", "companies"):
            assert after[name] == before[name], name
        if revision >= "0010":  # before that nobody knew who waits for whom
            assert after["queue"] == before["queue"]
            assert after["ticket"] == before["ticket"]
        said = [(one["type"], one["author"], one["text"]) for one in after["ticket"]["entries"]]
        assert said == [(one["type"], one["author"], one["text"]) for one in before["ticket"]["entries"]]
        _goes_on(store, number)


def _goes_on(store: Store, number: int) -> None:
    """A reply is known to be one, is written down and found, and the next ticket has the next number."""
    known = ask(store, lambda tx: tx.facts(LookupKeys(None, message_ids=("<1@acme.example>",)), NOW)).known
    assert number in [one.ticket for one in known["<1@acme.example>"]]
    apply(store, Plan((entry(number, "It is the xylophone."),)), now=NOW + HOUR)
    with store.write() as tx:
        while tx.housekeeping(NOW):
            pass
        waiting = tx.inbound.claim(9, NOW, HOUR)
    assert len(waiting) == 1
    assert waiting[0].raw == RAW + b"Not decided yet.\r\n"
    assert new_ticket(store) == number + 2
    with store.read() as tx:
        assert tx.ticket(number).entries[-1].text == "It is the xylophone."
        assert tx.timelog.sums(number) == (20, 30)
