"""Addresses behind which no single person reads: no-reply boxes and mailing lists. Nobody of them takes part in a
ticket because a mail had them in copy."""

from __future__ import annotations

import re

from maild.model import Mail

#: local parts, without `-`, `_` and `.`, that say themselves that nobody reads the answers
UNREAD = frozenset(
    {
        "noreply", "donotreply", "dontreply", "noreplies", "noresponse", "noresponder", "neantworten",
        "nichtantworten",
        "nepasrepondre", "nepasrepondere", "nonrispondere", "naoresponda", "nietbeantwoorden",
        "nevalaszoljon",
        "nevalasz", "niereagowac", "nieodpowiadac", "keineantwort", "bittenichtantworten", "geenantwoord",
        "notreply", "unattended", "autoreply", "autoresponder", "autoresponse", "autoanswer", "automailer",
        "automailreply", "vacation", "nevalaszolj", "nevalaszoljonerre", "pasdereponse", "sansreponse", "nerepondezpas",
        "nieodpowiadaj", "prosimynieodpowiadac", "naoresponder", "naorespondas", "norespondas", "noresponda", "nonrisponda",
        "nonrispondete", "nichtbeantworten", "ohneantwort", "antwortzwecklos", "nietreageren", "nietantwoorden", "bounce",
        "bounces", "svarainte", "alaoleteamail", "neodpovidat", "neodpovedat",
    }
)  # fmt: skip
#: with letters and digits, what makes an address longer at its beginning and its end
_BEFORE, _AFTER = tuple("_.+-"), tuple("_-")
_PUNCTUATION = re.compile(r"[-_.]+")
#: RFC 2142, section 6, and what list managers use
_OF_LISTS = re.compile(
    r"(?:owner|request|bounces?|subscribe|unsubscribe)-.+|.+-(?:owner|request|bounces?|subscribe|unsubscribe)"
)
_PROGRAMS = frozenset(
    {"mailer-daemon", "majordomo", "listserv", "listserver", "sympa", "bounce", "bounces", "mdaemon"}
)
#: fields of a list, which name its address as it is or with a dot for the @ (RFC 2919, RFC 2369)
_LIST_FIELDS = ("list-id", "list-post", "x-beenthere", "x-mailing-list", "mailing-list")


def nobody_reads(local: str) -> bool:
    """Whether a local part says itself that answers are not read: `no-reply`, `nepasrepondre`."""
    bare = _PUNCTUATION.sub("", local.lower().partition("+")[0])
    return bare in UNREAD or bare.startswith(("noreply", "donotreply")) or bare.endswith("noreply")


def is_no_person(address: str, mail: Mail) -> bool:
    """A no-reply box, a list's own box or program, or the list by which this very mail came."""
    local = address.rpartition("@")[0].lower()
    if nobody_reads(local) or local in _PROGRAMS or _OF_LISTS.fullmatch(local):
        return True
    fields = [value.lower() for name, value in mail.headers if name.lower() in _LIST_FIELDS]
    forms = (address.lower(), address.lower().replace("@", "."))
    return any(_stands_in(form, value[:2_000]) for value in fields for form in forms)


def _stands_in(form: str, value: str) -> bool:
    """Whether it stands there by itself, no part of a longer address."""
    at = value.find(form)
    while at >= 0:
        before, after = value[at - 1 : at], value[at + len(form) : at + len(form) + 1]
        if not (before.isalnum() or before in _BEFORE) and not (after.isalnum() or after in _AFTER):
            return True
        at = value.find(form, at + 1)
    return False
