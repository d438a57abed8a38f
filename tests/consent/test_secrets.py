"""No token and no Message-ID of an approval mail in any command's output, JSON or log; evidence that checks itself."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from maild.commands.app import app, load
from maild.errors import MaildError
from maild.work.logs import HumanFormatter, JsonFormatter
from tests.consent.keys import sign
from tests.consent.world import Asked, World
from tests.harness.mails import mail
from tests.shapes import shape, shapes

load()

pytestmark = pytest.mark.slow

QUOTED = "Looks fine?\r\n\r\nOn Monday the help desk wrote:\r\n> Reference: maild-{token}\r\n"


@pytest.fixture
def maild(world: World, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Runs a verb on the desk; its output, all of it."""
    monkeypatch.setenv("MAILD_AGENT", "kata")

    def run(*words: str, ok: bool = True) -> str:
        done = CliRunner().invoke(app, ["--config", str(world.settings.base / "config.toml"), *words])
        refused = str(done.exception) if isinstance(done.exception, MaildError) else ""
        assert (done.exit_code == 0) == ok, (done.output, refused, done.exc_info)
        return done.output + refused

    return run


def answered(world: World, text: str) -> tuple[Asked, dict[str, object]]:
    asked = world.ask()
    row = world.send(sign(asked.reply(text.format(token=asked.token))))
    return asked, row


