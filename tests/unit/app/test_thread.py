"""the contract's table of evidence and sender, and each decided case of threading by its name.

Over 300 lines: one table of evidence and senders, and what each pair of them comes to.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import threading_rules
from maild.app.relation import TABLE, merged_chain
from maild.app.thread import find_ticket
from maild.app.thread_tickets import others
from maild.mail.own_ids import Signer
from maild.model import Calendar, Facts, KnownKey, Mail, Mailbox, Membership, Threading, TicketFacts
from maild.party.sender import identify
from maild.settings import Agent, Settings, ThreadingSettings
from tests.cases import cases
from tests.unit.factory import HELP, NOW, facts, mail, person, ticket

SIGNER = Signer(b"0123456789abcdef0123456789abcdef", "desk.example")
OTHER = Signer(b"another desk's secret of 32 bytes", "other.example")
SETTINGS = Settings(agents={"kata": Agent("kata", "kata@desk.example", ("L1",))})
ROOT = "01d5a4c37a2f1122334455667788990011223344aabb"
FIRST = "<first@acme.example>"

ANNA, BELA, CARL, STRANGER = (
    "anna@acme.example", "bela@acme.example", "carl@globex.example", "x@freemail.example",
)  # fmt: skip


def run(
    found: Mail, known: Facts, settings: Settings = SETTINGS, recipients: tuple[str, ...] = ()
) -> Threading:
    sender = identify(found, known, None, settings, HELP)
    return find_ticket(
        found, sender, known, settings, NOW, SIGNER.verify,
        verify_address=SIGNER.verify_reply_address, recipients=recipients,
    )  # fmt: skip


def known(*tickets: TicketFacts, **fields: Any) -> Facts:
    """Ticket 15789 of Anna with her first mail, our mail to her, and her Outlook's conversation."""
    keys = (KnownKey(FIRST, 15789, "in", ANNA), KnownKey("<out@desk.example>", 15789, "out"),
            KnownKey(f"thread-index:{ROOT}", 15789, "kept"))  # fmt: skip
    return facts(*(tickets or (ticket(),)), **{"known": keys, **fields})


EVIDENCE: dict[str, dict[str, Any]] = {
    "signed_id": {"in_reply_to": (SIGNER.message_id(15789, "x"),), "subject": "Re: Printer"},
    "root_in_references": {
        "references": (SIGNER.root_id(15789), "<q@acme.example>"),
        "subject": "Re: Printer",
    },
    "our_id": {"in_reply_to": ("<out@desk.example>",), "subject": "Re: Printer"},
    "customers_id": {"in_reply_to": (FIRST,), "subject": "Re: Printer"},
    "references_only": {"references": (FIRST, "<unknown@x>"), "subject": "Re: Printer"},
    "thread_index": {"thread_index": ROOT + "aabbccddee", "subject": "Re: Printer"},
    "tag": {"subject": "Re: [#15789] Printer"},
    "bare": {"subject": "Printer #15789"},
}
STRENGTH = {
    "signed_id": "token", "root_in_references": "token", "our_id": "token", "customers_id": "message_id",
    "references_only": "message_id", "thread_index": "message_id", "tag": "tag", "bare": "bare",
}  # fmt: skip
#: the contract's table, written out once more by hand: (how, link)
SAYS = {
    ("token", "participant"): ("join", None),
    ("token", "company"): ("join", None),
    ("token", "other"): ("claim", ("claims", 15789)),
    ("message_id", "participant"): ("join", None),
    ("message_id", "company"): ("join", None),
    ("message_id", "other"): ("linked", ("related", 15789)),
    ("tag", "participant"): ("join", None),
    ("tag", "company"): ("join", None),
    ("tag", "other"): ("linked", ("related", 15789)),
    ("bare", "participant"): ("join", None),
    ("bare", "company"): ("linked", ("related", 15789)),
    ("bare", "other"): ("new", None),
}
WHO = {ANNA: "participant", BELA: "company", CARL: "other", STRANGER: "other"}


@cases("evidence", EVIDENCE)
@cases("who", WHO)
def test_table_of_evidence_and_sender(evidence: str, who: str) -> None:
    found = run(mail(who, **EVIDENCE[evidence]), known())
    how, link = SAYS[STRENGTH[evidence], WHO[who]]
    assert (found.how, found.link) == (how, link)
    assert found.ticket == (15789 if how == "join" else None)
    assert {match.rule for match in found.candidates} == {*threading_rules.default_names()}


