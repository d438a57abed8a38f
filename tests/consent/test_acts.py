"""What agents can and cannot do to a held ticket."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from maild.app import acts, approvals, correction
from maild.app.acts import ActContext
from maild.errors import Refused
from maild.model import Plan
from maild.store import Tx
from maild.ticket.phases import Phase
from maild.work.nonces import nonce, token
from tests.consent.keys import sign
from tests.consent.world import Asked, World
from tests.shapes import shapes


def act(world: World, number: int, make: object) -> None:
    """As the command line does it."""

    def job(tx: Tx) -> None:
        ticket = tx.ticket(number)
        company = tx.companies.find(ticket.company) if ticket.company else None
        here = ActContext(
            world.settings, datetime.now(UTC), "kata", company, None, tx.consents.of_ticket(number)
        )
        plan: Plan = make(here, ticket)  # type: ignore[operator]
        tx.apply(plan, now=here.now, signer=world.signer, nonces=nonce)

    world.write(job)


def set_to(world: World, number: int, kind: str | None = None, subject: str | None = None) -> None:
    act(
        world,
        number,
        lambda a, t: approvals.change(a, t, correction.wanted(kind=kind, subject=subject), token),
    )


def consents(world: World, number: int) -> list[tuple[str, str]]:
    return [(c.kind, c.state) for c in world.read(lambda tx: tx.consents.of_ticket(number))]


def expired(world: World) -> Asked:
    asked = world.ask()
    world.expire(asked.consent)
    act(world, asked.number, lambda a, t: approvals.expire(a, t, a.consents[0]))
    return asked


@pytest.mark.parametrize(
    "phase", [Phase.IN_PROGRESS, Phase.ACCEPTED, Phase.RESOLVED, Phase.REJECTED, Phase.CLOSED]
)
def test_a_held_ticket_cannot_be_moved_on(world: World, phase: Phase) -> None:
    asked = world.ask()
    with pytest.raises(Refused, match="approval withdraw"):
        act(world, asked.number, lambda a, t: acts.phase(a, t, phase))
    with pytest.raises(Refused, match="held"):
        act(world, asked.number, acts.close)


def test_another_subject_voids_and_asks_again_with_the_whole(world: World) -> None:
    asked = world.ask()
    set_to(world, asked.number, subject="Share and payroll")
    assert consents(world, asked.number) == [("permission", "void"), ("permission", "waiting")]
    now = world.read(lambda tx: tx.consents.waiting(asked.number))
    assert now is not None
    assert now.request_text.startswith("Share and payroll\n\nPlease grant")
    world.send(sign(asked.reply()))
    assert world.phase(asked.number) == "awaiting_approval"
    again = world.asked(asked.number, now.id, asked.requester, asked.approver, "approval_request")
    world.send(sign(again.reply()))
    assert world.phase(asked.number) == "received"


def test_another_kind_that_needs_approval_asks_again_and_one_that_needs_none_is_refused(world: World) -> None:
    asked = world.ask()
    set_to(world, asked.number, kind="device")
    assert consents(world, asked.number) == [("permission", "void"), ("device", "waiting")]
    with pytest.raises(Refused, match="approval withdraw"):
        set_to(world, asked.number, kind="question")


def test_a_ticket_that_becomes_a_permission_request_is_held(world: World) -> None:
    row = world.send(_printer())
    number = int(row["ticket"])
    assert world.phase(number) == "received"
    set_to(world, number, kind="permission")
    assert world.phase(number) == "awaiting_approval"
    assert consents(world, number) == [("permission", "waiting")]


def test_work_that_was_done_goes_on_when_more_is_granted_and_is_done_again_when_the_hold_is_withdrawn(
    world: World,
) -> None:
    for outcome, phase in (("granted", "in_progress"), ("withdrawn", "resolved")):
        number = int(world.send(_printer())["ticket"])
        act(world, number, lambda a, t: acts.phase(a, t, Phase.RESOLVED))
        set_to(world, number, kind="permission")
        waiting = world.read(lambda tx, number=number: tx.consents.waiting(number))  # type: ignore[misc]
        assert waiting is not None
        assert (world.phase(number), waiting.phase_before) == ("awaiting_approval", "resolved")
        if outcome == "granted":
            world.send(sign(world.asked(number, waiting.id, waiting.requester, waiting.approvers[0]).reply()))
        else:
            act(world, number, lambda a, t: approvals.withdraw(a, t, a.consents[0], "a mistake"))
        assert consents(world, number) == [("permission", outcome)]
        assert world.phase(number) == phase


def test_a_withdrawn_hold_goes_back_and_needs_a_reason(world: World) -> None:
    asked = world.ask()
    with pytest.raises(Refused, match="reason"):
        act(world, asked.number, lambda a, t: approvals.withdraw(a, t, a.consents[0], " "))
    act(world, asked.number, lambda a, t: approvals.withdraw(a, t, a.consents[0], "asked by mistake"))
    assert world.phase(asked.number) == "received"
    last = world.read(lambda tx: shapes(tx.consents.log(asked.consent)))[-1]
    assert (last["event"], last["data"]["reason"]) == ("withdrawn", "asked by mistake")


def test_an_expired_hold_stays_held_until_it_is_asked_again(world: World) -> None:
    asked = expired(world)
    assert world.phase(asked.number) == "awaiting_approval"
    with pytest.raises(Refused):
        act(world, asked.number, lambda a, t: acts.phase(a, t, Phase.IN_PROGRESS))
    act(world, asked.number, lambda a, t: approvals.request(a, t, a.consents[0], "", "", token))
    assert consents(world, asked.number) == [("permission", "expired"), ("permission", "waiting")]


def test_an_expired_hold_can_be_rejected_or_withdrawn(world: World) -> None:
    first, second = expired(world), expired(world)
    act(world, first.number, lambda a, t: acts.phase(a, t, Phase.REJECTED))
    act(world, second.number, lambda a, t: approvals.withdraw(a, t, a.consents[0], "done otherwise"))
    assert world.phase(first.number) == "rejected"
    assert world.phase(second.number) == "received"


def test_a_reminder_carries_a_token_of_its_own_and_the_first_stays_valid(world: World) -> None:
    asked = world.ask()
    act(world, asked.number, lambda a, t: approvals.remind(a, t, a.consents[0], token))
    again = world.asked(asked.number, asked.consent, asked.requester, asked.approver, "approval_reminder")
    assert again.token != asked.token
    other = world.ask()
    act(world, other.number, lambda a, t: approvals.remind(a, t, a.consents[0], token))
    world.send(sign(again.reply()))
    world.send(sign(other.reply()))
    assert (world.phase(asked.number), world.phase(other.number)) == ("received", "received")


def test_a_flood_of_forgeries_alerts_the_agents_once(world: World) -> None:
    asked = world.ask()
    before = world.last_sent()
    for _ in range(3):
        world.send(asked.reply())
    alerts = [r for r in world.outbound_since(before) if r.get("alert") == "consent"]
    told = [r for r in world.outbound_since(before) if r["notice"] == "approval_not_accepted"]
    assert (len(alerts), len(told)) == (1, 1)


def test_a_phone_call_starts_nothing_until_the_caller_writes(world: World) -> None:
    from typer.testing import CliRunner

    from maild.commands.app import app, load

    load()
    words = [
        "new",
        "--from",
        "anna@acme.example",
        "--subject",
        "Share",
        "--kind",
        "permission",
        "--channel",
        "phone",
    ]
    done = CliRunner().invoke(
        app,
        [
            "--config",
            str(world.settings.base / "config.toml"),
            *words,
            "-m",
            "wants access",
            "--as",
            "kata",
            "--json",
        ],
    )
    number = int(json.loads(done.output)["number"])
    assert world.phase(number) == "waiting_customer"
    assert consents(world, number) == []
    with pytest.raises(Refused, match="by phone"):
        act(world, number, lambda a, t: approvals.request(a, t, None, "", "", token))
    with pytest.raises(Refused, match="by phone"):
        set_to(world, number, kind="device")
    asked = Asked(number, 0, "anna@acme.example", "boss@acme.example", "", "")
    world.send(asked.reply("Please grant me access to the share.\r\n", sender="anna@acme.example", parent=""))
    assert world.phase(number) == "awaiting_approval"
    held = world.read(lambda tx: tx.consents.waiting(number))
    assert held is not None
    assert "wants access" not in held.request_text
    answer = world.asked(number, held.id, "anna@acme.example", "boss@acme.example", "approval_request")
    world.send(sign(answer.reply()))
    assert world.phase(number) == "received"


def _printer() -> bytes:
    from email.utils import format_datetime

    from tests.harness.mails import new_id

    return (
        f"From: anna@acme.example\r\nTo: help@desk.example\r\nSubject: Printer\r\n"
        f"Date: {format_datetime(datetime.now(UTC))}\r\nMessage-ID: {new_id()}\r\n\r\nThe printer burns.\r\n"
    ).encode()
