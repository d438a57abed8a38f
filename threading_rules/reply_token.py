"""Our own signature on a Message-ID or a reply address.

RFC 5322, 3.6.4 (In-Reply-To, References) and RFC 5233 (subaddress). Accepts an id or address whose HMAC is
ours: `In-Reply-To: <maild.15789.x7k.SIG@desk.example>` -> 15789; `To: help+15789.SIG@desk.example` -> 15789.

Needs no row in the database: the signature alone tells the number, so it also holds for ids that were
never recorded (a restored backup). Known false match: a customer who forwards our mail to somebody else
gives them a genuine token; that is why the sender still decides about joining.
"""

from __future__ import annotations

from collections.abc import Iterator

from maild.mail.own_ids import claimed_address_number, claimed_number
from maild.model import Mail, Match
from maild.settings import ThreadingSettings
from threading_rules.view import MAX_IDS, NO_KEYS, Rule, RuleKeys, ThreadView, each_once

name = "reply_token"


def asks(mail: Mail, _settings: ThreadingSettings, recipients: tuple[str, ...]) -> RuleKeys:
    """The numbers in ids and addresses of our shape, genuine or not."""
    claimed = [claimed_number(one) for _, one in _ids(mail)] if mail.in_reply_to or mail.references else []
    claimed += [claimed_address_number(one) for _, one in _addresses(mail, recipients)]
    numbers = tuple(dict.fromkeys(number for number in claimed if number))
    return RuleKeys(numbers=numbers) if numbers else NO_KEYS


def check(view: ThreadView) -> tuple[Match, ...]:
    """In-Reply-To, then References nearest first, then To, Cc and the envelope's recipients."""
    matches, missing = [], ""
    for place, text, number in _signed(view):
        if view.exists(number):
            matches.append(Match(name, number, f"{place}: {text} carries our signature", "token"))
        missing = missing or f"{place}: {text} carries our signature, but ticket {number} does not exist"
    return each_once(matches) or (Match(name, None, missing or "no signed id or address of ours", "token"),)


def _signed(view: ThreadView) -> Iterator[tuple[str, str, int]]:
    for place, text in _ids(view.mail):
        number = view.verify(text)
        if number is not None:
            yield place, text, number
    for place, text in _addresses(view.mail, view.recipients):
        number = view.verify_address(text)
        if number is not None:
            yield place, text, number


def _ids(mail: Mail) -> Iterator[tuple[str, str]]:
    for one in mail.in_reply_to[:MAX_IDS]:
        yield "In-Reply-To", one
    # the oldest is our thread root, however many ids stand in between
    for one in (*reversed(mail.references[-MAX_IDS:]), *mail.references[:1]):
        yield "References", one


def _addresses(mail: Mail, recipients: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for place, boxes in (("To", mail.to), ("Cc", mail.cc)):
        for box in boxes[:MAX_IDS]:
            if "+" in box.address:
                yield place, box.address
    for address in recipients:
        if "+" in address:
            yield "envelope recipient", address


RULE: Rule = Rule(
    name=name,
    description="a signed Message-ID of ours in In-Reply-To or References, or our signed reply address",
    example="In-Reply-To: <maild.15789.x7k.SIG@desk.example>",
    counter_example="In-Reply-To: <maild.15789.x7k.aaaaaaaaaaaaaaaa@desk.example>",
    asks=asks,
    check=check,
)
