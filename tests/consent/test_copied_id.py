"""A mail with the Message-ID of one of ours: whoever wrote it has seen that mail, and the agents learn of it."""

from __future__ import annotations

import pytest

from tests.consent.attacks import evil
from tests.consent.world import SECRET, World

#: a whole daemon with DNS and keys
pytestmark = pytest.mark.slow

EVE, KATA = "eve@evil.example", "kata@desk.example"


def _told(world: World, since: int) -> int:
    """How many mails to the agents were made; they wait for a window, in which others may join them."""
    rows = world.outbound_since(since)
    return sum(row["notice"] == "agent_alert" and row["to"] == [KATA] for row in rows)


@pytest.mark.parametrize("sender", [EVE, "anna@acme.example", "boss@acme.example"])
def test_who_writes_with_the_id_of_an_approval_mail_is_named_to_the_agents(world: World, sender: str) -> None:
    asked = world.ask()
    before = world.last_sent()
    row = world.send(
        evil(asked.reply(sender=sender, parent="<other@evil.example>", message_id=asked.message_id))
    )
    assert (row["kind"], row["ticket"]) == ("own", asked.number)
    assert _told(world, before) == 1
    assert SECRET.encode() not in b"".join(world.sent_to(EVE, before))
    assert world.phase(asked.number) == "awaiting_approval"


def test_a_flood_of_them_is_told_once(world: World) -> None:
    asked = world.ask()
    before = world.last_sent()
    for text in ("One.\r\n", "Two.\r\n", "Three.\r\n"):
        world.send(asked.reply(text, sender=EVE, parent="<x@evil.example>", message_id=asked.message_id))
    assert _told(world, before) == 1


def test_our_own_mail_that_comes_back_is_told_to_nobody(world: World) -> None:
    asked = world.ask()
    before = world.last_sent()
    raw = world.mail_to(asked.number, asked.approver, "approval_request")
    assert raw is not None
    assert world.send(raw)["kind"] == "own"
    assert _told(world, before) == 0
