"""Each attack ends held: through the real SMTP port, with real keys and a real DNS server."""

from __future__ import annotations

import pytest

from tests.consent.attacks import ATTACKS, Attack, failed
from tests.consent.world import SECRET, World
from tests.shapes import shapes, ticket_whole

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda a: a.name)
def test_it_is_held_and_everybody_concerned_knows(world: World, attack: Attack) -> None:
    asked = world.ask(attack.company)
    if attack.prepare:
        attack.prepare(world, asked)
    raw = attack.make(world, asked)
    before, tickets = world.last_sent(), world.tickets()
    row = world.send(raw, via=attack.via)
    if attack.prepare:
        world.restore()
    assert row["state"] == "done"
    assert failed(row) == attack.stopped
    assert world.phase(asked.number) == "awaiting_approval"
    consent = world.read(lambda tx: tx.consents.get(asked.consent))
    assert consent.state in ("waiting", "void")
    # the agent sees why: on the ticket, and in `approval explain`
    ticket = world.read(lambda tx: ticket_whole(tx, asked.number))
    notes = [e for e in ticket["entries"] if e["type"] == "consent" and e["data"].get("failed")]
    assert [tuple(e["data"]["failed"]) for e in notes] == [attack.stopped]
    assert not notes[0]["public"]
    events = world.read(lambda tx: shapes(tx.consents.log(asked.consent)))
    assert events[-1]["event"] == "not_accepted"
    assert events[-1]["data"]["sha256"] == row["sha256"]
    # the registered approver is told
    told = [
        r
        for r in world.outbound_since(before)
        if r["notice"] in ("approval_not_accepted", "approval_unclear", "approval_changed")
    ]
    assert told
    people = {address for _, address, _, _ in world.people("acme" if attack.company == "acme" else "tok")}
    assert all(set(r["to"]) <= people for r in told)
    # nothing of the ticket goes to an attacker
    for mail in world.sent_to("stranger@evil.example", before):
        assert SECRET.encode() not in mail
        assert b"Kovacs" not in mail
    # the number stays; a stranger has a ticket of their own, linked at most
    assert world.tickets() - tickets == (row["ticket"] != asked.number)
    if row["ticket"] != asked.number:
        links = world.read(lambda tx: shapes(tx.tickets.links(row["ticket"])))
        assert {link["type"] for link in links} <= {"claims", "related"}
