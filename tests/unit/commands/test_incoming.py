from __future__ import annotations

from datetime import timedelta

from tests.unit.commands.conftest import START, TestDesk

ANNA, BOSS = "anna@acme.example", "boss@acme.example"
SAM, RITA = "sam@strict.example", "rita@strict.example"


def codes(desk: TestDesk) -> dict[str, str]:
    return {r["code"]: r["evidence"] for r in desk.decision["reasons"]}


# ------------------------------------------------------------------------------------------- adoption


def test_reference_persons_ok_adopts_a_colleagues_request_and_starts_its_clock(desk: TestDesk) -> None:
    number = desk.mail(SAM, "Printer", "It prints blank pages.")
    shown = desk.show(number)
    assert shown["phase"] == "waiting_customer"
    assert desk.sent(number) == [("not_entitled", SAM), ("adopt_request", RITA)]
    asked = desk.message_id("adopt_request")
    desk.later(hours=3)
    assert desk.mail(RITA, f"Re: [#{number}] Printer", "ok\n\nRita", to=asked) == number
    after = desk.show(number)
    assert after["phase"] == "received"
    # 8 working hours from her "ok" at 13:00 in Budapest
    assert after["respond_by"] == "2026-11-03T11:00:00+00:00"
    told = desk.said("adopted")
    assert told["to"][0] == SAM
    assert told["data"]["actor"] == "Rita"
    assert "adopted" in codes(desk)
    assert {r["address"] for r in after["recipients"]} == {SAM, RITA}


def test_adopted_mail_goes_to_both(desk: TestDesk) -> None:
    number = desk.mail(SAM, "Printer", "It prints blank pages.")
    desk.mail(RITA, f"Re: [#{number}] Printer", "OK", to=desk.message_id("adopt_request"))
    rows = desk.said("adopted")
    assert {r["address"] for r in rows["recipients"]} == {SAM, RITA}


def test_adopted_permission_is_held_for_approval_with_all_that_was_written(desk: TestDesk) -> None:
    number = desk.mail(SAM, "Payroll", "I need write access to Payroll.")
    desk.mail(SAM, f"[#{number}] Payroll", "Only until December.")
    assert desk.show(number)["phase"] == "waiting_customer"
    assert desk.show(number)["consents"] == []
    desk.mail(RITA, f"Re: [#{number}] Payroll", "ok", to=desk.message_id("adopt_request"))
    shown = desk.show(number)
    assert shown["phase"] == "awaiting_approval"
    request = desk.said("approval_request", to=RITA)["data"]["consent"]["request"]
    assert "write access to Payroll" in request
    assert "Only until December." in request
    assert [n for n, _ in desk.sent(number)].count("awaiting_approval") == 0
    told = desk.said("adopted")["data"]
    assert told["about"]["phase"] == "awaiting_approval"
    assert [p["address"] for p in told["approvers"]] == [RITA]


def test_only_a_reference_persons_ok_adopts(desk: TestDesk) -> None:
    number = desk.mail(SAM, "Printer", "It prints blank pages.")
    asked = desk.message_id("adopt_request")
    for writer, words in (
        (SAM, "ok"), ("third@strict.example", "ok"), (RITA, "ok?"), (RITA, "Who is that?"), (RITA, "not ok"),
        (RITA, "no"),
    ):  # fmt: skip
        assert desk.mail(writer, f"Re: [#{number}] Printer", words, to=asked) == number
        assert desk.show(number)["phase"] == "waiting_customer", (writer, words)
    desk.mail(ANNA, f"Re: [#{number}] Printer", "ok", to=asked)
    assert desk.show(number)["phase"] == "waiting_customer"


def test_agent_may_let_an_unadopted_request_go_on(desk: TestDesk) -> None:
    number = desk.mail(SAM, "Printer", "It prints blank pages.")
    desk.run("phase", str(number), "accepted")
    desk.run("phase", str(number), "waiting_customer", "-m", "Which printer?")
    desk.mail(SAM, f"[#{number}] Printer", "The red one.")
    assert desk.show(number)["phase"] == "accepted"