@given(st.data())
def test_nobody_from_outside_ever_joins(data: st.DataObject) -> None:
    parts: dict[str, Any] = {}
    for evidence in data.draw(st.lists(st.sampled_from(sorted(EVIDENCE)), max_size=4)):
        parts.update(EVIDENCE[evidence])
    phase = data.draw(st.sampled_from(["received", "resolved", "closed", "rejected", "awaiting_approval"]))
    found = run(mail(data.draw(st.sampled_from([CARL, STRANGER])), **parts), known(ticket(phase=phase)))
    assert found.ticket is None
    assert found.how in ("claim", "linked", "new")


def test_the_table_is_whole() -> None:
    strengths, who = {key[0] for key in TABLE}, {key[1] for key in TABLE}
    assert len(TABLE) == len(strengths) * len(who) == 20


# ------------------------------------------------------------------- who it is from, who may take part


def test_sender_who_is_not_on_the_ticket_quotes_its_number_and_gets_a_ticket_of_their_own() -> None:
    found = run(mail(STRANGER, subject="Re: [#15789] Printer"), known())
    assert (found.how, found.ticket, found.link) == ("linked", None, ("related", 15789))


def test_forged_reference_from_stranger_opens_new_ticket() -> None:
    found = run(mail(STRANGER, references=(FIRST, SIGNER.root_id(15789))), known())
    assert (found.how, found.ticket, found.link) == ("claim", None, ("claims", 15789))


def test_forwarded_to_a_colleague_who_answers_joins() -> None:
    found = run(
        mail(BELA, subject="Fwd: [#15789] Printer", in_reply_to=(SIGNER.message_id(15789, "x"),)), known()
    )
    assert (found.how, found.ticket) == ("join", 15789)


def test_forwarded_outside_the_company_claims_only() -> None:
    found = run(
        mail(CARL, subject="Re: [#15789] Printer", in_reply_to=(SIGNER.message_id(15789, "x"),)), known()
    )
    assert found.how == "claim"


def test_new_cc_of_another_company_is_no_participant_and_their_answer_does_not_join() -> None:
    with_cc = ticket(participants=(Mailbox(BELA),))
    found = run(mail(CARL, in_reply_to=(FIRST,), cc=(Mailbox(ANNA),)), known(with_cc))
    assert (found.how, found.ticket) == ("linked", None)


def test_participant_who_belongs_to_no_company_joins() -> None:
    found = run(mail(STRANGER, subject="#15789"), known(ticket(participants=(Mailbox(STRANGER),))))
    assert (found.how, found.ticket) == ("join", 15789)


def test_unknown_requester_joins_their_own_ticket_by_tag() -> None:
    own = ticket(requester=STRANGER, company=None)
    assert run(mail(STRANGER, subject="Re: [#15789] Printer"), known(own)).how == "join"
    assert run(mail("y@freemail.example", subject="Re: [#15789] Printer"), known(own)).how == "linked"


def test_two_tickets_without_a_company_do_not_make_their_senders_colleagues() -> None:
    found = run(
        mail("y@freemail.example", in_reply_to=(FIRST,)), known(ticket(requester=STRANGER, company=None))
    )
    assert (found.how, found.ticket) == ("linked", None)


def test_second_address_of_the_requester_is_the_requester() -> None:
    home = person("anna@home.example", addresses=(ANNA, "anna@home.example"))
    found = run(mail("anna@home.example", subject="#15789"), known(people={"anna@home.example": home}))
    assert found.how == "join"


def test_person_at_two_companies_is_a_colleague_at_both() -> None:
    two = person("carl@globex.example", memberships=(Membership("globex"), Membership("acme")))
    assert run(mail(CARL, in_reply_to=(FIRST,)), known(people={CARL: two})).how == "join"


def test_no_strict_from_joins_nothing() -> None:
    found = run(mail(None, in_reply_to=(SIGNER.message_id(15789, "x"),)), known())
    assert (found.how, found.ticket, found.link) == ("none", None, None)
    assert found.candidates[0].ticket == 15789


