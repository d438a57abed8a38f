from __future__ import annotations

from functools import partial

import pytest

from maild.errors import NotFound, Refused
from maild.model import Plan
from maild.store import Delivery, OutboundWork, Store
from maild.store.facts_of import ALERT
from maild.store.outbound import OutboundMails
from maild.ticket.phases import RecipientState
from tests.shapes import shape, ticket_whole
from tests.store.values import ANNA, BOSS, HOUR, LEASE, NOW, apply, ask, new_ticket, notice, opening, plan

BYTES = b"Subject: [#15789] Printer\r\n\r\nWe have it.\r\n"


def claimed(store: Store, now=NOW, worker: str = "w") -> list[OutboundWork]:  # type: ignore[no-untyped-def]
    with store.write() as tx:
        return list(tx.outbound.claim(10, now, worker, LEASE))


def record(store: Store, key: int, deliveries: list[Delivery], **more: object) -> None:
    with store.write() as tx:
        tx.outbound.record(key, deliveries, **({"now": NOW} | more))  # type: ignore[arg-type]


def test_sent_mail_tells_what_each_recipient_got(store: Store) -> None:
    number = new_ticket(store, notice(to=(ANNA, BOSS)))
    (work,) = claimed(store)
    assert claimed(store) == []
    with store.write() as tx:
        tx.outbound.save_bytes(work.id, BYTES, "", "[#15789] Printer")
    record(store, work.id, [Delivery(ANNA.address, "sent", "250 ok"), Delivery(BOSS.address, "permanent", "550 no")],
           state="sent", answer="550 no")  # fmt: skip
    with store.read() as tx:
        row = shape(tx.outbound.get(work.id))
        assert tx.outbound.raw(work.id) == BYTES
        assert ticket_whole(tx, number)["outbound"][0]["state"] == "sent"
    assert (row["state"], row["attempts"], row["subject"], row["answer"]) == (
        "sent",
        1,
        "[#15789] Printer",
        "550 no",
    )
    assert [(one["address"], one["state"]) for one in row["recipients"]] == [
        (ANNA.address, "sent"), (BOSS.address, "failed"),
    ]  # fmt: skip
    assert [(one["old"], one["new"]) for one in row["events"]] == [
        ("", "queued"), ("queued", "sending"), ("sending", "sent"),
    ]  # fmt: skip


def test_temporary_failure_comes_again_for_those_who_still_wait(store: Store) -> None:
    new_ticket(store, notice(to=(ANNA, BOSS)))
    (work,) = claimed(store)
    with store.write() as tx:
        tx.outbound.save_bytes(work.id, BYTES, "bounce@desk.example")
    record(store, work.id, [Delivery(ANNA.address, "sent"), Delivery(BOSS.address, "temporary", "451 later")],
           state="queued", next_attempt_at=NOW + HOUR, answer="451 later")  # fmt: skip
    assert claimed(store) == []
    assert ask(store, lambda tx: tx.outbound.next_due()) == NOW + HOUR
    (again,) = claimed(store, NOW + HOUR)
    assert again.pending == (BOSS.address,)
    assert (again.raw, again.mail_from, again.attempts) == (BYTES, "bounce@desk.example", 1)


def test_relay_down_is_no_attempt_of_the_mail(store: Store) -> None:
    new_ticket(store, notice())
    (work,) = claimed(store)
    record(store, work.id, [], state="queued", count_attempt=False, next_attempt_at=NOW)
    assert claimed(store)[0].attempts == 0


def test_bytes_never_change_once_rendered(store: Store) -> None:
    new_ticket(store, notice())
    (work,) = claimed(store)
    with store.write() as tx:
        tx.outbound.save_bytes(work.id, BYTES, "")
        tx.outbound.save_bytes(work.id, BYTES, "")
        with pytest.raises(Refused, match="never change"):
            tx.outbound.save_bytes(work.id, BYTES + b"!", "")


def test_claims_of_a_dead_worker_come_back_marked_as_maybe_sent(store: Store) -> None:
    new_ticket(store, notice())
    (work,) = claimed(store)
    with store.write() as tx:
        assert tx.outbound.release_stale(NOW + LEASE / 2) == 0
        assert tx.outbound.release_stale(NOW + LEASE) == 1
    assert claimed(store)[0].maybe_sent
    record(store, work.id, [], state="sent")
    with pytest.raises(Refused, match="its claim was over"):
        record(store, work.id, [], state="sent")


def test_worker_that_stops_gives_back_its_own_only(store: Store) -> None:
    new_ticket(store, notice())
    (work,) = claimed(store, worker="a")
    with store.write() as tx:
        assert tx.outbound.release_worker("b", NOW) == 0
        assert tx.outbound.release_worker("a", NOW) == 1
    (again,) = claimed(store)
    assert (again.id, again.maybe_sent) == (work.id, False)


def test_worker_prolongs_the_claims_of_its_own_that_it_names(store: Store) -> None:
    for _ in range(2):
        new_ticket(store, notice())
    first, second = [work.id for work in claimed(store, worker="us")]
    with store.write() as tx:
        tx.outbound.keep_claimed([first], "us", NOW + 2 * LEASE)
        tx.outbound.keep_claimed([second], "another", NOW + 2 * LEASE)
        assert tx.outbound.release_stale(NOW + LEASE) == 1
    assert [work.id for work in claimed(store)] == [second]


