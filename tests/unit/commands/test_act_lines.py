"""What a mail does, said to people."""

from __future__ import annotations

from typing import Any

import pytest

from maild.commands.act_lines import act_line
from maild.model.decided import ActKind, CopyAct, DecidedAct, MailAct, TicketAct, WaitAct
from maild.store.decisions import act_json
from maild.ticket.vocabulary import LinkType, TicketKind


@pytest.mark.parametrize(
    ("act", "line"),
    [
        (TicketAct(ActKind.OPEN, None), "open a ticket"),
        (TicketAct(ActKind.APPEND, 1001), "append to #1001"),
        (TicketAct(ActKind.REOPEN, 1001), "reopen #1001"),
        (TicketAct(ActKind.FOLLOW_UP, None, link=(LinkType.FOLLOW_UP, 1001)), "open a follow-up (follow up of #1001)"),
        (TicketAct(ActKind.GRANT, 1001, consent=3), "grant C3 of #1001"),
        (TicketAct(ActKind.HOLD, 1001, because="in writing now"), "hold #1001: in writing now"),
        (TicketAct(ActKind.HOLD, 1001, kind=TicketKind.PERMISSION, asked=("boss@acme.example", "it@acme.example")),
         "hold #1001 for permission (asked: boss@acme.example, it@acme.example)"),
        (TicketAct(ActKind.HOLD, 1001, kind=TicketKind.DEVICE, asked=()), "hold #1001 for device (asked: nobody)"),
        (MailAct("received", ("anna@acme.example", "peter@acme.example")),
         "mail received to anna@acme.example, peter@acme.example"),
        (CopyAct(7, 1001), "duplicate of mail 7 on #1001"),
        (CopyAct(7, None), "duplicate of mail 7"),
        (WaitAct(ActKind.QUARANTINE, "took too long"), "quarantine: took too long"),
    ],
    ids=str,
)  # fmt: skip
def test_an_act_is_a_line_of_english(act: DecidedAct, line: str) -> None:
    made: dict[str, Any] = act_json(act)
    assert act_line(made) == line