# ---------------------------------------------------------------------------- tags, numbers, conflicts


def test_two_different_tags_are_no_tag_and_the_conflict_is_kept() -> None:
    found = run(mail(subject="[#15789] [#15790] Printer"), known(ticket(15789), ticket(15790)))
    assert found.how == "new"
    assert [note.code for note in found.conflicts] == ["different-tags"]


def test_token_and_tag_disagree_the_token_wins_and_the_conflict_is_kept() -> None:
    both = known(ticket(15789), ticket(15790))
    found = run(mail(subject="[#15790] Printer", in_reply_to=(SIGNER.message_id(15789, "x"),)), both)
    assert (found.ticket, found.rule) == (15789, "reply_token")
    assert found.conflicts[0].code == "rules-disagree"
    assert "15790" in found.conflicts[0].evidence


def test_order_of_rules_is_the_configurations() -> None:
    tag_first = Settings(threading=ThreadingSettings(rules=("subject_tag", "reply_token")))
    both = known(ticket(15789), ticket(15790))
    found = run(
        mail(subject="[#15790] Printer", in_reply_to=(SIGNER.message_id(15789, "x"),)), both, tag_first
    )
    assert (found.ticket, found.rule, len(found.candidates)) == (15790, "subject_tag", 2)


def test_tag_of_another_desks_maild_opens_a_ticket() -> None:
    found = run(mail(subject="Re: [#15789] Printer", in_reply_to=(OTHER.message_id(15789, "x"),)), known())
    assert (found.how, found.ticket) == ("new", None)
    assert found.conflicts[0].code == "tag-not-ours"


def test_tag_of_a_ticket_that_does_not_exist_opens_one() -> None:
    found = run(mail(subject="Re: [#999] Printer"), known())
    assert found.how == "new"
    assert found.conflicts[0].code == "tag-not-ours"


def test_ticket_of_another_company_is_linked_not_joined() -> None:
    globex = ticket(20000, company="globex", requester=CARL)
    found = run(mail(ANNA, subject="[#20000] Printer"), known(ticket(), globex))
    assert (found.how, found.link) == ("linked", ("related", 20000))


# ----------------------------------------------------------------------- before the acknowledgement came


def test_customer_answers_their_own_first_mail_before_the_acknowledgement() -> None:
    found = run(mail(ANNA, subject="Re: Printer", in_reply_to=(FIRST,), references=(FIRST,)), known())
    assert (found.how, found.ticket, found.rule) == ("join", 15789, "in_reply_to")


def test_colleague_replies_to_all_before_the_acknowledgement() -> None:
    assert run(mail(BELA, subject="Re: Printer", references=(FIRST,)), known()).ticket == 15789


def test_reply_that_came_first_is_joined_by_its_parent() -> None:
    late = facts(ticket(), known=(KnownKey("<new@acme.example>", 15789, "awaited"),))
    assert (run(mail(ANNA), late).how, run(mail(BELA), late).how) == ("join", "join")
    assert run(mail(CARL), late).how == "linked"


def test_second_reply_of_the_same_person_to_a_parent_that_never_came_joins_the_first() -> None:
    waiting = facts(ticket(), known=(KnownKey("<never1@acme.example>", 15789, "awaited", ANNA),))
    again: dict[str, Any] = {"subject": "Re: Printer", "in_reply_to": ("<never1@acme.example>",)}
    assert run(mail(ANNA, **again), waiting).ticket == 15789
    home = person("anna@home.example", addresses=(ANNA, "anna@home.example"))
    other = facts(ticket(), known=waiting.known["<never1@acme.example>"], people={"anna@home.example": home})
    assert run(mail("anna@home.example", **again), other).ticket == 15789


@pytest.mark.parametrize("who", [BELA, CARL, STRANGER])
def test_others_who_answer_a_mail_that_nobody_saw_open_their_own(who: str) -> None:
    waiting = facts(
        ticket(participants=(Mailbox(BELA),)), known=(KnownKey("<news7@x.example>", 15789, "awaited", ANNA),)
    )
    found = run(mail(who, subject="Re: News", in_reply_to=("<news7@x.example>",)), waiting)
    assert (found.how, found.ticket, found.link) == ("new", None, None)
    assert found.candidates[1].strength == "awaited"


