"""What the rules ask for, what they keep and what they say of a mail that they do not know."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from maild.mail.own_ids import Signer, claimed_number
from maild.model import Calendar, Facts, KnownKey, Mailbox
from maild.settings import ThreadingSettings
from tests.unit.factory import facts, mail, ticket
from threading_rules import NO_KEYS, ORDER, RuleKeys, ThreadView, asked, kept, table

SIGNER = Signer(b"0123456789abcdef0123456789abcdef", "desk.example")
SETTINGS = ThreadingSettings()
ROOT = "01d5a4c37a2f1122334455667788990011223344aabb"
DEEP = ROOT + "".join(f"{number:010x}" for number in range(1, 31))
RULES = {rule.name: rule for rule in ORDER}


class Seen(dict[Any, Any]):
    """Notes what is looked up."""

    def __init__(self, *values: Any) -> None:
        super().__init__(*values)
        self.keys_asked: set[Any] = set()

    def get(self, key: Any, default: Any = None) -> Any:
        self.keys_asked.add(key)
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self.keys_asked.add(key)
        return super().__contains__(key)


MAILS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "in reply to": {"in_reply_to": ("<a@x>", "<b@x>")},
    "references": {"references": tuple(f"<{number}@x>" for number in range(60))},
    "signed": {"in_reply_to": (SIGNER.message_id(15789, "x"),), "references": (SIGNER.root_id(15790),)},
    "index": {"thread_index": ROOT + "aabbccddee"},
    "beginning": {"thread_index": ROOT},
    "deep index": {"thread_index": DEEP},
    "meeting": {"calendar": Calendar("REQUEST", "Visit", "", "", uid="abc@acme.example")},
    "tag": {"subject": "Re: [#15789] Printer"},
    "two tags": {"subject": "[#15789] [#15790]"},
    "number": {"subject": "Printer #15789"},
}


@pytest.mark.parametrize("name", MAILS)
def test_what_a_rule_looks_at_it_has_asked_for(name: str) -> None:
    found = mail(**MAILS[name])
    for rule in ORDER:
        known = Seen()
        tickets = Seen({15789: ticket(), 15790: ticket(15790)})
        told = replace(facts(), known=known, tickets=tickets)
        rule.check(
            ThreadView(found, told, SETTINGS, SIGNER.verify, SIGNER.verify_reply_address, claimed_number)
        )
        wishes = rule.asks(found, SETTINGS, ())
        assert known.keys_asked <= {*wishes.ids, *wishes.keys}, rule.name
        assert tickets.keys_asked <= {*wishes.numbers}, rule.name


def test_a_mail_that_names_nothing_asks_for_nothing() -> None:
    assert asked(mail(message_id=None), SETTINGS) == NO_KEYS
    assert asked(mail(), SETTINGS) == RuleKeys(ids=("<new@acme.example>",))


def test_what_several_rules_ask_for_is_asked_once() -> None:
    wishes = asked(mail(in_reply_to=("<a@x>",), references=("<r@x>", "<a@x>"), subject="[#7] #7"), SETTINGS)
    assert wishes.ids == ("<a@x>", "<r@x>", "<new@acme.example>")
    assert wishes.numbers == (7,)


def check(rule: str, known: Facts | None = None, **fields: Any) -> str:
    view = ThreadView(mail(**fields), known or facts(ticket()), SETTINGS, SIGNER.verify)
    (match,) = RULES[rule].check(view)
    assert match.ticket is None
    return match.because


def test_each_rule_says_why_it_found_nothing() -> None:
    assert check("thread_index") == "no Thread-Index"
    assert check("thread_index", thread_index=ROOT[:20]) == "Thread-Index is shorter than 22 bytes"
    assert (
        check("thread_index", thread_index=ROOT) == f"Thread-Index conversation {ROOT[12:]} is not known here"
    )
    begun = facts(ticket(), known=(KnownKey(f"thread-index:{ROOT}", 15789, "kept"),))
    assert "begins a conversation" in check("thread_index", begun, thread_index=ROOT, subject="Coffee")
    assert check("in_reply_to") == "In-Reply-To is empty or absent"
    assert check("in_reply_to", in_reply_to=("<a@x>", "<b@x>")) == "In-Reply-To: <a@x> is not known here"
    assert check("references") == "References are empty or absent"
    assert check("references", references=("<a@x>",)) == "none of the References is known here"
    assert check("subject_tag") == "no tag in the subject"
    assert check("subject_tag", subject="[#5]") == "tag 5 in the subject, but no such ticket here"
    assert check("subject_tag", subject="[#5] [#6]") == "different tags in the subject (5, 6): none counts"
    gone = SIGNER.message_id(5, "x")
    assert check("reply_token", in_reply_to=(gone,)).endswith(
        "carries our signature, but ticket 5 does not exist"
    )
    for fields in ({}, {"in_reply_to": ("<a@x>",)}, {"to": (Mailbox("help+x@desk.example"),)}):
        assert check("reply_token", **fields) == "no signed id or address of ours"


def test_a_deep_conversation_is_awaited_by_the_mail_that_is_answered_and_its_beginning() -> None:
    rule = RULES["thread_index"]
    assert rule.keeps is not None
    found = rule.keeps(mail(thread_index=DEEP))
    assert found.mine == (f"thread-index:{DEEP}",)
    assert found.awaited == (f"thread-index:{DEEP[:-10]}", f"thread-index:{ROOT}")


def test_of_a_deep_conversation_the_twelve_nearest_and_the_beginning_are_looked_up() -> None:
    keys = RULES["thread_index"].asks(mail(thread_index=DEEP), SETTINGS, ()).keys
    assert len(keys) == 13
    assert keys[0] == f"thread-index:{DEEP}"
    assert keys[-2:] == (f"thread-index:{DEEP[:-110]}", f"thread-index:{ROOT}")
    # what comes after the fortieth answer is one conversation, and parts of a block are none
    longest = ROOT + "ab" * 200
    for index, counts in ((longest + "cd" * 5, longest), (ROOT + "abc", ROOT)):
        assert (
            RULES["thread_index"].asks(mail(thread_index=index), SETTINGS, ()).keys[0]
            == f"thread-index:{counts}"
        )


def test_what_is_kept_of_a_mail_is_kept_once() -> None:
    both = mail(thread_index=ROOT, calendar=MAILS["meeting"]["calendar"])
    assert set(kept(both, SETTINGS).mine) == {f"thread-index:{ROOT}", "calendar:abc@acme.example"}
    assert kept(mail(), SETTINGS).mine == ()


def test_the_table_says_which_rules_are_off() -> None:
    rows = {name: description for name, description, _ in table()}
    assert {name for name, text in rows.items() if text.startswith("(off) ")} == {
        rule.name for rule in ORDER if not rule.on
    }


@pytest.mark.parametrize("origin", ["in", "out"])
def test_no_known_key_of_a_ticket_that_is_not_there_counts(origin: Any) -> None:
    known = facts(ticket(), known=(KnownKey("<a@x>", 5, origin), KnownKey("<a@x>", 15789, origin)))
    view = ThreadView(mail(in_reply_to=("<a@x>",)), known, SETTINGS)
    assert [match.ticket for match in RULES["in_reply_to"].check(view)] == [15789]


def test_of_very_many_references_the_nearest_sixty_and_the_oldest_are_looked_at() -> None:
    others = tuple(f"<{number}@x>" for number in range(60))
    for first, found in (((SIGNER.root_id(15789), "<y@x>"), 15789), (("<y@x>", SIGNER.root_id(15789)), None)):
        view = ThreadView(mail(references=(*first, *others)), facts(ticket()), SETTINGS, SIGNER.verify)
        assert RULES["reply_token"].check(view)[0].ticket == found


def test_of_many_numbers_five_are_told_and_one_that_is_no_ticket_is_said_to_be_none() -> None:
    for rule, form in (("subject_tag", "[#{}]"), ("bare_number", "#{}")):
        subject = " ".join(form.format(number) for number in range(1001, 1008))
        (match,) = RULES[rule].check(ThreadView(mail(subject=subject), facts(ticket()), SETTINGS))
        assert match.ticket is None
        assert "(1001, 1002, 1003, 1004, 1005): none counts" in match.because
        (match,) = RULES[rule].check(ThreadView(mail(subject=form.format(1001)), facts(ticket()), SETTINGS))
        assert (match.ticket, match.because.endswith("but no such ticket here")) == (None, True)


def test_a_meetings_uid_of_300_characters_is_its_key_and_a_longer_one_is_hashed() -> None:
    for length in (300, 301):
        uid = "u" * length
        invitation = mail(calendar=Calendar("REQUEST", "Visit", "", "", uid=uid))
        assert (kept(invitation, SETTINGS).mine == (f"calendar:{uid}",)) is (length == 300)


def test_where_no_rule_asks_for_anything_nothing_is_asked() -> None:
    only = replace(SETTINGS, rules=("subject_tag",))
    assert asked(mail(), only) is NO_KEYS
    assert asked(mail(subject="[#15789] x"), only).numbers == (15789,)


def test_known_keys_are_our_own_then_those_that_came_then_those_nobody_has_seen_and_newer_first() -> None:
    origins: Any = ("awaited", "in", "kept", "out", "root", "awaited")
    many: Any = [KnownKey("<a@x>", number, origin) for number, origin in enumerate(origins, 1)]
    for these, order in (
        (many, [5, 4, 3, 2, 6, 1]),
        (many[:2], [2, 1]),
        (many[1:3], [3, 2]),
        (many[3:5], [5, 4]),
        ([many[0], KnownKey("<a@x>", 2, "out"), KnownKey("<a@x>", 3, "in")], [2, 3, 1]),
    ):
        known = facts(*(ticket(one.ticket) for one in many), known=tuple(these))
        assert [one.ticket for one in ThreadView(mail(), known, SETTINGS).known("<a@x>")] == order


def test_of_a_conversation_who_has_a_mail_of_it_goes_before_who_awaits_one() -> None:
    key = f"thread-index:{ROOT}"
    known = facts(
        ticket(1, subject="Other"), ticket(2, subject="Printer"), ticket(3, subject="Printer"),
        known=(KnownKey(key, 1, "kept"), KnownKey(key, 2, "awaited", "anna@acme.example"), KnownKey(key, 3, "kept")),
    )  # fmt: skip
    view = ThreadView(mail(subject="Re: Printer", thread_index=ROOT + "aabbccddee"), known, SETTINGS)
    assert [match.ticket for match in RULES["thread_index"].check(view)] == [3, 1, 2]
