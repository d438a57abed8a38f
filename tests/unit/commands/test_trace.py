"""One mail through all its steps."""

from __future__ import annotations

import json
from pathlib import Path

from tests.unit.commands.conftest import TestDesk


def _texts(rows: list[dict[str, object]], kind: str) -> list[str]:
    return [str(row["text"]) for row in rows if row["object"] == kind]


def test_mail_is_followed_from_its_taking_in_to_what_it_caused(desk: TestDesk) -> None:
    number = desk.mail("anna@acme.example", "Printer", "It burns.", message_id="<first@acme.example>")
    rows = desk.run("trace", "1", "--json").rows
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    mail = _texts(rows, "mail")
    assert mail[0].startswith("taken in by smtp from 127.0.0.1")
    assert any(line.startswith("received -> done") for line in mail)
    assert any(line.startswith("judged request") and "open" in line for line in mail)
    outgoing = _texts(rows, "outgoing")
    assert f"received of #{number} to anna@acme.example" in outgoing
    assert any("new -> queued" in line for line in outgoing)
    # by its Message-ID, with and without brackets, and by that of our answer
    assert desk.run("trace", "<first@acme.example>", "--json").rows == rows
    assert desk.run("trace", "first@acme.example", "--json").rows == rows
    answer = desk.message_id("received")
    back = desk.run("trace", answer, "--json").rows
    assert {row["object"] for row in back} >= {"mail", "outgoing"}
    assert "taken in" in desk.run("trace", "1").out


def test_mails_of_others_on_the_ticket_are_not_in_it(desk: TestDesk) -> None:
    number = desk.mail("anna@acme.example", "Printer", "It burns.")
    desk.run("reply", str(number), "-m", "We come.")
    desk.mail("anna@acme.example", f"Re: [#{number}] Printer", "Thank you, the second one burns as well.")
    assert not any("reply of" in text for text in _texts(desk.run("trace", "1", "--json").rows, "outgoing"))
    ids = [row["id"] for row in desk.run("trace", "2", "--json").rows if row["object"] == "mail"]
    assert set(ids) == {2}


def test_lines_of_the_log_stand_among_the_steps(desk: TestDesk, tmp_path: Path) -> None:
    desk.mail("anna@acme.example", "Printer", "It burns.")
    line = {"at": "2026-11-02T09:00:00.500+00:00", "level": "warning", "part": "x", "message": "a mail waits"}
    lines = [
        "Nov 02 10:00:00 host maild[1]: " + json.dumps(line | {"mail": 1, "because": "DNS"}),
        json.dumps(line | {"mail": 2}), "no json", '{"mail": 1}', json.dumps(line | {"outbound": 1}), "[1]",
    ]  # fmt: skip
    (tmp_path / "log").write_text("\n".join(lines))
    found = _texts(desk.run("trace", "1", "--log", str(tmp_path / "log"), "--json").rows, "log")
    assert found == ["a mail waits mail=1 because=DNS", "a mail waits outbound=1"]


def test_token_of_an_approval_is_never_shown(desk: TestDesk) -> None:
    desk.mail("anna@acme.example", "Folder", "Please give me access to the folder Finance.")
    secret = desk.message_id("approval_request")
    said = desk.run("trace", "1").out + desk.run("trace", "1", "--json").out
    assert "approval_request of #" in said
    assert secret.strip("<>").partition("@")[0] not in said


def test_what_is_not_known_is_refused(desk: TestDesk) -> None:
    assert "no mail is known as" in desk.refused("trace", "none@acme.example")
    assert "no mail is known as" in desk.refused("trace", "FPWVQK6NRZ2BCZ3L")
    assert "there is no mail 7" in desk.refused("trace", "7")
    assert "takes an ID" in desk.refused("trace", "--outgoing", "x@y")