def test_each_of_several_tickets_that_await_one_mail_is_joined_by_its_own_sender() -> None:
    news = "<news7@x.example>"
    waiting = facts(
        ticket(1), ticket(2, requester=BELA), ticket(3, requester=CARL, company="globex"),
        known=(KnownKey(news, 1, "awaited", ANNA), KnownKey(news, 2, "awaited", BELA), KnownKey(news, 3, "awaited", CARL)),
    )  # fmt: skip
    for who, number in ((ANNA, 1), (BELA, 2), (CARL, 3)):
        assert run(mail(who, subject="Re: News", references=(news,)), waiting).ticket == number
    assert run(mail(STRANGER, references=(news,)), waiting).how == "new"


def test_colleague_joins_when_their_mail_names_one_that_we_know_beside_the_unseen() -> None:
    waiting = known(
        known=(KnownKey("<news7@x.example>", 15789, "awaited", ANNA), KnownKey(FIRST, 15789, "in", ANNA))
    )
    found = run(
        mail(BELA, in_reply_to=("<news7@x.example>",), references=("<news7@x.example>", FIRST)), waiting
    )
    assert (found.how, found.ticket, found.rule) == ("join", 15789, "references")


# -------------------------------------------------------------------------------- sameness and rewriting


def test_same_message_id_with_other_content_is_another_mail() -> None:
    seen = facts(ticket(), known=(KnownKey("<new@acme.example>", 15789, "in"),))
    assert run(mail(ANNA, subject="Something else"), seen).how == "new"
    assert run(mail(ANNA, subject="Re: [#15789] Printer"), seen).ticket == 15789


def test_empty_in_reply_to_matches_no_conversation() -> None:
    dirty = facts(ticket(), known=(KnownKey("", 15789, "in"), KnownKey("<>", 15789, "out")))
    assert run(mail(ANNA, in_reply_to=(), references=()), dirty).how == "new"


@pytest.mark.parametrize(
    "left",
    [
        {"references": (SIGNER.root_id(15789), "<0102018abc@email.amazonses.com>")},
        {"subject": "Re: [#15789] Printer"},
    ],
)
def test_relay_that_rewrites_message_ids_leaves_root_and_tag(left: dict[str, Any]) -> None:
    fields = {"in_reply_to": ("<0102018abc@email.amazonses.com>",), "subject": "Re: Printer", **left}
    assert run(mail(ANNA, **fields), known()).ticket == 15789


def test_exchange_that_drops_references_leaves_thread_index() -> None:
    assert (
        run(mail(ANNA, subject="AW: Printer", thread_index=ROOT + "0011223344"), known()).rule
        == "thread_index"
    )


def test_reply_address_in_the_envelope_alone_joins() -> None:
    address = SIGNER.reply_address(HELP, 15789)
    assert run(mail(ANNA, subject="Printer"), known(), recipients=(address,)).ticket == 15789


def test_provider_without_plus_addressing_threads_by_the_other_rules() -> None:
    assert run(mail(ANNA, to=(Mailbox(HELP),), **EVIDENCE["signed_id"]), known()).ticket == 15789


# ------------------------------------------------------------------------------------ merged and split


def test_reply_to_a_merged_ticket_lands_on_the_survivor() -> None:
    chain = (
        ticket(15789, phase="merged", merged_into=15790),
        ticket(15790, phase="merged", merged_into=15791),
        ticket(15791),
    )
    found = run(mail(ANNA, **EVIDENCE["signed_id"]), known(*chain))
    assert (found.how, found.ticket) == ("join", 15791)
    assert found.conflicts[-1].evidence == "15789 -> 15790 -> 15791"


def test_participant_of_the_merged_ticket_joins_the_survivor() -> None:
    chain = (ticket(15789, phase="merged", merged_into=15790), ticket(15790, requester=BELA, company=None))
    assert run(mail(ANNA, subject="#15789"), known(*chain)).ticket == 15790


def test_merges_in_a_circle_end_and_nothing_is_lost() -> None:
    circle = (
        ticket(15789, phase="merged", merged_into=15790),
        ticket(15790, phase="merged", merged_into=15789),
    )
    found = run(mail(ANNA, **EVIDENCE["tag"]), known(*circle))
    assert (found.how, found.ticket, found.link) == ("linked", None, ("related", 15789))
    assert found.conflicts[-1].code == "merged-lost"


