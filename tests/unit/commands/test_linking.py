from __future__ import annotations

from datetime import datetime

import pytest

from maild.render import render_notice
from maild.steps import whole
from tests.unit.commands.conftest import TestDesk

#: many verbs, one after the other
pytestmark = pytest.mark.slow

ANNA, BELA, CARL = "anna@acme.example", "bela@acme.example", "carl@globex.example"


def test_merge_moves_what_people_wrote_and_tells_the_requester_the_new_number(desk: TestDesk) -> None:
    first = desk.mail(ANNA, "Printer", "It prints blank pages.")
    second = desk.mail(BELA, "Printer again", "Ours too.")
    done = desk.run("merge", str(second), str(first), "--json").json
    assert (done["number"], done["phase"]) == (second, "merged")
    survivor, gone = desk.show(first), desk.show(second)
    assert [e["text"].strip() for e in survivor["entries"] if e["type"] == "mail"] == [
        "It prints blank pages.", "Ours too.",
    ]  # fmt: skip
    assert not [e for e in gone["entries"] if e["type"] == "mail"]
    assert {r["address"] for r in survivor["recipients"]} == {ANNA, BELA}
    assert {"type": "merged", "ticket": first, "direction": "out"} in gone["links"]
    told = desk.said("merged")
    assert (told["to"], told["data"]["merged_into"]) == ([BELA], first)


def test_reply_to_a_merged_ticket_lands_on_the_survivor(desk: TestDesk) -> None:
    first = desk.mail(ANNA, "Printer", "It prints blank pages.")
    second = desk.mail(BELA, "Printer again", "Ours too.")
    answered = desk.message_id("received", to=BELA)
    desk.run("merge", str(second), str(first))
    assert desk.mail(BELA, f"Re: [#{second}] Printer again", "More.", to=answered) == first
    assert desk.mail(BELA, f"[#{second}] Printer again", "By its tag alone.") == first
    assert desk.decision["thread"]["ticket"] == first


def test_chain_of_merges_ends_at_the_last_survivor(desk: TestDesk) -> None:
    one, two, three = (desk.mail(ANNA, f"Thing {i}", f"Text {i}.") for i in range(3))
    desk.run("merge", str(one), str(two))
    desk.run("merge", str(two), str(three))
    assert desk.mail(ANNA, f"[#{one}] Thing 0", "Still.") == three
    assert len([e for e in desk.show(three)["entries"] if e["type"] == "mail"]) == 4


def test_merges_that_would_lose_or_leak_something_are_refused(desk: TestDesk) -> None:
    one, two = desk.mail(ANNA, "One", "1"), desk.mail(ANNA, "Two", "2")
    other = desk.mail(CARL, "Three", "3")
    assert "itself" in desk.refused("merge", str(one), str(one))
    assert f"link {one} related {other}" in desk.refused("merge", str(one), str(other))
    desk.run("merge", str(one), str(two))
    assert f"into #{two} already" in desk.refused("merge", str(one), str(two))
    back = desk.refused("merge", str(two), str(one))
    assert f"#{one} was merged into #{two} already" in back
    assert "maild merge" not in back
    three = desk.mail(ANNA, "Four", "4")
    assert f"maild merge {three} {two}" in desk.refused("merge", str(three), str(one))
    assert f"into #{two}" in desk.refused("merge", str(two), str(one))
    desk.run("close", str(two))
    assert f"maild reopen {two}" in desk.refused("merge", str(three), str(two))
    assert desk.show(three)["phase"] == "received"


def test_strangers_of_no_company_are_never_merged(desk: TestDesk) -> None:
    one = desk.mail("x@gmail.example", "Hello", "I am X.")
    two = desk.mail("y@gmail.example", "Hello", "I am Y.")
    assert "different people" in desk.refused("merge", str(one), str(two))