def test_who_gives_back_what_it_does_not_know_of_is_asked_after_the_look(store: Store) -> None:
    """Another lane's transaction may end meanwhile: it is known before its COMMIT, so when we ask, or it is not seen."""
    for _ in range(2):
        new_ticket(store, notice())
    first, second = [work.id for work in claimed(store, worker="us")]
    known: set[int] = set()

    def asked() -> set[int]:
        known.add(second)
        return known

    with store.write() as tx:
        assert tx.outbound.release_unknown("another", set, NOW) == 0
        assert tx.outbound.release_unknown("us", asked, NOW) == 1
    (again,) = claimed(store)
    assert (again.id, again.maybe_sent) == (first, False)


def test_a_report_on_who_was_not_reached_yet_takes_nobody_off_the_list(store: Store) -> None:
    """Whoever knows an id of ours can write one: a colleague of theirs who still waits for the mail gets it all the same."""
    new_ticket(store, notice(to=(ANNA, BOSS)))
    (work,) = claimed(store)
    record(store, work.id, [Delivery(ANNA.address, "sent"), Delivery(BOSS.address, "temporary", "451 later")],
           state="queued", next_attempt_at=NOW + HOUR)  # fmt: skip
    bounced = partial(
        OutboundMails.mark, key=work.id, recipient="", state=RecipientState.BOUNCED, answer="", now=NOW
    )
    with store.write() as tx:
        bounced(tx.outbound)
        assert [one.state for one in tx.outbound.recipients(work.id)] == ["bounced", "waiting"]
    (again,) = claimed(store, NOW + HOUR)
    assert again.pending == (BOSS.address,)
    with store.write() as tx:  # on its way: the report may be quicker than the relay's answer
        bounced(tx.outbound)
        assert [one.state for one in tx.outbound.recipients(work.id)] == ["bounced", "bounced"]


def test_lost_answer_is_noted(store: Store) -> None:
    new_ticket(store, notice())
    (work,) = claimed(store)
    record(store, work.id, [], state="queued", ambiguous=True, next_attempt_at=NOW)
    assert claimed(store)[0].maybe_sent


def test_failed_mail_is_retried_on_request_for_those_who_did_not_get_it(store: Store) -> None:
    new_ticket(store, notice(to=(ANNA, BOSS)))
    (work,) = claimed(store)
    record(
        store,
        work.id,
        [Delivery(ANNA.address, "sent"), Delivery(BOSS.address, "permanent", "550")],
        state="failed",
    )
    assert ask(store, lambda tx: tx.outbound.counts()) == {"queued": 0, "sending": 0, "failed": 1}
    with store.write() as tx:
        tx.outbound.retry(work.id, NOW + HOUR)
    assert claimed(store, NOW + HOUR)[0].pending == (BOSS.address,)
    with store.write() as tx, pytest.raises(Refused, match="is sending"):
        tx.outbound.retry(work.id, NOW)
    with store.write() as tx, pytest.raises(NotFound):
        tx.outbound.retry(999, NOW)


def test_retry_all_makes_everything_due(store: Store) -> None:
    new_ticket(store, notice(), notice(name="accepted"))
    first, second = claimed(store)
    record(store, first.id, [Delivery(ANNA.address, "permanent")], state="failed")
    record(store, second.id, [], state="queued", next_attempt_at=NOW + 9 * HOUR)
    with store.write() as tx:
        assert tx.outbound.retry_all(NOW) == 2
    assert {work.id for work in claimed(store)} == {first.id, second.id}


def test_mail_without_a_ticket_can_be_sent(store: Store) -> None:
    apply(store, Plan((notice(name="agent_alert", data={"alert": "digest"}),)))
    (work,) = claimed(store)
    assert (work.ticket, work.references) == (None, ())


def test_notices_go_out_in_the_order_they_were_planned(store: Store) -> None:
    apply(store, plan(opening(), notice(name="received"), notice(name="accepted"), notice(name="closed")))
    assert [work.notice for work in claimed(store)] == ["received", "accepted", "closed"]


def test_alert_that_has_left_is_not_called_told_by_another(store: Store) -> None:
    first = new_ticket(store, notice(name=ALERT, data={"alert": "new"}))
    for _ in range(2):
        apply(store, plan(notice(first, ALERT, data={"alert": "reply"})))
    with store.write() as tx:
        left, waits, newest = (one.id for one in tx.alerts.due(NOW))
    with store.write() as tx:
        (work,) = tx.outbound.claim(1, NOW, "w", LEASE)
    assert work.id == left
    record(store, left, [], state="sent")
    with store.write() as tx:
        tx.alerts.become_one(newest, {"alert": "reply"}, [left, waits], NOW)
        mails = [tx.outbound.get(key) for key in (left, waits, newest)]
    assert [mail.mail.state for mail in mails] == ["sent", "superseded", "queued"]
    assert [mail.events[-1].new for mail in mails] == ["sent", "superseded", "queued"]
