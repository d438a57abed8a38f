"""Laws of how statements are made and run."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import insert, select

import maild.store
from maild.store import Store, hot, tables
from maild.store.statements import Prepared, PreparedIn
from maild.store.types import Words
from tests.cases import cases
from tests.store.values import NOW

FOLDER = Path(maild.store.__file__).parent
#: what no database of ours can hold, and what becomes of it
HOSTILE, HELD = "a\0b\ud800c", "ab?c"


def test_each_prepared_statement_says_what_it_saves() -> None:
    text = (FOLDER / "hot.py").read_text(encoding="utf-8")
    for name, value in vars(hot).items():
        if isinstance(value, Prepared | PreparedIn):
            before = text.partition(f"\n{name} = Prepared")[0].splitlines()[-1]
            assert before.startswith("# saves "), f"{name}: say what it saves"


def test_words_of_people_lose_what_a_database_cannot_hold_on_both_ways_in(store: Store) -> None:
    values = {"address": "x@acme.example", "at": NOW, "reason": HOSTILE}
    with store.write() as tx:
        tx.execute(insert(tables.BOUNCED_ADDRESS).values(**values))
        tx.run(
            Prepared(insert(tables.BOUNCED_ADDRESS).values(address="y@acme.example", at=NOW, reason=HOSTILE)),
            {},
        )
        found = tx.execute(select(tables.BOUNCED_ADDRESS.c.reason)).scalars().all()
        # who asks with such a word is answered, too
        assert tx.execute(select(tables.CONTACT).where(tables.CONTACT.c.name == HOSTILE)).first() is None
        assert tx.rows_in(hot.CONTACTS_WITH, [HOSTILE]) == []
    assert found == [HELD, HELD]


@cases("column", [
    tables.TICKET.c.subject, tables.TICKET.c.requester, tables.ENTRY.c.text, tables.ENTRY.c.author,
    tables.INBOUND.c.mail_from, tables.INBOUND.c.trace, tables.INBOUND.c.from_address, tables.INBOUND.c.error,
    tables.OUTBOUND.c.answer, tables.OUTBOUND.c.in_reply_to, tables.OUTBOUND_RECIPIENT.c.address,
    tables.KNOWN_KEY.c.key, tables.EVENT.c.note, tables.CONTACT_ADDRESS.c.address, tables.CONSENT.c.request_text,
    tables.OUTAGE.c.text, tables.BLOB.c.name, tables.AUTOMATIC_COUNT.c.key, tables.TIME_ENTRY.c.text,
], ids=str)  # fmt: skip
def test_columns_that_hold_what_people_wrote_clean_it(column: object) -> None:
    assert isinstance(getattr(column, "type", None), Words)


def test_rows_have_names_and_values_of_python_on_both_ways(store: Store) -> None:
    with store.write() as tx:
        tx.add_events([("ticket", 7, "", "received", "x")], NOW)
        query = select(*tables.EVENT.c["at", "object_id"])
        (slow,) = tx.execute(query).all()
        (fast,) = tx.rows(Prepared(query), {})
    assert (fast.at, fast.object_id) == (slow.at, slow.object_id) == (NOW, 7)


@cases("fails", [False, True])
def test_no_statement_is_given_back_after_its_transaction(store: Store, fails: bool) -> None:
    """An exception keeps its transaction alive; what it held would be given back in the midst of a later one."""
    with suppress(RuntimeError), store.write() as tx:
        tx.add_events([("ticket", 1, "", "received", "")], NOW)
        tx.write_events()
        if fails:
            raise RuntimeError
    with pytest.raises(Exception, match="closed"):
        tx.run(hot.META_VALUE, {"key": "secret"})
    with store.write() as again:
        again.add_events([("ticket", 1, "received", "accepted", "")], NOW)