def test_held_ticket_is_not_merged_away(desk: TestDesk) -> None:
    one, two = desk.mail(ANNA, "One", "1"), desk.mail(ANNA, "Share", "I need write access to Payroll.")
    assert desk.show(two)["phase"] == "awaiting_approval"
    assert "held until" in desk.refused("merge", str(two), str(one))


def test_survivor_of_a_merge_keeps_the_older_promise(desk: TestDesk) -> None:
    first = desk.mail(ANNA, "Printer", "It prints blank pages.")
    promised = desk.show(first)["respond_by"]
    desk.later(hours=2)
    second = desk.mail(ANNA, "Printer 2", "Ours too.")
    assert desk.show(second)["respond_by"] > promised
    desk.run("merge", str(first), str(second))
    assert desk.show(second)["respond_by"] == promised


def test_split_moves_entries_and_their_replies_follow(desk: TestDesk) -> None:
    first = desk.mail(ANNA, "Printer", "It prints blank pages.")
    ours = desk.message_id("received")
    desk.later(hours=1)
    desk.mail(
        ANNA, f"Re: [#{first}] Printer", "And the scanner is dead.", to=ours, message_id="<scan@acme.example>"
    )
    entry = [e for e in desk.show(first)["entries"] if e["type"] == "mail"][1]
    made = desk.run("split", str(first), "--entry", str(entry["id"]), "--subject", "Scanner", "--json").json
    new = made["number"]
    assert (made["subject"], made["requester"], made["phase"]) == ("Scanner", ANNA, "received")
    assert [e["text"].strip() for e in desk.show(new)["entries"] if e["type"] == "mail"] == [
        "And the scanner is dead."
    ]
    assert {"type": "split", "ticket": first, "direction": "out"} in desk.show(new)["links"]
    assert ("received", ANNA) in desk.sent(new)
    assert made["respond_by"] > desk.show(first)["respond_by"]  # counted from when she wrote it
    assert desk.mail(ANNA, "Re: scanner", "Any news?", to="<scan@acme.example>") == new


def test_split_frees_the_ordinary_part_of_a_held_mail(desk: TestDesk) -> None:
    held = desk.mail(ANNA, "Two things", "I need write access to Payroll. Also the printer is jammed.")
    assert desk.show(held)["phase"] == "awaiting_approval"
    entry = desk.show(held)["entries"][0]["id"]
    assert "leave at least one" in desk.refused("split", str(held), "--entry", str(entry), "-s", "Printer")
    made = desk.run("split", str(held), "-m", "The printer is jammed.", "-s", "Printer jam", "--json").json
    assert made["phase"] == "received"
    assert made["kind"] != "permission"
    assert desk.show(held)["phase"] == "awaiting_approval"
    assert [c["state"] for c in desk.show(held)["consents"]] == ["waiting"]
    desk.run("take", str(made["number"]))
    assert desk.show(made["number"])["phase"] == "accepted"


def test_split_never_frees_the_request_itself(desk: TestDesk) -> None:
    held = desk.mail(ANNA, "Two things", "I need write access to Payroll.")
    desk.run("note", str(held), "-m", "a note, so that the mail is not all there is")
    entry = desk.show(held)["entries"][0]["id"]
    assert "is part of the request that C" in desk.refused(
        "split", str(held), "--entry", str(entry), "-s", "Payroll"
    )
    desk.run("split", str(held), "-m", "write access to Payroll", "-s", "Payroll")
    assert [desk.show(number)["phase"] for number in (1001, 1002)] == ["awaiting_approval"] * 2


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["-s", "X"], "say what goes"),
        (["-s", " ", "-m", "x"], "needs a subject"),
        (["-s", "X", "--entry", "9999"], "no entry 9999"),
        (["-s", "X", "-m", "x", "--kind", "nonsense"], "no kind 'nonsense'"),
    ],
)
def test_split_without_sense_is_refused(desk: TestDesk, words: list[str], says: str) -> None:
    number = desk.mail(ANNA, "Printer", "It prints blank pages.")
    assert says in desk.refused("split", str(number), *words)


