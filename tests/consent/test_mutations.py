"""Each condition and each refusal is needed: with that one switched off, an attack is granted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from maild.app import approval_answer
from maild.app.handle_mail import decide
from maild.app.lookup import keys_of
from maild.consent import conditions, letter
from maild.mail.auth import dmarc, evaluate, results, signatures, verify
from maild.mail.parse import parse_mail
from maild.model import Envelope
from maild.work.nonces import token
from tests.consent.attacks import ATTACKS, Attack
from tests.consent.keys import GOOD, sign
from tests.consent.world import BELIEVED, World

BY_NAME = {a.name: a for a in ATTACKS}
pytestmark = pytest.mark.slow

DECISIONS = {"grant", "refuse"}


def decided(world: World, raw: bytes, via: str = "smtp") -> bool:
    """Whether the mail would decide a consent, by the very functions that the daemon calls; nothing is written."""
    envelope = Envelope(
        "smtp" if via == "relay" else via, datetime.now(UTC), "x@mail.example", ("help@desk.example",),
        peer="127.0.0.2" if via == "relay" else "127.0.0.1",
    )  # fmt: skip
    mail = parse_mail(raw, desk_addresses=world.settings.desk.addresses)
    settings = replace(world.settings, imap=BELIEVED)
    auth = evaluate(raw, mail, envelope, Dns(world.dns.records), settings)
    facts = world.read(lambda tx: tx.facts(keys_of(mail, envelope, settings), datetime.now(UTC)))
    plan = decide(mail, envelope, facts, auth, settings, world.signer, datetime.now(UTC), nonce=token)
    assert plan.decision is not None
    return any(act.act in DECISIONS for act in plan.decision.would)


class Dns(dict[str, tuple[bytes, ...]]):
    """Answers at once, whatever is asked."""

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name, ())


def prepared(world: World, attack: Attack) -> bytes:
    asked = world.ask(attack.company)
    if attack.prepare:
        attack.prepare(world, asked)
    return attack.make(world, asked)


def replayed(world: World) -> bytes:
    """A spent token: what the attacks' table has no place for, since its ticket is granted already."""
    asked = world.ask()
    signed = sign(
        asked.reply(message_id="<once@acme.example>"), fields=[f for f in GOOD if f != "message-id"]
    )
    world.send(signed)
    return signed.replace(b"<once@acme.example>", b"<twice@acme.example>")


def decided_by_another(world: World) -> bytes:
    """The other approver was quicker."""
    asked = world.ask()
    vice = world.asked(asked.number, asked.consent, asked.requester, "vice@acme.example")
    world.send(sign(vice.reply("No.\r\n")))
    return sign(asked.reply())


#: for conditions that only another decision makes fail
MADE: dict[str, Callable[[World], bytes]] = {
    "token_unspent": replayed,
    "consent_waiting": decided_by_another,
}


@pytest.mark.parametrize("name", [c.name for c in conditions.CONDITIONS])
def test_without_this_condition_an_attack_is_granted(
    world: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name in MADE:
        raw, via = MADE[name](world), "smtp"
    else:
        attack = next(a for a in ATTACKS if a.stopped == (name,))
        raw, via = prepared(world, attack), attack.via
    try:
        assert not decided(world, raw, via)
        rest = tuple(c for c in conditions.CONDITIONS if c.name != name)
        monkeypatch.setattr(approval_answer, "check_all", lambda answer: conditions.check_all(answer, rest))
        assert decided(world, raw, via)
    finally:
        world.restore()


def set_to(module: Any, name: str, value: Any) -> Callable[[pytest.MonkeyPatch], None]:
    assert hasattr(module, name)
    return lambda patch: patch.setattr(module, name, value)


def _lowest_results(block: Any, source: str, *, relay: bool = False) -> Any:
    found = [results._read(v, source, unnamed=True) for v in block.values("authentication-results")]
    return next((f for f in reversed(found) if f is not None), None)


def _everywhere(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(results, "_by", lambda received, hosts: True)
    patch.setattr(results, "_from_outside", lambda received, hosts: False)


#: a refusal that is switched off -> the attack that gets through then
REFUSALS: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], str]] = {
    "weak keys": (set_to(verify, "MIN_KEY_BITS", 512), "a_weak_key"),
    "keys for tests": (
        set_to(verify, "forbids", lambda found, signature: None),
        "a_key_marked_as_a_test",
    ),
    "too many signatures": (set_to(signatures, "MOST", 50), "more_signatures_than_are_looked_at"),
    "alignment": (
        set_to(dmarc, "aligned", lambda signing, domain, found: True),
        "a_forged_from_signed_by_another_domain",
    ),
    "siblings do not align": (
        set_to(dmarc, "aligned", lambda signing, domain, found: signing.endswith(found.organisational)),
        "a_forged_from_signed_by_a_sibling_subdomain",
    ),
    "fields that must be signed": (
        set_to(letter, "uncovered", lambda block, signed: ()),
        "a_signed_no_turned_by_a_content_type_on_top",
    ),
    "duplicate fields": (set_to(letter, "duplicates", lambda block: ()), "a_second_subject_on_top"),
    "only the topmost results": (
        set_to(results, "believed", _lowest_results),
        "forged_results_below_googles_own",
    ),
    "results above the relay's line": (
        _everywhere,
        "forged_results_below_the_relays_line",
    ),
    "results where the mail came in": (
        set_to(results, "_from_outside", lambda received, hosts: False),
        "forged_results_below_microsofts_line",
    ),
    "results of a believed source only": (
        set_to(results, "believed_source", lambda envelope, settings: "mx.google.com"),
        "forged_results_of_google_from_a_mailbox_that_is_not_believed",
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_without_this_refusal_an_attack_is_granted(
    world: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_off, attack_name = REFUSALS[name]
    attack = BY_NAME[attack_name]
    raw = prepared(world, attack)
    assert not decided(world, raw, attack.via)
    switch_off(monkeypatch)
    assert decided(world, raw, attack.via)


def test_every_condition_stops_some_attack_of_the_table(world: World) -> None:
    stopped = {name for a in ATTACKS for name in a.stopped} | MADE.keys()
    assert stopped == {c.name for c in conditions.CONDITIONS}
