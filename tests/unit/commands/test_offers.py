from __future__ import annotations

from pathlib import Path

from tests.unit.commands.conftest import TestDesk

ANNA, BOSS = "anna@acme.example", "boss@acme.example"


def test_quote_is_held_until_the_approver_accepts_it_by_mail(desk: TestDesk) -> None:
    number = desk.mail(ANNA, "Three laptops?", "What would they be?")
    desk.run("take", str(number))
    offer = desk.folder / "ajánlat.pdf"
    offer.write_bytes(b"%PDF-1.7 offer")
    done = desk.run(
        "quote", "send", str(number), "--amount", "1450,50", "--currency", "eur", "--valid", "14d",
        "--file", str(offer), "-m", "Three laptops, delivered.", "--json",
    ).json  # fmt: skip
    assert done["phase"] == "awaiting_approval"
    asked = desk.said("quote_request")
    consent = asked["data"]["consent"]
    assert asked["to"] == [BOSS]
    assert (consent["amount"], consent["currency"], consent["valid_until"]) == (
        "1450.50",
        "EUR",
        "2026-11-16",
    )
    assert consent["expires_at"] == "2026-11-16T22:59:59Z"
    assert consent["request"] == "Three laptops, delivered."  # the rest stands beside it
    assert "Three laptops, delivered." in desk.bound(number)
    assert "ajánlat.pdf (SHA-256 " in desk.bound(number)
    assert "held until" in desk.refused("phase", str(number), "in_progress")
    desk.mail(BOSS, f"Re: [#{number}] Three laptops?", "Approved.", to=desk.message_id("quote_request"))
    shown = desk.show(number)
    assert shown["phase"] == "accepted"
    assert [(c["kind"], c["state"], c["decided_by"]) for c in shown["consents"]] == [
        ("quote", "granted", BOSS)
    ]


def test_new_offer_voids_the_one_before(desk: TestDesk) -> None:
    number = desk.mail(ANNA, "Three laptops?", "What would they be?")
    desk.run("quote", "send", str(number), "--amount", "450", "--currency", "EUR")
    old = desk.message_id("quote_request")
    desk.run("quote", "send", str(number), "--amount", "400", "--currency", "EUR")
    assert [c["state"] for c in desk.show(number)["consents"]] == ["void", "waiting"]
    desk.mail(BOSS, f"Re: [#{number}] Three laptops?", "Approved.", to=old)
    assert desk.show(number)["phase"] == "awaiting_approval"


def test_quotes_that_nobody_could_accept_are_refused(desk: TestDesk, tmp_path: Path) -> None:
    number = desk.mail(ANNA, "Three laptops?", "What would they be?")
    send = ("quote", "send", str(number), "--amount", "450", "--currency", "EUR")
    stranger = desk.mail("x@gmail.example", "Price?", "How much?")
    assert "belongs to no company" in desk.refused("quote", "send", str(stranger), *send[3:])
    assert "no such file" in desk.refused(*send, "--file", str(tmp_path / "none.pdf"))
    (tmp_path / "empty.pdf").write_bytes(b"")
    assert "is empty" in desk.refused(*send, "--file", str(tmp_path / "empty.pdf"))
    (tmp_path / "large.pdf").write_bytes(b"x" * (10 * 1024 * 1024 + 1))
    assert "larger than 10 MB" in desk.refused(*send, "--file", str(tmp_path / "large.pdf"))
    desk.run("close", str(number))
    assert f"maild reopen {number}" in desk.refused(*send)
    held = desk.mail(ANNA, "Share", "I need write access to Payroll.")
    assert "held until" in desk.refused("quote", "send", str(held), *send[3:])


