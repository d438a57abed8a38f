"""Outlook's Thread-Index: every mail's own begins with that of the mail which it answers.

[MS-OXOMSG] 2.2.1.3 (PidTagConversationIndex): 22 bytes for the mail that began the conversation (1 byte reserved,
5 bytes time, 16 bytes GUID), then 5 bytes for each answer. So an index names all the mails before it, as
References do: `Thread-Index: AdqB...==` -> the ticket of the nearest of them that we know.

Exchange sometimes drops In-Reply-To and References; this field stays. Where the mail before was never seen,
only its sender's own ticket is found: two people who answer the same newsletter have nothing to do with each
other. 22 bytes are a beginning and answer nothing: they are evidence only beside a reply prefix or an equal
subject, since mails made of one saved template have all the same. An index that is shorter matches nothing.
Known false match: Outlook keeps the index when somebody answers an old mail with a new subject.
"""

from __future__ import annotations

from maild.mail.text.subjects import base_subject, is_reply
from maild.model import KnownKey, Mail, Match
from maild.settings import ThreadingSettings
from threading_rules.view import NO_KEYS, Kept, Rule, RuleKeys, ThreadView, each_once

name = "thread_index"

#: hex digits of a beginning and of an answer's block
_ROOT, _BLOCK = 44, 10
#: answers that are told apart; mails deeper in a conversation count as one
_DEEPEST = 40
#: mails of a conversation that are looked up, its beginning aside
_NEAREST = 12


def asks(mail: Mail, _settings: ThreadingSettings, _recipients: tuple[str, ...]) -> RuleKeys:
    """This mail's index, and those of the mails before it."""
    return RuleKeys(keys=_line(mail)) if mail.thread_index else NO_KEYS


def keeps(mail: Mail) -> Kept:
    """This mail's index means its ticket; those of the mails that it answers, for its sender."""
    line = _line(mail)
    return Kept(mine=line[:1], awaited=tuple(dict.fromkeys((*line[1:2], *line[1:][-1:]))))


def check(view: ThreadView) -> tuple[Match, ...]:
    """Every ticket with a mail of this line, the nearest first."""
    line = _line(view.mail)
    if not line:
        short = "Thread-Index is shorter than 22 bytes" if view.mail.thread_index else "no Thread-Index"
        return (Match(name, None, short, "message_id"),)
    matches: list[Match] = []
    beginning = len(line) == 1
    for key in line:
        facts = sorted(view.known(key), key=lambda one: (one.origin == "awaited", not _same(view, one)))
        for fact in facts:
            if not beginning or is_reply(view.mail.subject) or _same(view, fact):
                matches.append(_match(fact, own=key == line[0]))
    if matches:
        return each_once(matches)
    if beginning and view.known(line[0]):
        return (
            Match(
                name, None, "a Thread-Index of 22 bytes begins a conversation and answers none", "message_id"
            ),
        )
    return (
        Match(name, None, f"Thread-Index conversation {_shown(line[0])} is not known here", "message_id"),
    )


def _match(fact: KnownKey, *, own: bool) -> Match:
    if fact.origin == "awaited" and own:
        because = (
            f"Thread-Index conversation {_shown(fact.key)}: this is the mail that one on the ticket answered"
        )
        return Match(name, fact.ticket, because, "message_id")
    if fact.origin == "awaited":
        because = f"Thread-Index: {fact.sender} answered a mail of conversation {_shown(fact.key)} that nobody has seen"
        return Match(name, fact.ticket, because, "awaited", fact.sender)
    because = f"Thread-Index conversation {_shown(fact.key)} is the ticket's"
    return Match(name, fact.ticket, because, "message_id")


def _line(mail: Mail) -> tuple[str, ...]:
    """Keys of this mail, the mail that it answers, and so on to the beginning."""
    index = (mail.thread_index or "").lower()[: _ROOT + _DEEPEST * _BLOCK]
    if len(index) < _ROOT:
        return ()
    whole = len(index) - (len(index) - _ROOT) % _BLOCK
    lengths = dict.fromkeys((*range(whole, _ROOT, -_BLOCK)[:_NEAREST], _ROOT))
    return tuple(f"thread-index:{index[:length]}" for length in lengths)


def _same(view: ThreadView, fact: KnownKey) -> bool:
    """Whether the mail's subject is the ticket's, prefixes and tags aside."""
    tag = view.settings.subject_tag
    ticket = view.facts.tickets[fact.ticket or 0]
    return base_subject(view.mail.subject, tag).casefold() == base_subject(ticket.subject, tag).casefold()


def _shown(key: str) -> str:
    return key.partition(":")[2][12:_ROOT]


RULE: Rule = Rule(
    name=name,
    description="Outlook's Thread-Index continues that of a mail of the ticket; one of 22 bytes only beside a reply prefix"
    " or the same subject",
    example="Thread-Index: AdqBN1xw0f3P4s8uTVqYjJfYw1bZxQAAMHRw",
    counter_example="Subject: New colleague: Dora\nThread-Index: AdqBN1xw0f3P4s8uTVqYjJfYw1bZxQ==",
    asks=asks,
    check=check,
    keeps=keeps,
)
