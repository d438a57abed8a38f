"""What the daemon tells on a terminal of each mail."""

from __future__ import annotations

from maild.desk import daemon_lines
from maild.mail.parse import ParseLimits, parse_mail
from maild.model import (
    NEW,
    ActKind,
    CopyAct,
    DecidedAct,
    Decision,
    HeldBack,
    Mailbox,
    Notice,
    Plan,
    Reason,
    Sender,
    SendNotice,
    Threading,
    TicketAct,
)
from tests.cases import cases

NOWHERE = Threading(None, None, "none")
ANNA = Sender("anna@acme.example", "Anna", "contact", "anna@acme.example", "acme")
CAPPED = HeldBack(NEW, "received", "x@else.example", Reason("cap-unknown", ""))
AFTER_900 = Threading(900, "in_reply_to", "follow_up")
STRANGER = Sender("x@else.example", "Boss of Acme", "unknown")
MAIL = parse_mail(
    b"From: Anna <anna@acme.example>\nSubject: Nem megy a nyomtato\n\nReggel ota.\nMit tegyek?\n",
    limits=ParseLimits(), desk_addresses=("help@desk.example",),
)  # fmt: skip


def notice(name: str, to: str, language: str = "hu") -> SendNotice:
    return SendNotice(Notice(name, NEW, (Mailbox(to),), language, {}))


def line(
    *would: DecidedAct, sender: Sender = ANNA, kind: str = "request", number: int | None = 1001, thread: Threading = NOWHERE,
    changes: tuple[SendNotice | HeldBack, ...] = (),
) -> str:  # fmt: skip
    decision = Decision(kind, (), sender, thread, would=would)  # type: ignore[arg-type]
    return daemon_lines.came_in(MAIL, Plan(changes, decision), number)


@cases(
    ("said", "right"),
    [
        (
            line(TicketAct(ActKind.OPEN, None), changes=(notice("received", "anna@acme.example"),)),
            "#1001 new from Anna (acme): Nem megy a nyomtato; answered in hu",
        ),
        (
            line(TicketAct(ActKind.APPEND, 1001), kind="reply", changes=(notice("agent_alert", "kata@desk.example"),)),
            "#1001 Anna (acme) wrote: Reggel ota.",
        ),
        (
            line(TicketAct(ActKind.APPEND, None), TicketAct(ActKind.REOPEN, None), kind="reply",
                 changes=(notice("reopened", "anna@acme.example"),)),
            "#1001 reopened by Anna (acme): Reggel ota.; answered in hu",
        ),
        (
            line(TicketAct(ActKind.FOLLOW_UP, None), thread=AFTER_900, changes=(notice("received", "anna@acme.example"),)),
            "#1001 new, goes on from #900, from Anna (acme): Nem megy a nyomtato; answered in hu",
        ),
        (
            line(TicketAct(ActKind.OPEN, None), TicketAct(ActKind.HOLD, None, asked=("boss@acme.example",)), changes=(
                notice("awaiting_approval", "anna@acme.example"), notice("approval_request", "boss@acme.example"))),
            "#1001 new from Anna (acme): Nem megy a nyomtato; waits for approval by boss@acme.example; answered in hu",
        ),
        (line(TicketAct(ActKind.GRANT, None), kind="reply"), "#1001 approved by Anna (acme)"),
        (
            line(TicketAct(ActKind.OPEN, None), sender=STRANGER, changes=(CAPPED,)),
            "#1001 new from Boss of Acme <x@else.example>, a stranger: Nem megy a nyomtato; no answer now (cap-unknown)",
        ),
        (
            line(TicketAct(ActKind.FILE, None), kind="auto_reply", sender=STRANGER, number=None),
            "automatic answer from Boss of Acme <x@else.example>, a stranger, filed, not answered: Nem megy a nyomtato; "
            "on no ticket: maild list --team review",
        ),
        (line(CopyAct(None, None)), "#1001 came again, by Anna (acme): Nem megy a nyomtato"),
    ],
)  # fmt: skip
def test_each_mail_is_one_line_in_peoples_words(said: str, right: str) -> None:
    assert said == right


def test_a_mail_without_decision_says_where_it_stands() -> None:
    assert "maild mail quarantine" in daemon_lines.came_in(None, Plan(error="no mail"), None)


def test_what_went_out_names_who_got_what() -> None:
    anna, peter = Mailbox("anna@acme.example"), Mailbox("peter@acme.example")
    assert (
        daemon_lines.went_out("in_progress", 1001, (anna, peter))
        == "#1001 mail to anna@acme.example, peter@acme.example: progress"
    )
    assert (
        daemon_lines.went_out("agent_alert", 1001, (Mailbox("kata@desk.example"),), "reply")
        == "#1001 told kata@desk.example: reply"
    )
    assert daemon_lines.went_out("reply", 1, (anna, peter, anna, peter)).endswith("and 1 more: reply")