def test_merged_into_a_closed_ticket_reopens_the_survivor() -> None:
    chain = (
        ticket(15789, phase="merged", merged_into=15790),
        ticket(15790, phase="closed", closed_at=NOW - timedelta(days=1)),
    )
    found = run(mail(ANNA, **EVIDENCE["tag"]), known(*chain))
    assert (found.how, found.ticket) == ("reopen", 15790)


def test_tag_of_the_merged_and_token_of_the_survivor_do_not_disagree() -> None:
    chain = (ticket(15789, phase="merged", merged_into=15790), ticket(15790))
    found = run(
        mail(ANNA, subject="[#15789] Printer", in_reply_to=(SIGNER.message_id(15790, "x"),)), known(*chain)
    )
    assert found.ticket == 15790
    assert found.conflicts == ()


def test_split_ticket_is_answered_by_its_own_mails() -> None:
    split = known(ticket(15789), ticket(15800))
    answered = (SIGNER.root_id(15789), SIGNER.message_id(15800, "s"))
    assert run(mail(ANNA, subject="Re: [#15800] Printer", references=answered), split).ticket == 15800


@given(st.dictionaries(st.integers(1, 6), st.integers(1, 8), min_size=1))
def test_any_merges_end_at_a_survivor_or_at_a_merged_ticket(merges: dict[int, int]) -> None:
    tickets = {
        number: ticket(number, phase="merged", merged_into=merges[number])
        if number in merges
        else ticket(number)
        for number in range(1, 7)
    }
    chain = merged_chain(1, facts(*tickets.values()))
    numbers = [found.number for found in chain]
    assert len(set(numbers)) == len(numbers)
    assert (
        chain[-1].phase != "merged"
        or chain[-1].merged_into in numbers
        or chain[-1].merged_into not in tickets
    )


# ------------------------------------------------------------------------------- one thread, two tickets


def shared(*more: TicketFacts, answers: tuple[tuple[int, int], ...] = ((20000, 15789),)) -> Facts:
    """Anna's ticket, and Carl's, which his answer to her mail opened."""
    carls = ticket(20000, company="globex", requester=CARL, subject="Re: Printer")
    keys = (KnownKey(FIRST, 15789, "in", ANNA), KnownKey("<c2@globex.example>", 20000, "in", CARL))
    return facts(ticket(), carls, *more, known=keys, answers=answers)


def test_customer_who_answers_the_third_partys_mail_stays_on_their_own_ticket() -> None:
    for who in (ANNA, BELA):  # and a colleague, who could have joined it by its own mails
        found = run(mail(who, subject="Re: Printer", in_reply_to=("<c2@globex.example>",)), shared())
        assert (found.how, found.ticket, found.rule) == ("join", 15789, "in_reply_to")
        assert "opened in its thread" in found.candidates[-1].because


def test_third_party_who_answers_the_customers_mail_stays_on_theirs() -> None:
    ways: list[dict[str, Any]] = [{"in_reply_to": (FIRST,)}, {"subject": "Re: [#15789] Printer"}]
    for evidence in ways:
        found = run(mail(CARL, **{"subject": "Re: Printer", **evidence}), shared())
        assert (found.how, found.ticket) == ("join", 20000)


def test_colleague_of_the_third_party_gets_a_ticket_of_their_own() -> None:
    cora = person("cora@globex.example", "globex")
    known_people = replace(shared(), people={**shared().people, "cora@globex.example": cora})
    found = run(mail("cora@globex.example", subject="Re: Printer", in_reply_to=(FIRST,)), known_people)
    assert (found.how, found.ticket, found.link) == ("linked", None, ("related", 15789))


def test_tickets_without_that_link_have_nothing_to_do_with_each_other() -> None:
    found = run(mail(ANNA, subject="Re: Printer", in_reply_to=("<c2@globex.example>",)), shared(answers=()))
    assert (found.how, found.ticket, found.link) == ("linked", None, ("related", 20000))


