"""Which "ids" in In-Reply-To and References are persons' addresses.

RFC 5322, 3.6.4 allows ids only; RFC 822 allowed phrases too, and old and odd programs still write them::

    In-Reply-To: Message from Bela Nagy <bela@acme.example> of "Mon, 02 Nov 2026 ..." <aaa111@mail.acme.example>
    In-Reply-To: Bela Nagy <bela75@acme.example>'s message of "Mon, 02 Nov 2026 09:00:00 +0100"
    In-Reply-To: bela@acme.example

A person's address is in each of their mails: taken for an id it would put every answer to them on one ticket.
Nothing here is final: what is known as the Message-ID of a mail is an id, however it looks, and whether an
address is a contact's only the desk knows (`possible_addresses`).
"""

from __future__ import annotations

import re

from maild.mail.text.addresses import folded
from maild.model import Mail

#: ids looked at in each field; a References field may hold thousands
MOST = 60
_BRACKETS = re.compile(r"<([^<>]{1,998})>")
_ADDRESS = re.compile(r"[^\s<>@,;:\"()\[\]]{1,64}@[^\s<>@,;:\"()\[\]]{1,190}")
#: a person's local part in form: words of letters, without a digit
_WORDS = re.compile(r"[^\W0-9_]+(?:[._'’+-][^\W0-9_]+)*")
_SHORT = 32
#: letters that go from small to capital are words run together (`KovacsAnna`); more of them are random letters
_MOST_CAPITALS = 2
_CAPITAL_INSIDE = re.compile(r"[a-z][A-Z]")
#: ... or with a few digits, as namesakes get: no form tells these from an id
_NUMBERED = re.compile(r"<([^\W0-9_][\w.'’+-]{0,40})@")
_MOST_DIGITS = 4
#: "from", or a name, right before the bracket, and no date between
_FROM = re.compile(
    r"(?:^|[\s(\"])(?:from|by|von|van|vom|de|da|du|från|fra|od|от|від)\s[^<>0-9]{0,120}$", re.IGNORECASE
)
_OF_A_MESSAGE = re.compile(r"\s*(?:['’]s?\s+|\s)?(?:message|mail|e-mail|letter|nachricht|bericht)\s+(?:of|from|vom|van)\b",
                           re.IGNORECASE)  # fmt: skip
#: fields in which people stand
_FIELDS = (
    "from", "sender", "to", "cc", "bcc", "reply-to", "return-path", "errors-to", "delivered-to", "envelope-to",
    "x-original-to", "x-envelope-to", "resent-from", "resent-sender", "resent-to", "resent-cc", "mail-followup-to",
    "mail-reply-to", "disposition-notification-to", "return-receipt-to",
)  # fmt: skip


def named_persons(mail: Mail) -> frozenset[str]:
    """Those ids of the mail (with angle brackets) that are a person's address: in form, by another field of this
    mail, by the words around them, or since nothing stands in angle brackets at all."""
    named = (*mail.in_reply_to[:MOST], *mail.references[-MOST:])
    if not named:
        return frozenset()
    persons = {one for one in named if in_form(one)}
    people = _people(mail)
    persons.update(one for one in named if folded(one[1:-1]) in people)
    for field, ids in (("In-Reply-To", mail.in_reply_to), ("References", mail.references)):
        value = (mail.header(field) or "")[:20_000]
        if value and "<" not in value:
            persons.update(ids[:MOST])
        persons.update(_by_words(value))
    return frozenset(persons)


def possible_addresses(mail: Mail) -> tuple[str, ...]:
    """Addresses in their normal form that only the desk's contacts can tell from ids: `<bela75@acme.example>`."""
    if not (mail.in_reply_to or mail.references):
        return ()
    named = dict.fromkeys((*mail.in_reply_to[:MOST], *mail.references[-MOST:]))
    addresses = [folded(one[1:-1]) for one in named if _numbered(one)]
    return tuple(dict.fromkeys(addresses)) if addresses else ()


def in_form(message_id: str) -> bool:
    """A short local part of words without a digit, or a name alone. Ids have digits, or letters at random."""
    local, at, domain = message_id[1:-1].partition("@")
    if not at or not domain:
        return not any(letter.isdigit() for letter in local)
    if len(local) > _SHORT or not _WORDS.fullmatch(local):
        return False
    return len(_CAPITAL_INSIDE.findall(local)) <= _MOST_CAPITALS


def _numbered(message_id: str) -> bool:
    match = _NUMBERED.match(message_id)
    return match is not None and 0 < sum(map(str.isdigit, match[1])) <= _MOST_DIGITS


def _people(mail: Mail) -> set[str]:
    boxes = (*mail.froms, *mail.to, *mail.cc, *mail.reply_to)
    addresses = {box.address for box in boxes}
    for name, value in mail.headers:
        if name.lower() in _FIELDS:
            addresses.update(folded(one) for one in _ADDRESS.findall(value[:10_000]))
    return addresses


def _by_words(value: str) -> set[str]:
    """`Message from NAME <address> of DATE`, `NAME <address>'s message of DATE`."""
    addresses: set[str] = set()
    end = 0
    for match in _BRACKETS.finditer(value):
        before, after = value[end : match.start()][-200:], value[match.end() :][:40]
        end = match.end()
        if _FROM.search(before) or _OF_A_MESSAGE.match(after):
            addresses.add(f"<{''.join(match[1].split())}>")
    return addresses