# -------------------------------------------------------------------------------------------- outages


def test_not_this_takes_the_outage_off_the_ticket_which_goes_on(desk: TestDesk) -> None:
    desk.run("outage", "open", "Mail delayed", "--word", "mail*")
    number = desk.mail(ANNA, "Mails", "Mails do not arrive.")
    assert codes(desk)["outage"] == "1: Mail delayed"
    assert desk.said("received")["data"]["outages"][0]["title"] == "Mail delayed"
    desk.mail(ANNA, f"Re: [#{number}] Mails", "Not this.", to=desk.message_id("received"))
    assert "not-this-outage" in codes(desk)
    assert desk.show(number)["links"] == []
    assert desk.show(number)["phase"] == "received"
    desk.run("outage", "update", "1", "-m", "Still working on it.")
    assert ("outage_update", ANNA) not in desk.sent(number)


def test_ticket_that_still_fails_after_recovery_stays_open_and_a_thanked_one_closes(desk: TestDesk) -> None:
    from maild.store import Store
    from maild.work.deadline_handlers import HANDLERS

    desk.run("outage", "open", "Mail delayed", "--word", "mail*")
    numbers = [desk.mail(ANNA, f"Mails {i}", "Mails do not arrive.") for i in range(3)]
    desk.later(hours=1)
    desk.run("outage", "resolve", "1", "-m", "Mended.")
    desk.later(hours=1)
    desk.mail(ANNA, f"[#{numbers[0]}] Mails 0", "It still does not work.")
    desk.mail(ANNA, f"[#{numbers[1]}] Mails 1", "Thank you!")
    desk.at = START + timedelta(days=4)
    with Store.open(desk.settings) as store, store.write() as tx:
        due = [d for d in tx.deadlines.due(desk.at, 50, timedelta(minutes=5)) if d.type == "outage_close"]
        plans = {d.ticket: HANDLERS["outage_close"](tx, d, desk.at) for d in due}
    assert {n: bool(p.changes) for n, p in plans.items()} == dict(
        zip(numbers, (False, True, True), strict=True)
    )


# ------------------------------------------------------------------------- what the acknowledgement says


def test_vague_report_is_asked_once_and_never_again(desk: TestDesk) -> None:
    number = desk.mail(ANNA, "Help", "The printer does not work.")
    asked = desk.said("received")["data"]["hints"]
    assert asked
    assert {f"asks-{code}" for code in asked} <= codes(desk).keys()
    assert desk.show(number)["data"]["hinted"] == asked
    desk.later(hours=2)
    desk.mail(ANNA, f"[#{number}] Help", "Still not.")
    assert not desk.said("received")["data"].get("hints")


def test_explained_decision_names_company_contract_calendar_severity_words_and_promise(
    desk: TestDesk,
) -> None:
    number = desk.mail(ANNA, "Server", "The server is down, nobody can work.")
    why = codes(desk)
    assert "acme" in why["sender-contact"]
    assert why["service-level"] == "standard"
    assert why["calendar"] == "office"
    assert why["respond-by"] == desk.show(number)["respond_by"]
    assert {"respond-within"} <= why.keys()
    assert any(c.startswith("kind-") for c in why)
    assert any(c.startswith("severity-") for c in why)
    ticket = desk.decision["ticket"]
    assert (ticket["service_level"], ticket["calendar"], ticket["company"]) == ("standard", "office", "acme")


def test_explained_reply_shows_the_ticket_that_it_joins(desk: TestDesk) -> None:
    number = desk.mail(ANNA, "Printer", "It prints blank pages.")
    desk.run("take", str(number))
    desk.run("phase", str(number), "waiting_customer", "-m", "Which one?")
    desk.mail(ANNA, f"[#{number}] Printer", "The red one.")
    ticket = desk.decision["ticket"]
    assert (ticket["phase"], ticket["kind"], ticket["team"]) == ("accepted", desk.show(number)["kind"], "L1")
    assert ticket["service_level"] == "standard"


