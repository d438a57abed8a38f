"""No text of a plan shows a token, wherever it stands; all else of the plan stays as it was."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from maild.consent.masking import hidden, shown, without_tokens
from maild.consent.wanted import sha256
from maild.model import (
    ActKind,
    AddEntry,
    Attachment,
    Change,
    ConditionResult,
    CopyAct,
    Decision,
    FileMail,
    HeldBack,
    LogConsent,
    MailAct,
    MarkAddress,
    MarkOutbound,
    Match,
    Notice,
    OpenConsent,
    OpenTicket,
    Plan,
    Reason,
    SendNotice,
    SetDeadline,
    Threading,
    TicketAct,
)
from maild.ticket.entries import MailDetails
from maild.ticket.phases import Phase, RecipientState
from maild.ticket.vocabulary import ConsentEvent, ConsentKind, DeadlineType, EntryType
from tests.unit.consent.test_masking import TOKEN
from tests.unit.factory import NOW, mail, ticket

SAID, SHOWN = f"see maild-{TOKEN}!", "see maild-[token]!"
REASON, CLEAN = Reason("x", SAID), Reason("x", SHOWN)


def entry(text: str) -> AddEntry:
    details = MailDetails(author_name=text, reply_to=(text,), reasons=(("code", text),), verified=True)
    return AddEntry(
        1, EntryType.MAIL, "a", "email", text, public=True, full_text=text, elided=text, details=details
    )


def asked(text: str) -> OpenConsent:
    return OpenConsent(
        1,
        ConsentKind.PERMISSION,
        ("b@x",),
        "a@x",
        text,
        sha256(text),
        "dmarc",
        NOW,
        Phase.RECEIVED,
        (("b@x", "h"),),
    )


CHANGES: list[tuple[Any, Any]] = [
    (entry(SAID), entry(SHOWN)),
    (FileMail(1, 2, "kata", entry(SAID)), FileMail(1, 2, "kata", entry(SHOWN))),
    (SendNotice(Notice("n", 1, (), "en", {"a": [SAID, {"b": SAID}, 3], SAID: None})),
     SendNotice(Notice("n", 1, (), "en", {"a": [SHOWN, {"b": SHOWN}, 3], SAID: None}))),
    (OpenTicket(ticket(subject=SAID)), OpenTicket(ticket(subject=SHOWN))),
    (MarkOutbound(1, "a@x", RecipientState.BOUNCED, SAID), MarkOutbound(1, "a@x", RecipientState.BOUNCED, SHOWN)),
    (MarkAddress("a@x", SAID), MarkAddress("a@x", SHOWN)),
    (HeldBack(1, "n", "a@x", REASON), HeldBack(1, "n", "a@x", CLEAN)),
    (LogConsent(1, ConsentEvent.ASKED, {"a": (SAID, 3)}), LogConsent(1, ConsentEvent.ASKED, {"a": (SHOWN, 3)})),
    (asked(SAID), asked(SHOWN)),
    (SetDeadline(DeadlineType.AUTO_CLOSE, 1), SetDeadline(DeadlineType.AUTO_CLOSE, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("change", "clean"), CHANGES, ids=[type(one).__name__ for one, _ in CHANGES])
def test_each_change_shows_none(change: Change, clean: Change) -> None:
    assert hidden(Plan((change,))).changes == (clean,)
    assert hidden(Plan((clean,))).changes == (clean,)


def test_a_requests_hash_is_of_what_is_shown_wherever_it_is_told() -> None:
    told = LogConsent(1, ConsentEvent.ASKED, {"request_sha256": sha256(SAID), "require": "dmarc"})
    plan = hidden(Plan((told, asked(SAID))))
    assert plan.changes == (
        replace(told, data={"request_sha256": sha256(SHOWN), "require": "dmarc"}),
        asked(SHOWN),
    )


def decision(text: str, reason: Reason) -> Decision:
    thread = Threading(1, "r", "join", (Match("r", 1, text),), (reason,))
    would = (
        TicketAct(ActKind.HOLD, 1, because=text, asked=(text,)), TicketAct(ActKind.OPEN, None), MailAct("n", (text,)),
        CopyAct(1, None),
    )  # fmt: skip
    return Decision("reply", (reason,), None, thread, None, would, (ConditionResult("c", True, text),))  # type: ignore[arg-type]


def test_a_decision_and_an_error_show_none() -> None:
    made = hidden(Plan((), decision(SAID, REASON), error=SAID))
    assert made == Plan((), decision(SHOWN, CLEAN), error=SHOWN)
    assert hidden(Plan()) == Plan()


def test_a_mails_row_shows_none() -> None:
    def file(name: str) -> Attachment:
        return Attachment(1, name, "text/plain", 3, False, (0,))

    made = shown(mail(subject=SAID, attachments=(file(SAID), file("a"))))
    both = without_tokens(mail(subject=SAID, text=SAID))
    assert (both.subject, both.new_text) == (SHOWN, SHOWN)
    assert (made.subject, [one.name for one in made.attachments]) == (SHOWN, [SHOWN, "a"])