def test_work_outside_the_contract_is_billed_after_the_notice(desk: TestDesk) -> None:
    number = desk.mail(ANNA, "My own laptop", "It is slow.")
    desk.run("set", str(number), "--in-scope")
    desk.run("log", str(number), "1m")
    desk.run("set", str(number), "--out-of-scope")
    assert "outside the contract" in desk.refused("log", str(number), "20m")
    desk.run("log", str(number), "5m", "--courtesy", "-m", "looked at it")
    desk.run("log", str(number), "5m", "--own-fault", "-m", "our update broke it")
    desk.run("cost", "send", str(number), "--estimate", "1h20", "--reason", "a private device")
    told = desk.said("cost_notice")
    assert told["to"] == [ANNA]
    assert told["data"]["consent"] == {
        "kind": "cost", "estimate_minutes": 80, "quantum_minutes": 15, "reason": "a private device",
    }  # fmt: skip
    assert desk.show(number)["phase"] == "received"  # told, not asked
    desk.run("log", str(number), "20m")
    assert desk.show(number)["time"]["billed_minutes"] == 15 + 30


def test_cost_that_must_be_accepted_holds_the_ticket_and_caps_what_is_billed(desk: TestDesk) -> None:
    desk.run("contract", "edit", "acme", "--cost-needs-consent")
    number = desk.mail(ANNA, "My own laptop", "It is slow.")
    desk.run("take", str(number))
    desk.run("cost", "send", str(number), "--estimate", "1h30", "--reason", "a private device")
    assert desk.show(number)["phase"] == "awaiting_approval"
    assert "is not accepted yet" in desk.refused("log", str(number), "20m")
    desk.mail(BOSS, f"Re: [#{number}] My own laptop", "Yes", to=desk.message_id("cost_request"))
    assert desk.show(number)["phase"] == "accepted"
    assert desk.run("log", str(number), "1h").err == ""
    warned = desk.run("log", str(number), "10m")
    assert "75 of the 90 min" in warned.err
    assert "C1 accepted 90 min" in desk.refused("log", str(number), "20m")
    desk.run("log", str(number), "20m", "--courtesy", "-m", "more than we said")
    entry = desk.show(number)["time"]["entries"][0]["id"]
    desk.run("log", str(number), "1h15", "--correct", str(entry), "-m", "it was more")
    assert desk.show(number)["time"]["billed_minutes"] == 90


def test_visit_before_the_offer_is_a_scheduled_step(desk: TestDesk) -> None:
    number = desk.mail(ANNA, "New office", "Please cable it.")
    made = desk.run("set", str(number), "--kind", "quote", "--json").json
    assert (made["kind"], made["team"]) == ("quote", "sales")
    assert "Sun 1 Nov 09:00 is in the past" in desk.refused(
        "phase", str(number), "scheduled", "--at", "2026-11-01 09:00"
    )
    desk.run("phase", str(number), "scheduled", "--at", "2026-11-05 09:00", "-m", "We come and measure.")
    assert desk.said("scheduled")["data"]["scheduled_for"] == "2026-11-05T08:00:00Z"
    desk.run("quote", "send", str(number), "--amount", "2000", "--currency", "EUR")
    assert desk.show(number)["phase"] == "awaiting_approval"


def test_agent_who_sets_a_permission_holds_the_ticket(desk: TestDesk) -> None:
    number = desk.mail(ANNA, "Payroll", "Please let Péter in.")
    assert desk.show(number)["phase"] == "received"
    made = desk.run("set", str(number), "--kind", "permission", "--json").json
    assert (made["kind"], made["phase"]) == ("permission", "awaiting_approval")
    assert ("approval_request", BOSS) in desk.sent(number)
    assert "withdraw" in desk.refused("set", str(number), "--kind", "question")


def test_complaint_that_an_agent_recognises_goes_to_its_own_team_and_stands_first(desk: TestDesk) -> None:
    first = desk.mail(ANNA, "Printer", "Blank pages.")
    second = desk.mail(ANNA, "Your work", "I am not happy with it at all.")
    desk.run("set", str(second), "--kind", "complaint")
    assert desk.show(second)["team"] == "complaints"
    assert [r["number"] for r in desk.run("list", "--json").rows] == [second, first]
