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