def test_topic_outside_the_contract_is_said_in_the_acknowledgement(desk: TestDesk) -> None:
    number = desk.mail(ANNA, "My own laptop", "It is slow since yesterday.")
    assert desk.said("received")["data"]["out_of_scope"] is True
    assert desk.decision["ticket"]["out_of_scope"] is True
    assert "out-of-scope" in codes(desk)
    assert "outside the contract" in desk.refused("log", str(number), "20m")


def test_suspended_companys_people_learn_nothing_of_it(desk: TestDesk) -> None:
    desk.run("company", "edit", "acme", "--standing", "suspended")
    number = desk.mail(ANNA, "Printer", "It prints blank pages.")
    assert desk.show(number)["team"] == "billing"
    said = desk.said("suspended")
    assert "promise" not in said["data"]
    assert "suspend" not in str(said["data"]).lower()
    assert codes(desk)["team-suspended"] == "billing"


def test_expired_contract_is_told_to_the_agent_and_counts_as_configured(desk: TestDesk) -> None:
    desk.run("contract", "edit", "acme", "--until", "2026-10-31")
    number = desk.mail(ANNA, "Printer", "It prints blank pages.")
    notes = [e for e in desk.show(number)["entries"] if e["type"] == "system"]
    assert "ended on 2026-10-31" in notes[0]["text"]
    assert not notes[0]["public"]
    assert desk.show(number)["respond_by"] is not None


def test_complaint_has_its_own_team_and_acknowledgement_and_stands_first(desk: TestDesk) -> None:
    first = desk.mail(ANNA, "Printer", "It prints blank pages.")
    second = desk.mail(ANNA, "Complaint", "This is unacceptable, I must complain.")
    assert desk.sent(second) == [("complaint", ANNA)]
    assert desk.show(second)["team"] == "complaints"
    assert [r["number"] for r in desk.run("list", "--json").rows] == [second, first]


# ---------------------------------------------------------------------------------------------- phone


def test_permission_asked_by_phone_starts_when_its_caller_writes(desk: TestDesk) -> None:
    made = desk.run(
        "new", "--channel", "phone", "--from", ANNA, "--subject", "Payroll", "--kind", "permission",
        "-m", "write access for Péter",
        "--called", "+36 1 555 0000", "--json",
    ).json  # fmt: skip
    number = made["number"]
    assert made["phase"] == "waiting_customer"
    assert desk.sent(number) == [("phone_permission", ANNA)]
    asked = desk.message_id("phone_permission")
    desk.mail("colleague@acme.example", f"Re: [#{number}] Payroll", "Yes, she told me so.", to=asked)
    assert desk.show(number)["phase"] == "waiting_customer"
    desk.mail(ANNA, f"Re: [#{number}] Payroll", "Write access to Payroll for Péter, please.", to=asked)
    assert desk.show(number)["phase"] == "awaiting_approval"
    request = desk.said("approval_request")["data"]["consent"]["request"]
    assert "Write access to Payroll for Péter, please." in request
    assert "write access for Péter" not in request
    assert [n for n, to in desk.sent(number) if to == ANNA].count("awaiting_approval") == 1


def test_permission_that_an_agent_opens_otherwise_is_held_at_once(desk: TestDesk) -> None:
    made = desk.run(
        "new", "--from", ANNA, "--subject", "Payroll", "--kind", "permission", "-m", "write access for Péter", "--json"
    ).json  # fmt: skip
    assert made["phase"] == "awaiting_approval"
    assert [n for n, to in desk.sent(made["number"]) if to == ANNA] == ["awaiting_approval"]
    assert "write access for Péter" in desk.said("approval_request")["data"]["consent"]["request"]