def test_link_shows_at_both_ends_and_can_be_taken_away(desk: TestDesk) -> None:
    one, two = desk.mail(ANNA, "One", "1"), desk.mail(CARL, "Two", "2")
    before = desk.sent(one), desk.sent(two)
    desk.run("link", str(one), "related", str(two))
    assert [(link["type"], link["ticket"]) for link in desk.show(one)["links"]] == [("related", two)]
    assert [(link["type"], link["ticket"]) for link in desk.show(two)["links"]] == [("related", one)]
    assert (desk.sent(one), desk.sent(two)) == before
    desk.run("link", str(two), "related", str(one), "--remove")
    assert desk.show(one)["links"] == []
    assert "no link" in desk.refused("link", str(one), "related", str(two), "--remove")
    assert "there are: related" in desk.refused("link", str(one), "cousin", str(two))
    assert "itself" in desk.refused("link", str(one), "related", str(one))


def test_ticket_linked_to_an_outage_by_hand_gets_its_news(desk: TestDesk) -> None:
    number = desk.mail(ANNA, "Slow", "Everything is slow.")
    desk.run("outage", "open", "Line down", "--word", "nothing-matches")
    desk.run("link", str(number), "outage", "1")
    desk.run("outage", "update", "1", "-m", "A digger found the cable.")
    assert ("outage_update", ANNA) in desk.sent(number)
    desk.run("link", str(number), "outage", "1", "--remove")
    desk.run("outage", "resolve", "1", "-m", "Mended.")
    assert ("outage_resolved", ANNA) not in desk.sent(number)


def test_what_waits_for_a_colleagues_word_is_told_to_close_where_it_does(desk: TestDesk) -> None:
    """A request that needs a consent stays open; ordinary trouble closes, though nobody confirmed it."""
    asked = desk.mail("sam@strict.example", "Share", "Please grant me write access to the payroll share.")
    trouble = desk.mail("sam@strict.example", "Printer", "The printer does not work since yesterday.")
    assert {desk.show(n)["phase"] for n in (asked, trouble)} == {"waiting_customer"}
    desk.run("outage", "open", "Line down", "--word", "nothing-matches")
    desk.run("link", str(asked), "outage", "1")
    desk.run("link", str(trouble), "outage", "1")
    desk.run("outage", "resolve", "1", "-m", "Mended.")
    told = {}
    for number in (asked, trouble):
        out = desk.show(number)["outbound"][-1]
        assert out["notice"] == "outage_resolved"
        with desk.store.read() as tx:
            data = tx.outbound.get(out["id"]).data
        told[number] = " ".join(
            whole(render_notice("outage_resolved", "en", data, desk.settings)).text.split()
        )
    assert "closes by itself" not in told[asked]
    assert "Your request stays open until it is confirmed." in told[asked]
    assert "closes by itself" in told[trouble]
    desk.later(days=4)
    desk.deadlines()
    assert [desk.show(n)["phase"] for n in (asked, trouble)] == ["waiting_customer", "closed"]


def test_moved_ticket_drops_the_old_companys_people_and_counts_by_the_new_contract(desk: TestDesk) -> None:
    number = desk.mail(ANNA, "Printer", "It prints blank pages.", headers={"Cc": BELA})
    assert {r["address"] for r in desk.show(number)["recipients"]} == {ANNA, BELA}
    desk.run("contact", "add", ANNA, "--company", "globex")
    done = desk.run("move", str(number), "globex", "--json").json
    assert done["company"] == "globex"
    assert {r["address"] for r in desk.show(number)["recipients"]} == {ANNA}
    assert desk.mail(BELA, f"[#{number}] Printer", "Mine?") != number
    assert "already" in desk.refused("move", str(number), "globex")
    assert "nobody" in desk.refused("move", str(number), "nobody")


