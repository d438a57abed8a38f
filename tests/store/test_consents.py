from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from maild.errors import NotFound, Refused
from maild.model import NEW, DecideConsent, LogConsent, Plan
from maild.store import Store
from maild.store.consents import GENESIS, canonical
from maild.store.tables import CONSENT_LOG
from maild.ticket.phases import ConsentState
from maild.ticket.vocabulary import ConsentEvent
from tests.examples import at_most
from tests.shapes import shapes
from tests.store.values import ANNA, BOSS, NOW, apply, ask, consent, new_ticket

FIRST, SECOND = (sha256(word).hexdigest() for word in (b"one", b"two"))


def opened(store: Store) -> int:
    number = new_ticket(store, consent(tokens=((BOSS.address, FIRST), ("other@acme.example", SECOND))))
    held = ask(store, lambda tx: tx.consents.waiting(number))
    assert held is not None
    return held.id


def test_grant_spends_the_one_token_and_voids_the_other(store: Store) -> None:
    key = opened(store)
    apply(store, Plan((DecideConsent(key, ConsentState.GRANTED, BOSS.address, spend_token=FIRST),)))
    with store.read() as tx:
        one = tx.consents.get(key)
        assert tx.consents.waiting(one.ticket) is None
        assert [event["new"] for event in shapes(tx.events("consent", key))] == ["waiting", "granted"]
    assert (one.state, one.decided_by, one.decided_at) == ("granted", BOSS.address, NOW)
    tokens = {token.token_hash: token for token in one.tokens}
    assert (tokens[FIRST].spent_at, tokens[FIRST].void_at) == (NOW, None)
    assert (tokens[SECOND].spent_at, tokens[SECOND].void_at) == (None, NOW)


def test_second_decision_is_refused_and_changes_nothing(store: Store) -> None:
    key = opened(store)
    apply(store, Plan((DecideConsent(key, ConsentState.REFUSED, BOSS.address, spend_token=FIRST),)))
    with pytest.raises(Refused, match=f"C{key} is refused already"):
        apply(store, Plan((DecideConsent(key, ConsentState.GRANTED, BOSS.address, spend_token=SECOND),)))
    assert ask(store, lambda tx: tx.consents.get(key)).state == "refused"


@pytest.mark.parametrize("token", [sha256(b"three").hexdigest(), ""])
def test_grant_with_a_foreign_token_is_refused_whole(store: Store, token: str) -> None:
    key = opened(store)
    with pytest.raises(Refused, match="not one that"):
        apply(store, Plan((DecideConsent(key, ConsentState.GRANTED, BOSS.address, spend_token=token),)))
    assert ask(store, lambda tx: tx.consents.get(key)).state == "waiting"


def test_token_of_another_consent_is_refused(store: Store) -> None:
    first = opened(store)
    number = new_ticket(store, consent(tokens=((BOSS.address, sha256(b"four").hexdigest()),)))
    second = ask(store, lambda tx: tx.consents.of_ticket(number))[0].id
    with pytest.raises(Refused, match="not one that"):
        apply(store, Plan((DecideConsent(second, ConsentState.GRANTED, BOSS.address, spend_token=FIRST),)))
    assert ask(store, lambda tx: [one.state for one in tx.consents.all()]) == ["waiting", "waiting"]
    assert first != second


def test_unknown_consents_and_states_are_refused(store: Store) -> None:
    with pytest.raises(NotFound):
        apply(store, Plan((DecideConsent(77, ConsentState.GRANTED, BOSS.address),)))
    with pytest.raises(NotFound):
        ask(store, lambda tx: tx.consents.get(77))
    key = opened(store)
    with pytest.raises(Refused, match="cannot go from waiting"):
        apply(store, Plan((DecideConsent(key, ConsentState.WAITING, BOSS.address),)))


def test_withdrawal_keeps_its_reason(store: Store) -> None:
    key = opened(store)
    apply(store, Plan((DecideConsent(key, ConsentState.WITHDRAWN, "kata", "asked twice"),)))
    assert ask(store, lambda tx: tx.consents.get(key)).reason == "asked twice"


def test_log_grows_by_apply_and_returns_its_head(store: Store) -> None:
    made = apply(store, Plan((*_open(), LogConsent(NEW, ConsentEvent.ASKED, {"who": "ő", "n": 1, "f": 0.1}))))
    head = made.consent_head
    more = apply(
        store,
        Plan(
            (
                LogConsent(made.consents[0], ConsentEvent.ASKED, {}),
                LogConsent(made.consents[0], ConsentEvent.REMINDED, {}),
            )
        ),
    )
    with store.read() as tx:
        rows = shapes(tx.consents.log())
        report = tx.consents.verify(head)
        assert tx.consents.head() == more.consent_head == report.head
    assert (report.ok, report.rows, report.problem) == (True, 3, "")
    assert rows[0]["prev_hash"] == GENESIS
    assert rows[1]["prev_hash"] == head
    # what docs/consent.md tells an auditor to do
    first = rows[0]
    made_bytes = canonical(1, first["consent_id"], first["at"], "asked", first["data"], GENESIS)
    assert sha256(made_bytes).hexdigest() == head
    assert not ask(store, lambda tx: tx.consents.verify("f" * 64)).ok


def _open() -> tuple[Any, ...]:
    from tests.store.values import opening

    return (opening(), consent())


EVENTS = tuple(ConsentEvent)


def filled(store: Store, rows: int = 6) -> None:
    with store.write() as tx:
        for i in range(rows):
            tx.consents.append(i % 2 + 1, EVENTS[i % 3], {"n": i, "by": ANNA.address}, NOW)


_TAMPERING = st.fixed_dictionaries({
    "seq": st.integers(1, 6),
    "how": st.sampled_from(["event", "data", "consent_id", "at", "hash", "prev_hash", "delete", "data-space"]),
})  # fmt: skip


@settings(at_most(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(act=_TAMPERING)
def test_any_tampered_row_breaks_the_chain(store: Store, act: dict[str, Any]) -> None:
    with store.write() as tx:
        tx.connection.execute(delete(CONSENT_LOG))
        tx.set_meta("consent_head", GENESIS)
    filled(store)
    assert ask(store, lambda tx: tx.consents.verify()).ok
    how, row = act["how"], CONSENT_LOG.c.seq == act["seq"]
    values: dict[str, Any] = {
        "event": {"event": "granted"}, "data": {"data": '{"n":99,"by":"anna@acme.example"}'},
        "consent_id": {"consent_id": 9}, "at": {"at": NOW.replace(hour=1)}, "hash": {"hash": "a" * 64},
        "prev_hash": {"prev_hash": "b" * 64}, "data-space": {"data": '{"n": 0, "by": "anna@acme.example"}'},
    }  # fmt: skip
    with store.write() as tx:
        tx.connection.execute(
            delete(CONSENT_LOG).where(row)
            if how == "delete"
            else update(CONSENT_LOG).where(row).values(values[how])
        )
    report = ask(store, lambda tx: tx.consents.verify())
    assert not report.ok
    assert report.problem


def test_cut_off_end_shows_against_the_noted_head(store: Store) -> None:
    filled(store)
    with store.write() as tx:
        tx.connection.execute(delete(CONSENT_LOG).where(CONSENT_LOG.c.seq > 4))
    report = ask(store, lambda tx: tx.consents.verify())
    assert (report.ok, report.rows, report.broken_at) == (False, 4, 5)