def test_bare_number_of_the_third_partys_ticket_is_nothing() -> None:
    found = run(mail(ANNA, subject="Our order #20000"), shared())
    assert (found.how, found.rule, found.link) == ("new", None, None)


def test_own_ticket_of_the_thread_that_is_open_goes_before_an_ended_one() -> None:
    old = ticket(19000, company="globex", requester=CARL, phase="closed", closed_at=NOW)
    found = run(
        mail(CARL, subject="Re: Printer", in_reply_to=(FIRST,)),
        shared(old, answers=((19000, 15789), (20000, 15789))),
    )
    assert found.ticket == 20000


def test_own_ticket_that_was_merged_stands_for_its_survivor() -> None:
    merged = ticket(20000, company="globex", requester=CARL, phase="merged", merged_into=20001)
    both = facts(
        ticket(), merged, ticket(20001, company="globex", requester="cora@globex.example"),
        known=(KnownKey(FIRST, 15789, "in", ANNA),), answers=((20000, 15789),),
    )  # fmt: skip
    assert run(mail(CARL, subject="Re: Printer", in_reply_to=(FIRST,)), both).ticket == 20001


def test_another_subject_still_finds_the_own_ticket_of_the_thread_by_an_id_and_by_a_tag_in_a_reply() -> None:
    by_id = run(mail(ANNA, subject="Coffee machine", in_reply_to=("<c2@globex.example>",)), shared())
    assert (by_id.how, by_id.ticket) == ("join", 15789)
    by_tag = run(mail(CARL, subject="Re: [#15789] Coffee machine"), shared())
    assert (by_tag.how, by_tag.ticket) == ("join", 20000)
    no_reply = run(mail(CARL, subject="[#15789] Coffee machine"), shared())
    assert (no_reply.how, no_reply.ticket) == ("linked", None)


def test_of_the_own_tickets_of_a_thread_those_with_the_subject_go_first_for_a_tag() -> None:
    newer = ticket(20001, company="globex", requester=CARL, subject="Coffee machine")
    both = shared(newer, answers=((20000, 15789), (20001, 15789)))
    assert run(mail(CARL, subject="Re: [#15789] Printer"), both).ticket == 20000
    assert run(mail(CARL, subject="Re: [#15789] Coffee machine"), both).ticket == 20001


def test_a_colleagues_reply_that_means_their_own_ticket_of_the_thread_goes_there_in_spite_of_the_tag() -> (
    None
):
    belas = ticket(20001, requester=BELA, subject="Coffee machine")
    both = shared(belas, answers=((20001, 15789),))
    assert run(mail(BELA, subject="Re: [#15789] Coffee machine"), both).ticket == 20001
    assert run(mail(BELA, subject="Re: [#15789] Keyboard"), both).ticket == 15789


def test_each_other_ticket_of_a_thread_is_named_once() -> None:
    carls = shared().tickets[20000]
    assert [number for number, _ in others((carls,), frozenset({ANNA}), shared())] == [15789]
    assert [number for number, _ in others((ticket(),), frozenset({CARL}), shared())] == [20000]
    assert list(others((ticket(),), frozenset({CARL}), shared(answers=()))) == []
    circle = shared(answers=((20000, 15789), (15789, 20000)))
    assert [number for number, _ in others((ticket(),), frozenset({CARL}), circle)] == [20000]


def test_best_evidence_that_the_sender_may_use_decides_and_not_the_first() -> None:
    carls = ticket(20000, company="globex", requester=CARL)
    keys = (KnownKey("<c2@globex.example>", 20000, "in", CARL), KnownKey(FIRST, 15789, "in", ANNA))
    both = facts(ticket(), carls, known=keys)
    found = run(
        mail(ANNA, in_reply_to=("<c2@globex.example>",), references=(FIRST, "<c2@globex.example>")), both
    )
    assert (found.how, found.ticket, found.rule) == ("join", 15789, "references")
    assert "in_reply_to says 20000" in found.conflicts[0].evidence


# ----------------------------------------------------------------------------------- another desk's tag


def test_tag_alone_above_an_unrelated_subject_of_somebody_not_on_the_ticket_is_another_desks() -> None:
    found = run(mail(BELA, subject="[#15789] Coffee machine leaks"), known())
    assert (found.how, found.ticket, found.link) == ("linked", None, ("related", 15789))
    assert found.conflicts[-1].code == "tag-of-another-desk"