def test_ticket_of_a_web_form_is_of_its_requesters_company_when_they_are_named(desk: TestDesk) -> None:
    number = desk.mail("form@web.example", "Web form", "Anna's printer jams.")
    assert desk.show(number)["company"] is None
    desk.run("people", str(number), "requester", ANNA)
    shown = desk.show(number)
    assert (shown["company"], shown["requester"]) == ("acme", ANNA)
    assert shown["respond_by"] is not None
    assert {one["address"] for one in shown["recipients"]} == {
        ANNA
    }  # the form is none of the company's people
    assert desk.said("received", to=ANNA)
    desk.run("undo", str(number))
    shown = desk.show(number)
    assert (shown["company"], shown["requester"]) == (None, "form@web.example")


def test_named_requester_is_known_by_their_domain_too_and_a_stranger_brings_no_company(
    desk: TestDesk,
) -> None:
    number = desk.mail("form@web.example", "Web form", "The printer jams.")
    desk.run("people", str(number), "requester", "new.person@acme.example")
    assert desk.show(number)["company"] == "acme"
    other = desk.mail("form@web.example", "Web form again", "A question.")
    desk.run("people", str(other), "requester", "eve@evil.example")
    assert (desk.show(other)["company"], desk.show(other)["requester"]) == (None, "eve@evil.example")


def test_ticket_of_an_unknown_person_gets_its_promise_when_it_is_moved_to_their_company(
    desk: TestDesk,
) -> None:
    number = desk.mail("anna.private@gmail.example", "Printer", "It prints blank pages.")
    assert (desk.show(number)["team"], desk.show(number)["respond_by"]) == ("sales", None)
    ran = desk.run("move", str(number), "acme")
    assert "is not a contact of acme" in ran.err
    shown = desk.show(number)
    assert (shown["company"], shown["team"]) == ("acme", "L1")
    assert shown["respond_by"] is not None
    promised = desk.said("received")["data"]["promise"]["respond_by"]
    assert datetime.fromisoformat(promised) == datetime.fromisoformat(shown["respond_by"])


def test_move_voids_what_the_old_company_was_asked(desk: TestDesk) -> None:
    number = desk.mail(ANNA, "Share", "I need write access to Payroll.")
    token = desk.message_id("approval_request")
    desk.run("move", str(number), "strict")
    old, new = desk.show(number)["consents"]
    assert (old["state"], new["state"], new["approvers"]) == ("void", "waiting", ["rita@strict.example"])
    desk.mail("boss@acme.example", f"Re: [#{number}] Share", "approved", to=token)
    assert desk.show(number)["phase"] == "awaiting_approval"


def test_project_is_a_linked_ticket_and_the_customer_is_told_once(desk: TestDesk) -> None:
    number = desk.mail(ANNA, "Move us to the new building", "All of it, please.")
    made = desk.run("project", str(number), "--subject", "Removal", "--json").json
    assert (made["subject"], made["phase"], made["respond_by"]) == ("Removal", "accepted", None)
    shown = desk.show(number)
    assert shown["phase"] == "closed"
    assert {"type": "project", "ticket": made["number"], "direction": "out"} in shown["links"]
    assert desk.sent(number)[-1] == ("project", ANNA)
    assert desk.said("project")["data"]["project"] == made["number"]
    assert [n for n, _ in desk.sent(number)].count("closed") == 0


def test_project_may_leave_the_request_open(desk: TestDesk) -> None:
    number = desk.mail(ANNA, "Move us", "All of it, please.")
    desk.run("project", str(number), "--keep-open")
    assert desk.show(number)["phase"] == "received"
    assert desk.sent(number)[-1] == ("project", ANNA)


def test_move_says_in_which_phase_the_ticket_stands_then(desk: TestDesk) -> None:
    plain = desk.mail(ANNA, "Printer", "It prints blank pages.")
    asking = desk.mail(ANNA, "Payroll", "Dora has no access. Can you add her?")
    assert f"#{plain} is of globex (received)" in desk.run("move", str(plain), "globex").out
    assert f"#{asking} is of globex (approval)" in desk.run("move", str(asking), "globex").out
