"""Outlook's Thread-Index: the first 22 bytes are the same in a whole conversation.

[MS-OXOMSG] 2.2.1.3 (PidTagConversationIndex): 1 byte reserved, 5 bytes time, 16 bytes GUID, then 5 bytes for
each answer. `Thread-Index: AdqB...==` -> the ticket whose mails carry the same 22 bytes.

Exchange sometimes drops In-Reply-To and References; this field stays. An index that is shorter than 22
bytes matches nothing. Known false match: Outlook keeps the index when somebody answers an old mail with a
new subject.
"""

from __future__ import annotations

from maild.model import Mail, Match
from maild.settings import ThreadingSettings
from threading_rules.view import Asked, Rule, ThreadView

name = "thread_index"

_ROOT_HEX = 44


def asks(mail: Mail, settings: ThreadingSettings, recipients: tuple[str, ...]) -> Asked:
    """The conversation's first 22 bytes."""
    return Asked(keys=keeps(mail))


def keeps(mail: Mail) -> tuple[str, ...]:
    """The conversation means the ticket of each of its mails."""
    index = mail.thread_index
    return (f"thread-index:{index[:_ROOT_HEX].lower()}",) if index and len(index) >= _ROOT_HEX else ()


def check(view: ThreadView) -> tuple[Match, ...]:
    """Every ticket with a mail of the conversation."""
    if not view.mail.thread_index:
        return (Match(name, None, "no Thread-Index", "message_id"),)
    keys = keeps(view.mail)
    if not keys:
        return (Match(name, None, "Thread-Index is shorter than 22 bytes", "message_id"),)
    shown = keys[0].partition(":")[2][12:]
    because = f"Thread-Index conversation {shown} is the ticket's"
    found = tuple(Match(name, one.ticket, because, "message_id") for one in view.known(keys[0]))
    return found or (Match(name, None, f"Thread-Index conversation {shown} is not known here", "message_id"),)


RULE = Rule(
    name=name,
    description="Outlook's Thread-Index has the same first 22 bytes as a mail of the ticket",
    example="Thread-Index: AdqBN1xw0f3P4s8uTVqYjJfYw1bZxQ==",
    asks=asks,
    check=check,
    keeps=keeps,
)
