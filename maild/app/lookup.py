"""What one mail asks the store: every key in one look-up, so that the rules work on frozen facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain, islice

import threading_rules
from maild.app import mail_acts
from maild.consent.hiding import token_hash
from maild.errors import Unreadable
from maild.mail.forwarded import forwarded, forwards
from maild.mail.named_persons import possible_addresses
from maild.mail.own_ids import (
    APPROVAL_TOKEN,
    REFERENCE_LINE,
    nonce_of,
    subaddress,
)
from maild.mail.parse import parse_mail
from maild.mail.text.addresses import folded, split_detail
from maild.mail.text.tokens import APPROVAL_TOKEN_ALONE
from maild.model import Envelope, LookupKeys, Mail
from maild.party.sender import agent_of
from maild.settings import Settings
from threading_rules.view import MAX_IDS

MAX_ADDRESSES = 200
MAX_NUMBERS = 20
MAX_TOKENS = 20
#: in an approval token
TOKEN_LETTERS = 26
#: characters in which a token that stands by itself is looked for
MOST_TEXT = 200_000

_TOKEN_BYTES = re.compile(rb"(?<![A-Za-z0-9])[A-Za-z2-7]{26}(?![A-Za-z0-9])")
#: every letter that a token may hold is `a`, in either case, and everything else a blank
_TOKEN_LETTERS = bytes(
    [
        0x61 if chr(code) in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz234567" else 0x20
        for code in range(256)
    ]
)
_LIKE_TOKEN = b"a" * TOKEN_LETTERS
_NEVER = datetime.fromtimestamp(0, UTC)
_DELIVERY_FIELDS = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to")


def keys_of(mail: Mail, envelope: Envelope, settings: Settings) -> LookupKeys:
    """All that facts are needed for. Every list is capped, so that one mail's look-up stays small."""
    sender = mail.sender.address if mail.sender else None
    boxes = [box.address for box in (*mail.to, *mail.cc)]
    people = (*((sender,) if sender else ()), *boxes, *possible_addresses(mail))
    ids = parent_ids(mail)
    wanted = threading_rules.asked(mail, settings.threading, envelope.rcpt_to)
    acts = sender is not None and agent_of(sender, settings.agents) is not None
    merges = mail_acts.merged_into(mail.new_text) if acts else None
    inside = forwarded(mail) if acts and forwards(mail) else None
    named = inside.address if inside is not None else ""
    return LookupKeys(
        sender=sender,
        addresses=_unique((*((named,) if named else ()), *people), MAX_ADDRESSES),
        message_ids=_unique((*ids, *wanted.ids), 2 * MAX_IDS + 2),
        own_message_id=mail.message_id,
        keys=wanted.keys,
        numbers=(*wanted.numbers[:MAX_NUMBERS], *((merges,) if merges else ())),
        fingerprint=mail.fingerprint,
        sent_at=mail.date,
        token_hashes=_unique(
            (*[token_hash(token) for token, _ in approval_tokens(mail, envelope)], *_bare_hashes(mail)),
            2 * MAX_TOKENS,
        ),
        desk_address=desk_address(mail, envelope, settings),
        reports=mail.report is not None,
        acts=acts,
        named=named,
    )


def _bare_hashes(mail: Mail) -> Iterator[str]:
    """Of what has the form of a token and stands without a word of ours around it: no evidence, but hidden where it is
    one."""
    texts = (mail.text[:MOST_TEXT], mail.subject, *[one.name for one in mail.attachments[:MAX_TOKENS]])
    left = MAX_TOKENS
    for text in filter(_likely, texts):
        for one in islice(APPROVAL_TOKEN_ALONE.finditer(text), left):
            left -= 1
            yield token_hash(one[0].lower())


def _likely(text: str) -> bool:
    """Whether as many letters of tokens stand side by side as a token has: few texts hold a word so long, and looking
    for it with the pattern costs five times as much."""
    return len(text) >= TOKEN_LETTERS and _LIKE_TOKEN in text.encode("latin-1", "replace").translate(
        _TOKEN_LETTERS
    )


def parent_ids(mail: Mail) -> tuple[str, ...]:
    """Ids of possible parents, nearest first: In-Reply-To, References backwards, a report's original."""
    reported = (mail.report.original_message_id,) if mail.report and mail.report.original_message_id else ()
    if not (mail.in_reply_to or mail.references):
        return reported
    near = _unique((*mail.in_reply_to, *reversed(mail.references)), MAX_IDS)
    oldest = mail.references[:1]
    return _unique((*reported, *near, *oldest), MAX_IDS + 2)


def approval_tokens(mail: Mail, envelope: Envelope) -> tuple[tuple[str, str], ...]:
    """Each different approval token in the mail with its first place.

    Places, best first: "in-reply-to", "references", "to", "cc" (header fields), "envelope", "body".
    A token may be looked at only where the signature covers its place: that is for the consent's checks.
    """
    places: dict[str, str] = {}

    def note(text: str | None, place: str) -> None:
        if text and APPROVAL_TOKEN.fullmatch(text) and len(places) < MAX_TOKENS:
            places.setdefault(text, place)

    for place, ids in (("in-reply-to", mail.in_reply_to), ("references", mail.references[::-1])):
        for message_id in ids[:MAX_IDS]:
            note(nonce_of(message_id), place)
    for place, boxes in (("to", mail.to), ("cc", mail.cc)):
        for box in boxes[:MAX_ADDRESSES]:
            if "+" in box.address:
                note(subaddress(box.address), place)
    for address in envelope.rcpt_to:
        if "+" in address:
            note(subaddress(address), "envelope")
    for match in REFERENCE_LINE.finditer(mail.text) if "maild-" in mail.text.lower() else ():
        note(match[1].lower(), "body")
        if len(places) >= MAX_TOKENS:
            break
    return tuple(places.items())


def tokens_in(raw: bytes) -> tuple[str, ...]:
    """Whatever may be an approval token in a raw mail, for keeping its bytes back; encoded parts are read too."""
    tokens = dict.fromkeys(m[0].decode("ascii").lower() for m in _TOKEN_BYTES.finditer(raw))
    try:
        mail = parse_mail(raw)
    except Unreadable:
        return tuple(tokens)
    tokens.update(dict.fromkeys(token for token, _ in approval_tokens(mail, Envelope("file", _NEVER))))
    return tuple(tokens)


def desk_address(mail: Mail, envelope: Envelope, settings: Settings) -> str:
    """Which of the desk's addresses was written to: envelope, To, Cc, delivery fields; else the main one."""
    ours = _ours(settings.desk.addresses)
    written = chain(
        envelope.rcpt_to,
        [box.address for box in (*mail.to, *mail.cc)[:MAX_ADDRESSES]],
        (value.strip(" <>") for name in _DELIVERY_FIELDS for value in mail.header_all(name)[:5]),
    )
    for address in written:
        if address in ours:  # as nearly always
            return ours[address]
        for form in (folded(address), split_detail(address)[0]):
            if form in ours:
                return ours[form]
    return settings.desk.address


@lru_cache(maxsize=8)
def _ours(addresses: tuple[str, ...]) -> dict[str, str]:
    return {folded(address): address for address in addresses}


def _unique(items: Iterable[str], limit: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for item in items if item))[:limit]