def test_call_is_recorded_with_the_number_called_and_acknowledged_by_mail(desk: TestDesk) -> None:
    made = desk.run(
        "new", "--channel", "phone", "--from", ANNA, "--subject", "Printer", "-m", "Blank pages.",
        "--called", "+36 1 555 0000", "--json",
    ).json  # fmt: skip
    entry = desk.show(made["number"])["entries"][0]
    assert (entry["type"], entry["channel"], entry["data"]["called"]) == ("call", "phone", "+36 1 555 0000")
    assert desk.said("received")["data"]["channel"] == "phone"


# ------------------------------------------------------------------------------------- mails on no ticket


def test_mail_on_no_ticket_stands_with_the_review_team_until_it_is_filed_or_dismissed(desk: TestDesk) -> None:
    number = desk.mail(ANNA, "Printer", "It prints blank pages.")
    for i in range(2):
        assert (
            desk.mail("news@shop.example", f"Offers {i}", "Buy!", headers={"List-Id": "<news.shop.example>"})
            is None
        )
    rows = [r for r in desk.run("list", "--team", "review", "--json").rows if r["number"] is None]
    assert [r["subject"] for r in rows] == ["Offers 0", "Offers 1"]
    assert "2 mails on no ticket" in desk.run("list").err
    desk.run("mail", "file", str(rows[0]["mail"]), str(number))
    desk.run("mail", "dismiss", str(rows[1]["mail"]))
    assert desk.run("list", "--team", "review", "--json").rows == []
    filed = desk.show(number)["entries"][-1]
    assert (filed["type"], filed["public"], filed["text"].strip()) == ("list", False, "Buy!")


def test_a_suspended_company_without_a_contract_is_the_billing_teams_by_mail_and_by_phone(
    desk: TestDesk,
) -> None:
    desk.run("company", "edit", "acme", "--standing", "suspended", "--service-level", "")
    by_mail = desk.mail(ANNA, "Printer", "It prints blank pages.")
    by_phone = desk.run(
        "new", "--channel", "phone", "--from", ANNA, "--subject", "Printer", "-m", "Blank pages.", "--json"
    ).json["number"]
    for number in (by_mail, by_phone):
        assert (desk.show(number)["team"], desk.sent(number)) == ("billing", [("suspended", ANNA)])


def test_who_has_no_contract_has_no_severity_until_they_have_one(desk: TestDesk) -> None:
    desk.run("contract", "remove", "acme")
    number = desk.mail(ANNA, "Server", "The server is down, nobody can work.")
    assert desk.decision["ticket"]["severity"] is None
    assert desk.show(number)["severity"] is None
    assert desk.run("list", "--json").rows[0]["severity"] is None
    assert not desk.said("no_contract")["data"]["about"].get("severity")
    desk.run("contract", "add", "acme", "standard")
    shown = desk.show(number)
    assert shown["severity"] in ("system", "infrastructure")
    assert shown["respond_by"] is not None


def test_an_approver_is_asked_though_the_requester_gets_no_mail(desk: TestDesk) -> None:
    made = desk.run(
        "new", "--from", ANNA, "--subject", "Payroll", "--kind", "permission", "-m", "write access for Péter",
        "--no-mail", "--json",
    ).json  # fmt: skip
    assert made["phase"] == "awaiting_approval"
    assert [notice for notice, _ in desk.sent(made["number"])] == ["approval_request"]


def test_no_token_of_an_approval_mail_is_shown_when_its_answer_quotes_it(desk: TestDesk) -> None:
    number = desk.mail(RITA.replace("rita", "sam"), "Payroll", "I need write access to Payroll.")
    asked = desk.message_id("adopt_request")
    desk.mail(RITA, f"Re: [#{number}] Payroll", "ok", to=asked)
    secret = desk.message_id("approval_request")
    desk.mail(RITA, f"Re: [#{number}] Payroll", f"Why does {secret} ask me?", to=secret)
    shown = desk.run("show", str(number), "--json").out
    assert "Why does" in shown
    assert "[token]" in shown
    assert secret.strip("<>").split(".")[2] not in shown + desk.run("why", str(number)).out