@pytest.mark.parametrize(
    ("who", "fields"),
    [
        (ANNA, {"subject": "[#15789] Coffee machine leaks"}),  # takes part
        (BELA, {"subject": "Re: [#15789] Coffee machine leaks"}),  # answers
        (BELA, {"subject": "[#15789] AW: Coffee machine leaks"}),
        (BELA, {"subject": "[#15789] The printer again"}),  # is about it
        (BELA, {"subject": "[#15789]"}),
        (BELA, {"subject": "[#15789] Coffee machine leaks", "in_reply_to": (FIRST,)}),  # not the tag alone
        (BELA, {"subject": "[#15789] Coffee machine leaks", "thread_index": ROOT + "aabbccddee"}),
    ],
)
def test_tag_with_anything_beside_it_is_ours(who: str, fields: dict[str, Any]) -> None:
    assert run(mail(who, **fields), known()).ticket == 15789


def test_what_points_to_another_ticket_does_not_make_a_tag_ours() -> None:
    carls = ticket(20000, company="globex", requester=CARL, subject="Coffee machine")
    keys = (KnownKey("<c2@globex.example>", 20000, "in", CARL),)
    both = facts(ticket(), carls, known=keys)
    found = run(
        mail(BELA, subject="[#15789] Coffee machine leaks", in_reply_to=("<c2@globex.example>",)), both
    )
    assert (found.how, found.ticket) == ("linked", None)


def test_a_reply_with_the_tag_of_a_ticket_that_is_not_theirs_is_linked_to_it_whatever_its_subject() -> None:
    found = run(mail(CARL, subject="Re: [#15789] Coffee machine leaks"), known())
    assert (found.how, found.ticket, found.link) == ("linked", None, ("related", 15789))
    assert [reason.code for reason in found.conflicts] == []


def test_a_ticket_that_was_merged_into_nothing_is_still_the_nearest_to_be_linked() -> None:
    lost = ticket(20000, phase="merged", merged_into=99999, company="globex", requester=CARL)
    keys = (KnownKey("<c2@globex.example>", 20000, "in", CARL), KnownKey(FIRST, 15789, "in", ANNA))
    both = facts(ticket(), lost, known=keys)
    found = run(mail(CARL, subject="Re: x", in_reply_to=("<c2@globex.example>",), references=(FIRST,)), both)
    assert (found.how, found.link) == ("linked", ("related", 20000))
    assert "merged-lost" in [reason.code for reason in found.conflicts]


def test_rules_that_agree_with_each_other_are_one_conflict() -> None:
    other = ticket(15790, subject="Printer")
    keys = (KnownKey(FIRST, 15789, "in", ANNA), KnownKey(f"thread-index:{ROOT}", 15790, "kept"))
    found = run(
        mail(ANNA, subject="Re: [#15790] Printer", in_reply_to=(FIRST,), thread_index=ROOT + "aabbccddee"),
        facts(ticket(), other, known=keys),
    )
    assert found.ticket == 15789
    assert [reason.code for reason in found.conflicts] == ["rules-disagree"]


# ----------------------------------------------------------------------------------- ended tickets


@pytest.mark.parametrize("phase", ["resolved", "closed", "rejected"])
def test_reply_within_the_window_reopens_and_after_it_follows_up(phase: str) -> None:
    ended = ticket(phase=phase, closed_at=NOW - timedelta(days=14))
    found = run(mail(ANNA, **EVIDENCE["tag"]), known(ended))
    assert (found.how, found.ticket, found.link) == ("reopen", 15789, None)
    late = run(
        mail(ANNA, **EVIDENCE["tag"]), known(replace(ended, closed_at=NOW - timedelta(days=14, seconds=1)))
    )
    assert (late.how, late.ticket, late.link) == ("follow_up", None, ("follow_up", 15789))


def test_window_counts_from_the_last_resolve_or_close() -> None:
    twice = ticket(phase="closed", resolved_at=NOW - timedelta(days=2), closed_at=NOW - timedelta(days=40))
    assert run(mail(ANNA, **EVIDENCE["tag"]), known(twice)).how == "reopen"


