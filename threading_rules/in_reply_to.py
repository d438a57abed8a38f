"""In-Reply-To names a mail that we know.

RFC 5322, 3.6.4. Accepts any id in the field (real ones hold several, with addresses and comments between;
parse/ gives the ids): `In-Reply-To: <CAF1@mail.acme.example>` -> the ticket on which that mail stands.

The customer's own earlier mails count, and ids that a ticket still waits for (a reply that came before its
parent). An empty field matches nothing. Known false match: a new topic written as a reply to an old mail;
`maild.app.thread` looks at the subject for that.
"""

from __future__ import annotations

from maild.model import Mail, Match
from maild.settings import ThreadingSettings
from threading_rules.view import MAX_IDS, NO_KEYS, Rule, RuleKeys, ThreadView, by_id, each_once

name = "in_reply_to"

_FIRST = {"token": 0, "message_id": 1, "awaited": 2}


def asks(mail: Mail, _settings: ThreadingSettings, _recipients: tuple[str, ...]) -> RuleKeys:
    """The ids of the field."""
    return RuleKeys(ids=mail.in_reply_to[:MAX_IDS]) if mail.in_reply_to else NO_KEYS


def check(view: ThreadView) -> tuple[Match, ...]:
    """Every ticket that an id belongs to; our own ids go before others, and these before what nobody has seen."""
    ids = view.mail.in_reply_to[:MAX_IDS]
    if not ids:
        return (Match(name, None, "In-Reply-To is empty or absent", "message_id"),)
    matches = [by_id(name, fact, "In-Reply-To") for one in ids for fact in view.known(one)]
    matches.sort(key=lambda match: _FIRST[match.strength])
    return each_once(matches) or (
        Match(name, None, f"In-Reply-To: {ids[0][:120]} is not known here", "message_id"),
    )


RULE: Rule = Rule(
    name=name,
    description="In-Reply-To names a mail of the ticket: ours, the customer's, or one it still waits for",
    example="In-Reply-To: <CAF1@mail.acme.example>",
    counter_example="In-Reply-To: Message from Bela <bela@acme.example> of Monday",
    asks=asks,
    check=check,
)