def test_no_command_shows_a_token_that_is_still_open(world: World, maild, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    asked, row = answered(world, QUOTED)
    again = world.asked(asked.number, asked.consent, asked.requester, asked.approver, "approval_unclear")
    n, mail = str(asked.number), str(row["id"])
    outgoing = [str(r["id"]) for r in world.read(lambda tx: shapes(tx.outbound.list(ticket=asked.number)))]
    file = tmp_path / "again.eml"
    file.write_bytes(sign(asked.reply(QUOTED.format(token=asked.token))))
    shown = [
        maild("show", n), maild("show", n, "--full"), maild("show", n, "--json"), maild("list", "--json"),
        maild("approval", "list", "--json"), maild("approval", "show", n, "--json"), maild("approval", "show", n),
        maild("approval", "explain", n), maild("approval", "explain", n, "--json"),
        maild("outbox", "list", "--json"), maild("mail", "list", "--json"), maild("mail", "show", mail),
        maild("mail", "show", mail, "--json"), maild("why", str(row["message_id"]), "--json"),
        maild("why", str(row["message_id"])), maild("explain", str(file), "--json"), maild("explain", str(file)),
        maild("search", "Looks", "--json"),
        *(maild("outbox", "show", one, "--json") for one in outgoing), *(maild("outbox", "show", one) for one in outgoing),
        maild("approval", "export", n, "-o", str(tmp_path / "early")),
    ]  # fmt: skip
    shown += [p.read_text() for p in (tmp_path / "early").rglob("*") if p.is_file()]
    everything = "\n".join(shown)
    for one in (asked, again):
        assert one.token not in everything
        assert one.message_id not in everything
    assert "[token]" in everything  # the quoted line stands there without it


def test_a_token_that_comes_back_in_any_form_is_not_shown(world: World, maild, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """The approval mail itself, a bounce's diagnostics, a subject, a file's name, the bare token."""
    asked = world.ask()
    returned = world.mail_to(asked.number, asked.approver)
    assert returned is not None
    approver = asked.approver
    bounce = (
        f"From: MAILER-DAEMON@mx.acme.example\r\nTo: help@desk.example\r\nSubject: Undelivered: maild-{asked.token}\r\n"
        f"Date: Mon, 02 Nov 2026 10:00:00 +0100\r\nMessage-ID: <b{asked.number}@mx.acme.example>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nfailed\r\n--b\r\n"
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        f"Final-Recipient: rfc822; {approver}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"Diagnostic-Code: smtp; 550 no such user {asked.message_id}\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"Message-ID: {asked.message_id}\r\n\r\n--b--\r\n"
    ).encode()
    file = (
        f"--b\r\nContent-Type: text/plain\r\n\r\nIs {asked.token} of use, or {asked.token.upper()}?\r\n--b\r\n"
        f'Content-Type: text/csv; name="{asked.token}.csv"\r\n'
        f'Content-Disposition: attachment; filename="{asked.token}.csv"\r\n\r\nx\r\n--b--\r\n'
    )
    more = 'Content-Type: multipart/mixed; boundary="b"\r\n'
    bare = asked.reply(
        file, sender=asked.requester, subject=f"Re: [#{asked.number}] {asked.token}", parent="", more=more,
        message_id=f"<{asked.token}@acme.example>",
    )  # fmt: skip
    rows = [world.send(returned, mail_from=""), world.send(bounce, mail_from=""), world.send(bare)]
    n = str(asked.number)
    # what somebody gave an agent, who writes it on
    maild("note", n, "-m", f"They say {asked.token}, {asked.message_id}")
    maild("reply", n, "-m", f"Is maild-{asked.token} yours?")
    shown = [
        maild("show", n, "--json"),
        maild("show", n, "--full"),
        maild("why", n, "--json"),
        maild("mail", "list", "--json"),
        maild("mail", "list"),
    ]
    shown += [
        maild("outbox", "list", "--json"),
        maild("outbox", "list"),
        maild("approval", "explain", n, "--json"),
    ]
    for row in rows:
        shown += [maild("mail", "show", str(row["id"])), maild("mail", "show", str(row["id"]), "--json")]
    for number, raw in enumerate((returned, bounce)):
        (tmp_path / f"{number}.eml").write_bytes(raw)
        shown += [maild("explain", str(tmp_path / f"{number}.eml"), "--json")]
    shown += [maild("why", asked.message_id, "--json"), maild("why", n, "--json")]
    everything = "\n".join(shown).lower()
    assert asked.token not in everything
    assert asked.message_id not in everything
    assert "[token]" in everything


def test_what_only_has_the_form_of_a_token_is_shown_as_it_is(world: World, maild) -> None:  # type: ignore[no-untyped-def]
    asked = world.ask()
    like = "abcdefghijklmnopqrstuvwxyz"
    world.send(asked.reply(f"The serial number is {like}.\r\n", sender=asked.requester, parent=""))
    assert like in maild("show", str(asked.number), "--json")


def test_bytes_that_hold_an_open_token_are_not_shown(world: World, maild, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    asked, row = answered(world, QUOTED)
    text = maild("mail", "show", str(row["id"]), "--raw", ok=False)
    assert f"C{asked.consent}" in text
    maild("mail", "export", str(row["id"]), "-o", str(tmp_path / "x.eml"), ok=False)
    assert not (tmp_path / "x.eml").exists()
    for one in world.read(lambda tx: shapes(tx.outbound.list(ticket=asked.number))):
        if one["message_id"] is None:
            assert "None" not in maild("outbox", "show", str(one["id"]))
            assert "token" in maild("outbox", "show", str(one["id"]), "--raw", ok=False)
    world.send(sign(asked.reply()))
    assert maild("mail", "show", str(row["id"]), "--raw")


@contextmanager
def logged(formatter: logging.Formatter, level: int) -> Iterator[io.StringIO]:
    """What the daemon logs from that level on, as the formatter writes it."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(formatter)
    logger = logging.getLogger("maild")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(level)
    try:
        yield lines
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)


def test_the_log_names_the_heads_and_no_token(world: World) -> None:
    with logged(JsonFormatter(), logging.DEBUG) as lines:
        asked, _ = answered(world, QUOTED)
        world.send(sign(asked.reply()))
        head = world.read(lambda tx: shapes(tx.consents.log(asked.consent)))[-1]["hash"]
        world.wait(lambda: f'"head": "{head}"' in lines.getvalue())
    assert asked.token not in lines.getvalue()


def test_status_mails_carry_the_newest_head_of_the_log(world: World) -> None:
    asked = world.ask()
    world.send(sign(asked.reply()))
    result = world.wait(lambda: world.mail_to(asked.number, asked.requester, "approval_result"))
    assert world.read(lambda tx: tx.consents.head()).encode() in result.replace(b"=\r\n", b"")


def test_the_acknowledgement_of_a_held_request_promises_no_moment(world: World) -> None:
    asked = world.ask()
    raw = world.wait(lambda: world.mail_to(asked.number, asked.requester, "awaiting_approval"))
    ticket = world.read(lambda tx: tx.tickets.brief(asked.number))
    row = next(
        r
        for r in world.outbound_since(0)
        if r["ticket"] == asked.number and r["notice"] == "awaiting_approval"
    )
    data = world.read(lambda tx: shape(tx.outbound.get(row["id"])))["data"]
    assert ticket.phase == "awaiting_approval"
    assert "promise" not in data
    assert "oncall" not in data
    assert data["about"]["phase"] == "awaiting_approval"
    assert b"Boss Bela" in raw


def test_an_exported_folder_proves_itself_without_maild(world: World, maild, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    world.ask()  # somebody else's consent is in the log too
    asked, row = answered(world, "Yes, approved.\r\n")
    folder = tmp_path / "evidence"
    maild("approval", "export", f"C{asked.consent}", "-o", str(folder))
    answers = list((folder / "answers").iterdir())
    assert [hashlib.sha256(a.read_bytes()).hexdigest() for a in answers] == [row["sha256"]]
    request = (folder / "request.txt").read_text()
    facts = json.loads((folder / "consent.json").read_text())
    assert hashlib.sha256(request.encode()).hexdigest() == facts["request_sha256"]
    head = world.read(lambda tx: tx.consents.head())
    assert _check(folder) == (0, f"holds; head {head}\n")
    rows = (folder / "log.jsonl").read_text().splitlines()
    own = [json.loads(r) for r in rows if json.loads(r)["hashed"]]
    assert {json.loads(r["hashed"])["consent_id"] for r in own} == {asked.consent}
    assert len(own) < len(rows)
    # and shows each change
    (folder / "log.jsonl").write_text("\n".join(rows[:-2] + rows[-1:]) + "\n")
    assert _check(folder)[0] != 0
    (folder / "log.jsonl").write_text("\n".join(rows).replace("granted", "refused") + "\n")
    assert _check(folder)[0] != 0
    (folder / "log.jsonl").write_text("\n".join(rows) + "\n")
    answers[0].write_bytes(answers[0].read_bytes().replace(b"Yes", b"No!"))
    assert _check(folder)[0] != 0


def _check(folder: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-I", str(folder / "check.py")], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout


def test_the_removal_of_a_person_keeps_the_evidence(world: World, maild, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    asked, row = answered(world, "Yes, approved.\r\n")
    from datetime import UTC, datetime

    report = world.write(
        lambda tx: tx.erase("boss@acme.example", datetime.now(UTC), "kata", 3650, lambda text: text)
    )
    world.restore()
    assert f"C{asked.consent}" in report.kept_evidence
    folder = tmp_path / "evidence"
    maild("approval", "export", f"C{asked.consent}", "-o", str(folder))
    assert [p.stem for p in (folder / "answers").iterdir()] == [row["sha256"]]
    assert _check(folder)[0] == 0


def test_a_customer_without_dmarc_and_the_weaker_mode_are_named(world: World, maild) -> None:  # type: ignore[no-untyped-def]
    text = maild("company", "add", "initech", "--name", "Initech", "--domain", "initech.example")
    assert "initech.example" in text
    assert "DMARC" in text
    assert "weaker" in maild("company", "show", "tok")
    asked = world.ask("tok")
    assert "weaker" in maild("approval", "show", str(asked.number))
    assert "weaker" in maild("approval", "explain", str(asked.number))
    checked = CliRunner().invoke(app, ["--config", str(world.settings.base / "config.toml"), "check"]).output
    flat = " ".join(checked.split())
    assert "initech: initech.example" in flat
    assert "tok: approvals need the one-time token alone" in flat
    world.write(lambda tx: tx.companies.remove("initech"))


#: subject, first words, From: each shows the whole token, or one that the line's end would cut through
TOLD = {
    "the subject of a report": ("Undelivered: maild-{t}", "It came back.", "x@mail.example"),
    "in capitals": ("Your mail {T}", "See there.", "x@mail.example"),
    "an address": ("Your mail", "Hello", "maild-{t}@mail.example"),
    "the bare token": ("Re: [#{n}] Share", "{t}", "anna@acme.example"),
    "where the line ends": ("Re: [#{n}] Share", "a" * 55 + " maild-{t}", "anna@acme.example"),
    "an approver's answer": ("Re: [#{n}] Share", "maild-{t}", "boss@acme.example"),
}


@pytest.mark.parametrize("name", TOLD)
def test_no_line_that_people_read_of_a_mail_shows_a_token(world: World, name: str) -> None:
    """The daemon's lines on a terminal, whose file or scrollback others may see."""
    asked = world.ask()
    subject, text, sender = (
        one.format(t=asked.token, T=asked.token.upper(), n=asked.number) for one in TOLD[name]
    )
    with logged(HumanFormatter(), logging.INFO) as lines:
        world.send(mail(sender, subject, f"{text}\r\n"))
        world.wait(lambda: "[token]" in lines.getvalue())
    said = lines.getvalue().lower()
    assert asked.token[:8] not in said