def test_rejected_without_a_closing_time_counts_from_the_last_change() -> None:
    rejected = ticket(
        phase="rejected", created_at=NOW - timedelta(days=90), updated_at=NOW - timedelta(days=3)
    )
    assert run(mail(ANNA, **EVIDENCE["tag"]), known(rejected)).how == "reopen"
    assert run(mail(ANNA, **EVIDENCE["tag"]), known(replace(rejected, updated_at=None))).how == "follow_up"


def test_stranger_reopens_nothing() -> None:
    found = run(mail(STRANGER, **EVIDENCE["tag"]), known(ticket(phase="closed", closed_at=NOW)))
    assert (found.how, found.ticket) == ("linked", None)


# ------------------------------------------------------------------------------------ changed subject

CHANGED: dict[str, Any] = {"subject": "Invoice of October", "in_reply_to": (SIGNER.message_id(15789, "x"),)}


def test_changed_subject_on_an_open_ticket_joins_by_default() -> None:
    assert run(mail(ANNA, **CHANGED), known()).how == "join"


def test_changed_subject_on_an_open_ticket_opens_a_linked_one_where_configured() -> None:
    new = Settings(threading=ThreadingSettings(changed_subject="new"))
    found = run(mail(ANNA, **CHANGED), known(), new)
    assert (found.how, found.link) == ("linked", ("related", 15789))
    assert found.conflicts[-1].code == "changed-subject"
    assert run(mail(ANNA, **EVIDENCE["signed_id"]), known(), new).how == "join"


def test_changed_subject_on_a_closed_ticket_opens_a_linked_one() -> None:
    found = run(mail(ANNA, **CHANGED), known(ticket(phase="closed", closed_at=NOW)))
    assert (found.how, found.ticket, found.link) == ("linked", None, ("related", 15789))


def test_changed_subject_with_the_tag_of_another_ticket_is_about_that_one() -> None:
    closed = known(ticket(phase="closed", closed_at=NOW), ticket(15790, subject="Invoice"))
    found = run(mail(ANNA, **{**CHANGED, "subject": "Re: [#15790] Invoice of October"}), closed)
    assert (found.how, found.ticket, found.rule) == ("join", 15790, "subject_tag")


def test_meeting_with_a_changed_subject_is_still_the_tickets() -> None:
    key = KnownKey("calendar:abc1", 15789, "kept")
    closed = facts(ticket(phase="closed", closed_at=NOW), known=(key,))
    gone = mail(ANNA, subject="Canceled", calendar=Calendar("CANCEL", "Visit", "", "", uid="abc1"))
    assert run(gone, closed).how == "reopen"


@pytest.mark.parametrize(
    "subject", ["Re: Printer", "AW: WG: printer!", "", "Re:", "[EXT] Re: Printer broken", "Invoice [#15789]"]
)
def test_prefixes_marks_empty_subjects_and_tags_are_no_changed_subject(subject: str) -> None:
    found = run(mail(ANNA, **{**CHANGED, "subject": subject}), known(ticket(phase="closed", closed_at=NOW)))
    assert (found.how, found.ticket) == ("reopen", 15789)


# -------------------------------------------------------------------------------------------- agents


def test_agent_forwards_a_customers_mail_the_forwarded_author_is_noted_and_is_no_identity() -> None:
    forward = mail(
        "kata@desk.example",
        subject="Fwd: Printer",
        text="Please take it.\n\n-----Original Message-----\nFrom: Anna Kovács <anna@acme.example>\nTo: kata",
    )
    found = run(forward, known())
    assert (found.how, found.ticket) == ("new", None)
    assert found.candidates[-1].rule == "forwarded"
    assert "anna@acme.example" in found.candidates[-1].because
    assert identify(forward, known(), None, SETTINGS, HELP).company is None


def test_agent_forwards_a_mail_that_stands_on_a_ticket_and_it_is_joined() -> None:
    found = run(mail("kata@desk.example", subject="Fwd: Printer", references=(FIRST,)), known())
    assert (found.how, found.ticket) == ("join", 15789)


def test_customers_forward_names_nobody() -> None:
    found = run(mail(ANNA, subject="Fwd: Offer", text="From: x@evil.example"), known())
    assert [match.rule for match in found.candidates][-1] == "bare_number"
