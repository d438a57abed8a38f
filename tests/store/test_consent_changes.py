"""What plans do to consents beside opening and deciding them: reminders, ends, ids and heads in mails."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

import pytest

from maild.errors import Refused
from maild.model import AddTokens, DecideConsent, Json, LogConsent, Plan
from maild.store import Store
from maild.ticket.phases import ConsentState
from maild.ticket.vocabulary import ConsentEvent
from tests.shapes import shapes
from tests.store.values import BOSS, HOUR, LEASE, NOW, accept, apply, ask, consent, mail, new_ticket, notice


def hash_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def data_of_mails(store: Store) -> dict[str, Json]:
    with store.write() as tx:
        return {work.notice: work.data for work in tx.outbound.claim(50, NOW, "w", LEASE)}


def test_the_mail_that_asks_gets_the_id_of_the_consent_that_the_same_plan_opens(store: Store) -> None:
    asked = notice(
        name="approval_request", data={"consent": {"id": None, "kind": "permission"}}, token="t" * 26
    )
    number = new_ticket(store, consent(tokens=((BOSS.address, hash_of("t" * 26)),)), asked)
    (made,) = ask(store, lambda tx: tx.consents.of_ticket(number))
    assert data_of_mails(store)["approval_request"]["consent"] == {"id": f"C{made.id}", "kind": "permission"}


def test_mails_on_a_ticket_with_consents_carry_the_newest_head_and_others_none(store: Store) -> None:
    held = new_ticket(store, consent(), LogConsent(0, ConsentEvent.ASKED, {}))
    other = new_ticket(store)
    alert = notice(held, "agent_alert", data={"alert": "deadline"})
    apply(store, Plan((notice(held, "accepted"), notice(other, "closed"), alert)))
    found = data_of_mails(store)
    assert found["accepted"]["consent_head"] == ask(store, lambda tx: tx.consents.head())
    assert "consent_head" not in found["closed"]
    assert "consent_head" not in found["agent_alert"]


def test_a_reminders_token_is_one_more_and_decides_as_well(store: Store) -> None:
    number = new_ticket(store, consent(tokens=((BOSS.address, hash_of("a" * 26)),)))
    (made,) = ask(store, lambda tx: tx.consents.of_ticket(number))
    apply(store, Plan((AddTokens(made.id, ((BOSS.address, hash_of("b" * 26)),), made.expires_at),)))
    apply(store, Plan((DecideConsent(made.id, ConsentState.GRANTED, BOSS.address, "", hash_of("b" * 26)),)))
    after = ask(store, lambda tx: tx.consents.get(made.id))
    spent = {t.token_hash: t.spent_at is not None for t in after.tokens}
    assert spent == {hash_of("a" * 26): False, hash_of("b" * 26): True}
    assert all(t.void_at is not None for t in after.tokens if t.spent_at is None)


def test_a_decided_consent_takes_no_further_tokens(store: Store) -> None:
    number = new_ticket(store, consent())
    (made,) = ask(store, lambda tx: tx.consents.of_ticket(number))
    apply(store, Plan((DecideConsent(made.id, ConsentState.WITHDRAWN, "kata", "a mistake"),)))
    with pytest.raises(Refused, match="no longer waiting"):
        apply(store, Plan((AddTokens(made.id, ((BOSS.address, hash_of("b" * 26)),), made.expires_at),)))


@pytest.mark.parametrize("state", [ConsentState.WITHDRAWN, ConsentState.VOID])
def test_an_expired_consent_can_be_given_up(store: Store, state: ConsentState) -> None:
    number = new_ticket(store, consent())
    (made,) = ask(store, lambda tx: tx.consents.of_ticket(number))
    apply(store, Plan((DecideConsent(made.id, ConsentState.EXPIRED, "maild"),)))
    apply(store, Plan((DecideConsent(made.id, state, "kata", "a mistake"),)))
    assert ask(store, lambda tx: tx.consents.get(made.id)).state == state
    events = ask(store, lambda tx: shapes(tx.events("consent", made.id)))
    assert [(e["old"], e["new"]) for e in events][1:] == [("waiting", "expired"), ("expired", state)]


@pytest.mark.parametrize("state", [ConsentState.GRANTED, ConsentState.REFUSED])
def test_an_answer_that_was_received_in_time_decides_an_expired_consent(
    store: Store, state: ConsentState
) -> None:
    token = hash_of("t" * 26)
    number = new_ticket(store, consent(tokens=((BOSS.address, token),)))
    (made,) = ask(store, lambda tx: tx.consents.of_ticket(number))
    apply(store, Plan((DecideConsent(made.id, ConsentState.EXPIRED, "maild"),)))
    apply(store, Plan((DecideConsent(made.id, state, BOSS.address, "", token),)))
    assert ask(store, lambda tx: tx.consents.get(made.id)).state == state


def test_an_expired_consent_expires_once(store: Store) -> None:
    state = ConsentState.EXPIRED
    number = new_ticket(store, consent())
    (made,) = ask(store, lambda tx: tx.consents.of_ticket(number))
    apply(store, Plan((DecideConsent(made.id, ConsentState.EXPIRED, "maild"),)))
    with pytest.raises(Refused, match="is expired already"):
        apply(store, Plan((DecideConsent(made.id, state, BOSS.address),)))


def test_a_postponed_mail_waits_with_its_reason_and_counts_no_attempt(store: Store) -> None:
    key = accept(store)
    with store.write() as tx:
        (work,) = tx.inbound.claim(5, NOW, LEASE, "w")
        tx.inbound.postpone(key, mail(), NOW + HOUR, "DNS does not answer")
        assert not tx.inbound.claim(5, NOW + timedelta(minutes=59), LEASE, "w")
    assert work.attempts == 1
    (row,) = ask(store, lambda tx: shapes(tx.inbound.list()))
    assert (row["state"], row["error"], row["subject"]) == ("received", "DNS does not answer", "Printer")
    with store.write() as tx:
        (again,) = tx.inbound.claim(5, NOW + HOUR, LEASE, "w")
    assert again.attempts == 1
