"""The JSON of what was decided: its keys and their order are what programs that read `why` and `explain` know."""

from __future__ import annotations

import json

from maild.model import ActKind, CopyAct, DecidedAct, MailAct, TicketAct, WaitAct
from maild.store.decisions import act_json
from maild.ticket.vocabulary import LinkType, TicketKind
from tests.cases import cases


@cases(
    ("act", "text"),
    [
        (TicketAct(ActKind.OPEN, None), '{"act": "open", "ticket": null}'),
        (TicketAct(ActKind.APPEND, 1001), '{"act": "append", "ticket": 1001}'),
        (
            TicketAct(ActKind.FOLLOW_UP, None, link=(LinkType.FOLLOW_UP, 900)),
            '{"act": "follow_up", "ticket": null, "link": {"type": "follow_up", "ticket": 900}}',
        ),
        (
            TicketAct(ActKind.HOLD, None, kind=TicketKind.PERMISSION, asked=("boss@acme.example",)),
            '{"act": "hold", "ticket": null, "kind": "permission", "asked": ["boss@acme.example"]}',
        ),
        (
            TicketAct(ActKind.HOLD, None, kind=TicketKind.PERMISSION, asked=()),
            '{"act": "hold", "ticket": null, "kind": "permission", "asked": []}',
        ),
        (
            TicketAct(ActKind.HOLD, 7, kind=TicketKind.PERMISSION, because="asked in a reply"),
            '{"act": "hold", "ticket": 7, "kind": "permission", "because": "asked in a reply"}',
        ),
        (TicketAct(ActKind.GRANT, 7, consent=3), '{"act": "grant", "consent": "C3", "ticket": 7}'),
        (
            MailAct("received", ("a@b.example",)),
            '{"act": "mail", "notice": "received", "to": ["a@b.example"]}',
        ),
        (
            MailAct("received", ("a@b.example",), "cap-desk"),
            '{"act": "held_back", "notice": "received", "to": ["a@b.example"], "because": "cap-desk"}',
        ),
        (CopyAct(None, 7), '{"act": "duplicate", "mail": null, "ticket": 7}'),
        (WaitAct(ActKind.QUARANTINE), '{"act": "quarantine"}'),
        (WaitAct(ActKind.HOLD, "DNS"), '{"act": "hold", "because": "DNS"}'),
    ],
)
def test_an_act_has_the_keys_of_what_it_speaks_of_in_their_order(act: DecidedAct, text: str) -> None:
    assert json.dumps(act_json(act)) == text
