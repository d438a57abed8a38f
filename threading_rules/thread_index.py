"""Outlook's Thread-Index: the first 22 bytes are the same in a whole conversation.

[MS-OXOMSG] 2.2.1.3 (PidTagConversationIndex): 1 byte reserved, 5 bytes time, 16 bytes GUID, then 5 bytes for
each answer. `Thread-Index: AdqB...==` -> the ticket whose mails carry the same 22 bytes.

Exchange sometimes drops In-Reply-To and References; this field stays. An index that is shorter than 22
bytes matches nothing. Known false match: Outlook keeps the index when somebody answers an old mail with a
new subject.
"""

from __future__ import annotations

from maild.model import Match
from threading_rules.view import ThreadView

name = "thread_index"
description = "Outlook's Thread-Index has the same first 22 bytes as a mail of the ticket"
example = "Thread-Index: AdqBN1xw0f3P4s8uTVqYjJfYw1bZxQ=="

_ROOT_HEX = 44


def check(view: ThreadView) -> Match:
    """Look up the conversation's first 22 bytes."""
    index = view.mail.thread_index
    if not index:
        return Match(name, None, "no Thread-Index", "message_id")
    if len(index) < _ROOT_HEX:
        return Match(name, None, "Thread-Index is shorter than 22 bytes", "message_id")
    root = index[:_ROOT_HEX].lower()
    number = view.facts.thread_roots.get(root)
    if number is None or not view.exists(number):
        return Match(name, None, f"Thread-Index conversation {root[12:]} is not known here", "message_id")
    return Match(name, number, f"Thread-Index conversation {root[12:]} is the ticket's", "message_id")
