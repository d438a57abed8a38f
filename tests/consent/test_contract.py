"""Sentences of the contract about written consent that the attacks do not show: what is asked for, shown and written."""

from __future__ import annotations

import email
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from typer.testing import CliRunner

from maild.commands.app import app, load
from maild.consent.conditions import CONDITIONS
from maild.consent.decision_tables import YES
from maild.store import Tx
from tests.consent.keys import sign
from tests.consent.test_moved_company import move
from tests.consent.world import COMPANIES, Asked, World
from tests.harness.mails import mail

load()

#: a whole daemon with DNS and keys
pytestmark = pytest.mark.slow

ACME = COMPANIES[0]
BOSS = "boss@acme.example"
#: what is asked for where the token alone is enough, in the order of the contract
TOKEN_ALONE = [
    "token_known", "token_unspent", "request_unchanged", "consent_waiting", "unexpired", "strict_from", "bound_approver",
    "approver_now", "not_requester", "header_clean", "header_once", "to_the_desk", "decision_word", "not_automatic",
]  # fmt: skip


def saved(**fields: object) -> Callable[[Tx], bool]:
    """Acme with other settings."""
    return lambda tx: tx.companies.save(replace(ACME, **fields))  # type: ignore[arg-type]


def maild(world: World, *words: str) -> str:
    done = CliRunner().invoke(app, ["--config", str(world.settings.base / "config.toml"), *words])
    assert done.exit_code == 0, (done.output, done.exception)
    return done.output


# ------------------------------------------------------------------------------- the links of the mail


def links(raw: bytes) -> list[bytes]:
    """The two answers that an approval mail's buttons write, each as a client sends it: no reply, a new mail."""
    parts = {
        part.get_content_type(): part.get_payload(decode=True)
        for part in email.message_from_bytes(raw).walk()
    }
    html = parts["text/html"]
    assert isinstance(html, bytes)
    made = []
    for link in dict.fromkeys(re.findall(r'href="(mailto:[^"]*)"', html.decode())):
        parted = urlsplit(link.replace("&amp;", "&"))
        said = {key: value[0] for key, value in parse_qs(parted.query, strict_parsing=True).items()}
        made.append(mail(BOSS, said["subject"], said["body"], to=unquote(parted.path)))
    return made


@pytest.mark.parametrize("language", sorted(YES))
def test_the_two_links_of_the_approval_mail_write_answers_that_count(world: World, language: str) -> None:
    world.write(saved(language=language))
    try:
        for at, phase in ((0, "received"), (1, "rejected")):
            asked = world.ask()
            raw = world.wait(lambda number=asked.number: world.mail_to(number, BOSS))  # type: ignore[misc]
            written = links(raw)
            assert len(written) == 2
            assert f"[#{asked.number}]".encode() in written[at]
            assert f"maild-{asked.token}".encode() in written[at]
            assert b"In-Reply-To" not in written[at]
            row = world.send(sign(written[at]))
            assert [c for c in row["decision"]["checks"] if not c["ok"]] == []
            assert world.phase(asked.number) == phase
    finally:
        world.write(saved())


@pytest.mark.parametrize("signed", [True, False])
def test_the_approval_mail_says_whether_the_requester_was_verified(world: World, signed: bool) -> None:
    asked = world.ask(signed=signed)
    raw = world.wait(lambda: world.mail_to(asked.number, BOSS))
    parts = {p.get_content_type(): p.get_payload(decode=True) for p in email.message_from_bytes(raw).walk()}
    for kind in ("text/plain", "text/html"):
        text = " ".join(str(parts[kind], "utf-8").split())  # type: ignore[arg-type]
        assert ("We have verified that the request came from this address" in text) is signed
        assert ("we could not verify that the request came from this address" in text) is not signed


# ---------------------------------------------------------------------------------- what is asked for


def test_where_the_token_is_enough_exactly_what_the_contract_says_is_asked_for(world: World) -> None:
    asked = world.ask("tok")
    raw = re.sub(
        rb"(?m)^(?:Date|Message-ID|MIME-Version|Content-Type): [^\r]*\r\n",
        b"",
        asked.reply(subject="Re: your question"),
    )
    row = world.send(raw)
    assert [(c["name"], c["ok"]) for c in row["decision"]["checks"]] == [(name, True) for name in TOKEN_ALONE]
    assert world.phase(asked.number) == "received"
    assert world.read(lambda tx: tx.consents.get(asked.consent)).decided_by == "tess@tok.example"


