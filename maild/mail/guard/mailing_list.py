"""Is it a list's mail or a newsletter?

RFC 2919 (List-Id), RFC 2369 (List-Post, List-Unsubscribe ...), RFC 8058; older managers by their own fields,
by Sender and Return-Path; campaign tools by theirs. In: `List-Id: <dev.lists.example>` -> list.

Two lists are none: one whose List-Id or List-Post is an address of the desk (its own way in), and those that
`[guards] allowed_lists` names (people). Known false match: a person who writes through a bulk mailing tool.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from maild.mail.guard.context import GuardView, reasons
from maild.mail.guard.list_marks import CAMPAIGN_FIELDS, CAMPAIGN_MAILERS, LIST_FIELDS, LIST_PRECEDENCE
from maild.mail.guard.own_list import is_allowed, is_own_list
from maild.mail.guard.prefixes import Prefixes
from maild.model import Verdict

name = "mailing_list"
description = "a mailing list or a newsletter, unless it is the desk's own or an allowed one"
example = "List-Id: <dev.lists.example>"
counter_example = "List-Id: Help <help.desk.example>\nList-Post: <mailto:help@desk.example>"

#: of an address field that the patterns below look at: an address has 320 characters at most
_LONGEST = 1000
_LIST_FIELDS, _CAMPAIGN_FIELDS = Prefixes(LIST_FIELDS), Prefixes(CAMPAIGN_FIELDS)
_LIST_SENDER = re.compile(
    r"\bowner-|-(?:bounces|owner)(?:[+=][^@\s]*)?@|\b(?:listserv|majordomo)@|@(?:listserv|lists?|ml)\."
)
_LIST_PATH = re.compile(
    r"\bowner-|-bounces(?:[+=][^@\s]*)?@|-return-[0-9]+-|-owner@|\b(?:listserv|majordomo)@|\bsentto-[0-9]"
)
_WEAK_PATH = re.compile(r"-(?:admin|request|errors|return|bounces?|newsletter)(?:[+=-][^@\s]*)?@")


def check(view: GuardView) -> Verdict | None:
    """Fields of lists, then of campaigns, then senders and paths."""
    if is_allowed(view):
        return None
    signs = list(_campaign(view))
    if not is_own_list(view):
        signs = [*_list_fields(view), *signs] or list(_senders(view))
    return Verdict("list", reasons(signs[:5]), name) if signs else None


def _list_fields(view: GuardView) -> Iterator[tuple[str, str]]:
    for field in view.unusual:
        if _LIST_FIELDS.find(field):
            yield "list-field", view.evidence(field)
    if view.first("precedence").strip().lower() in LIST_PRECEDENCE:
        yield "precedence-list", view.evidence("precedence")
    for value in view.fields.get("delivered-to", ()):
        if value.strip().lower().startswith("mailing list "):
            yield "list-delivered-to", view.evidence("delivered-to", value)


def _campaign(view: GuardView) -> Iterator[tuple[str, str]]:
    for field in view.unusual:
        if _CAMPAIGN_FIELDS.find(field):
            yield "campaign-field", view.evidence(field)
    for field in ("x-mailer", "user-agent"):
        value = view.first(field)
        if value and _is_campaign(value.lower()):
            yield "campaign-mailer", view.evidence(field)


@lru_cache(maxsize=512)
def _is_campaign(mailer: str) -> bool:
    return any(part in mailer for part in CAMPAIGN_MAILERS)


def _senders(view: GuardView) -> Iterator[tuple[str, str]]:
    """Old lists have no List-Id: Sender and Return-Path name the list's manager."""
    sender, path = view.first("sender")[:_LONGEST].lower(), view.first("return-path").lower()
    envelope = (view.envelope.mail_from or path)[:_LONGEST]
    other = sender and view.from_address not in sender
    if other and _LIST_SENDER.search(sender):
        yield "list-sender", view.evidence("sender")
    elif _LIST_PATH.search(envelope) and view.from_address not in envelope:
        yield "list-return-path", view.evidence("return-path", envelope)
    else:
        weak = [("list-like-sender", sender)] if other and _WEAK_PATH.search(sender) else []
        weak += [("list-like-path", envelope)] if _WEAK_PATH.search(envelope) else []
        weak += [("errors-to", view.first("errors-to"))] if "errors-to" in view.fields else []
        weak += [("precedence-bulk", "bulk")] if view.first("precedence").strip().lower() == "bulk" else []
        weak += [("feedback-id", view.first("feedback-id"))] if "feedback-id" in view.fields else []
        if len(weak) >= 2:
            yield from weak
