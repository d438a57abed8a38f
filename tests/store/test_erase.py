from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from maild.fulltext import Query, Term
from maild.model import (
    NEW,
    AddTime,
    CompanyFacts,
    ContactInput,
    DecideConsent,
    HeldBack,
    PersonFacts,
    Plan,
    Reason,
)
from maild.party.persons import identity_of, scrub_json
from maild.settings import Settings
from maild.store import Delivery, Store
from maild.store.models import Base
from maild.ticket.phases import ConsentState, OutboundState
from tests.store.values import (
    ANNA,
    BOSS,
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

SCRUB = partial(scrub_json, person=identity_of(ANNA.address, PersonFacts(1, ANNA.address, ANNA.name)))


def everything(store: Store) -> str:
    """All that the database says, as text."""
    with store.read() as tx:
        rows: list[Any] = []
        for table in Base.metadata.sorted_tables:
            rows += [repr(tuple(row)) for row in tx.connection.execute(table.select())]
    return "\n".join(rows)


def filled(store: Store) -> int:
    with store.write() as tx:
        tx.companies.save(CompanyFacts("acme", "Acme"))
        tx.contacts.save("acme", ContactInput((ANNA.address, "anna@home.example"), ANNA.name, "+36 1 555"))
        tx.contacts.save("acme", ContactInput((BOSS.address,), BOSS.name, roles=("approver",)))
    key = accept(store)
    made = apply(store, plan(inbound_ticket=NEW), inbound_id=key, mail=mail())
    apply(store, Plan((notice(made.ticket or 0, data={"text": "It burns."}),
                       AddTime(made.ticket or 0, "kata", 20, 30, "cable"))))  # fmt: skip
    return made.ticket or 0


def test_person_is_gone_while_ticket_and_sums_stay(store: Store) -> None:
    number = filled(store)
    with store.write() as tx:
        tx.housekeeping(NOW)
        report = tx.erase("anna@home.example", NOW, "kata", 3650, SCRUB)
    assert report.tickets == (number,)
    assert (report.mails, report.outbound, report.kept_evidence, report.until) == (1, 1, (), None)
    left = everything(store)
    for word in ("anna@", "Kovács", "+36 1 555", "It burns", "Printer"):
        assert word not in left, word
    with store.read() as tx:
        ticket = tx.ticket(number)
        assert tx.timelog.sums(number)[1] == 30
        assert tx.search(Query((Term("burns"),))) == []
        assert tx.search(Query((Term("erased"),))) != []
        assert tx.outbound.list()[0].state == "failed"  # it was not sent yet, and must not be
        assert tx.contacts.find(BOSS.address) is not None
    assert ticket.requester.startswith("erased-")


def test_nothing_beside_the_tickets_names_the_person_any_more(store: Store) -> None:
    """Their sessions on the page, an answer that a cap held back, and what their mail server said of them."""
    filled(store)
    refused = f"550 5.1.1 <{ANNA.address}>: no such user"
    key = accept(store)
    apply(
        store,
        Plan((HeldBack(None, "received", ANNA.address, Reason("cap", ANNA.address)),)),
        inbound_id=key,
        mail=mail(),
    )
    with store.write() as tx:
        tx.web.add_link("of a link", ANNA.address, NOW)
        tx.web.sign_in("of a cookie", tx.contacts.get(ANNA.address).contact_id, ANNA.address, NOW)
        (work,) = tx.outbound.claim(9, NOW, "worker", timedelta(minutes=1))
        given = Delivery(ANNA.address, "permanent", refused)
        tx.outbound.record(work.id, (given,), state=OutboundState.FAILED, now=NOW, answer=refused)
    assert ANNA.address in everything(store)
    with store.write() as tx:
        tx.erase(ANNA.address, NOW, "kata", 3650, SCRUB)
        assert tx.web.session("of a cookie", NOW) is None
    assert "anna@" not in everything(store)
    assert len(ask(store, lambda tx: tx.outbound.held(key))) == 1  # that there was one stays


def test_evidence_of_a_consent_stays_until_its_retention_ends_and_says_so(store: Store) -> None:
    number = filled(store)
    apply(store, Plan((consent(number),)))
    with store.write() as tx:
        report = tx.erase(ANNA.address, NOW, "kata", 10, SCRUB)
    assert (report.kept_evidence, report.kept_tickets) == (("C1",), (number,))
    assert str(report.until).startswith("2026-11-12")
    assert ask(store, lambda tx: tx.inbound.raw(1)) == RAW
    assert ask(store, lambda tx: tx.contacts.find(ANNA.address)) is None
    with store.write() as tx:
        assert tx.erase(ANNA.address, NOW + timedelta(days=11), "kata", 10, SCRUB).tickets == (number,)
    left = everything(store)
    for word in ("It burns", "write access", ANNA.address):
        assert word not in left, word
    assert ask(store, lambda tx: tx.consents.get(1)).approvers == (BOSS.address,)


def test_approver_who_is_erased_is_named_by_no_consent_that_need_not_be_proved(store: Store) -> None:
    number = filled(store)
    apply(
        store,
        Plan(
            (
                consent(number, tokens=((BOSS.address, "a hash"),)),
                DecideConsent(1, ConsentState.GRANTED, BOSS.address),
            )
        ),
    )
    with store.write() as tx:
        tx.erase(BOSS.address, NOW, "kata", 10, SCRUB)
        assert tx.consents.get(1).decided_by == BOSS.address
    with store.write() as tx:
        tx.erase(BOSS.address, NOW + timedelta(days=11), "kata", 10, SCRUB)
        one = tx.consents.get(1)
    assert (one.requester, one.request_text, one.state) == (
        ANNA.address,
        "write access",
        ConsentState.GRANTED,
    )
    assert one.decided_by == one.approvers[0] == one.tokens[0].approver != BOSS.address


def test_entries_on_tickets_of_others_lose_the_words_only(store: Store) -> None:
    filled(store)
    other = new_ticket(
        store, entry(author=BOSS.address, text="mine"), requester=BOSS.address, requester_name="B"
    )
    with store.write() as tx:
        tx.erase(ANNA.address, NOW, "kata", 10, SCRUB)
    ticket = ask(store, lambda tx: tx.ticket(other))
    assert [line.text for line in ticket.entries] == ["[erased]", "mine"]
    assert ticket.requester == BOSS.address


def test_large_mail_of_an_erased_person_leaves_the_disk_after_the_commit(sqlite_settings: Settings) -> None:
    raw = b"Subject: big\r\n\r\n" + b"x" * 5000
    with Store.open(sqlite_settings) as store:
        key = accept(store, raw)
        apply(store, plan(inbound_ticket=NEW), inbound_id=key, mail=mail())
        files = list(Path(sqlite_settings.database.folder).rglob("*.eml"))
        with store.write() as tx:
            tx.erase(ANNA.address, NOW, "kata", 10, SCRUB)
            assert files[0].exists()
        assert not files[0].exists()


def test_erasure_is_noted_without_the_data(store: Store) -> None:
    filled(store)
    with store.write() as tx:
        report = tx.erase(ANNA.address, NOW, "kata", 10, SCRUB)
    assert ANNA.address not in repr(report)
    assert "kata" in everything(store)


def test_what_others_wrote_of_the_person_loses_their_name_where_they_took_part(store: Store) -> None:
    filled(store)
    said = entry(
        author=BOSS.address, text=f"Ask {ANNA.name}, {ANNA.address}.", full_text=f"> {ANNA.name} wrote"
    )
    theirs = new_ticket(store, entry(author=ANNA.address), said, requester=BOSS.address, requester_name="B")
    elsewhere = apply(store, plan(opening(requester=BOSS.address, requester_name="B"), said)).ticket
    with store.write() as tx:
        tx.housekeeping(NOW)
        report = tx.erase(ANNA.address, NOW, "kata", 10, SCRUB)
    assert report.scrubbed == 1
    line = ask(store, lambda tx: tx.ticket(theirs)).entries[-1]
    assert (line.text, line.author) == ("Ask [removed], [removed].", BOSS.address)
    assert ask(store, lambda tx: tx.search(Query((Term(ANNA.address),))))[0].number == elsewhere