def test_explain_shows_each_condition_of_an_answer_with_its_evidence(world: World) -> None:
    for company, names in (("acme", [c.name for c in CONDITIONS]), ("tok", TOKEN_ALONE)):
        asked = world.ask(company)
        refused = asked.reply("Hm.\r\n")
        counts = asked.reply()
        for raw in (refused, counts):
            world.send(sign(raw) if company == "acme" else raw)
        said = json.loads(maild(world, "approval", "explain", f"C{asked.consent}", "--json"))
        answers = {
            one["event"]: one["data"]["conditions"] for one in said["log"] if "conditions" in one["data"]
        }
        assert list(answers) == ["not_accepted", "granted"]
        for event, bad in (("not_accepted", ["decision_word"]), ("granted", [])):
            assert [c["name"] for c in answers[event]] == names
            assert all(c["evidence"] for c in answers[event])
            assert [c["name"] for c in answers[event] if not c["ok"]] == bad
        plain = maild(world, "approval", "explain", f"C{asked.consent}")
        assert all(name in plain for name in names)


def test_explain_of_a_ticket_shows_all_that_was_asked_on_it(world: World) -> None:
    """Also what another company granted before the ticket was moved."""
    asked = world.ask()
    world.send(sign(asked.reply()))
    move(world, asked.number, "globex")
    present = world.read(lambda tx: tx.consents.waiting(asked.number))
    assert present is not None
    said = json.loads(maild(world, "approval", "explain", str(asked.number), "--json"))
    assert said["id"] == f"C{present.id}"
    (before,) = said["others"]
    assert (before["id"], before["state"]) == (f"C{asked.consent}", "granted")
    assert "granted" in [one["event"] for one in before["log"]]
    plain = maild(world, "approval", "explain", str(asked.number))
    assert plain.index(f"C{asked.consent} on") < plain.index(f"C{present.id} on")
    assert "authenticated" in plain
    alone = maild(world, "approval", "explain", f"C{present.id}")
    assert f"C{asked.consent} on" not in alone


def test_the_evidence_is_each_answer_byte_for_byte_as_it_came(world: World, tmp_path: Path) -> None:
    asked = world.ask()
    came = [sign(asked.reply("Hm.\r\n")), sign(asked.reply())]
    shas = [hashlib.sha256(raw).hexdigest() for raw in came]
    assert [world.send(raw)["sha256"] for raw in came] == shas
    maild(world, "approval", "export", f"C{asked.consent}", "-o", str(tmp_path / "evidence"))
    kept = {path.stem: path.read_bytes() for path in (tmp_path / "evidence" / "answers").iterdir()}
    assert kept == dict(zip(shas, came, strict=True))


# ---------------------------------------------------------------------------------- deciding one's own


def own_request(world: World, text: str = "Please grant write access to the payroll for me.") -> Asked | None:
    """A signed request of the boss, and what they got about it; None where they were not asked."""
    raw = mail(BOSS, "Share", f"{text}\r\n")
    number = world.send(sign(raw))["ticket"]
    held = world.read(lambda tx: tx.consents.waiting(number))
    assert held is not None
    return world.asked(number, held.id, BOSS, BOSS, "approval_request") if BOSS in held.approvers else None


def test_an_approver_decides_their_own_request_of_the_kinds_that_the_company_names(world: World) -> None:
    world.write(saved(self_approval=("permission",)))
    try:
        mine = own_request(world)
        assert mine is not None
        world.send(mine.reply())  # in their name
        assert world.phase(mine.number) == "awaiting_approval"
        world.send(sign(mine.reply()))
        assert world.phase(mine.number) == "received"
        assert world.read(lambda tx: tx.consents.get(mine.consent)).decided_by == BOSS
        assert own_request(world, "Please order a new laptop for me.") is None
    finally:
        world.write(saved())
    assert own_request(world) is None


# ------------------------------------------------------------------------------------------- the word

#: honest, and not at the beginning of the first line, or with more beside it than the contract lists
NEARLY = (
    "Hi,\r\n\r\nYes", "Hi Kata,\r\nyes", "Dear Kata,\r\n\r\nApproved.\r\n\r\nBoss",
    "Kedves Kata!\r\n\r\nJóváhagyom.\r\n\r\nÜdv",
    "Sehr geehrte Damen und Herren,\r\n\r\ngenehmigt.", "Beste Kata,\r\n\r\nAkkoord.", "Bonjour,\r\n\r\nOui", "Ok, yes",
    "Yes 👍", "👍",
)  # fmt: skip


@pytest.mark.parametrize("text", NEARLY)
def test_what_only_nearly_begins_with_the_word_is_asked_once_more_and_one_word_then_counts(
    world: World, text: str
) -> None:
    asked, before = world.ask(), world.last_sent()
    world.send(sign(asked.reply(f"{text}\r\n")))
    assert world.phase(asked.number) == "awaiting_approval"
    told = [r["notice"] for r in world.outbound_since(before) if BOSS in r["to"]]
    assert told == ["approval_unclear"]
    again = world.asked(asked.number, asked.consent, asked.requester, asked.approver, "approval_unclear")
    raw = world.wait(lambda: world.mail_to(asked.number, BOSS, "approval_unclear"))
    assert len(links(raw)) == 2
    world.send(sign(again.reply("Yes\r\n")))
    assert world.phase(asked.number) == "received"
