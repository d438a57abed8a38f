"""Several mails of one agent on one ticket as one, as if all had been done in one go.

An agent's own words make a person's mail, whatever else was done beside them; without any the newest step is the news,
with the words of all steps, and the older steps stand in what was done so far.
"""

from __future__ import annotations

from collections.abc import Sequence

from maild.model import Mailbox, Notice
from maild.notice.content import Content, freeze, thaw
from maild.notice.first_mails import Received, Reopened
from maild.notice.status_mails import (
    Accepted,
    Closed,
    InProgress,
    Merged,
    OutageResolved,
    OutageUpdate,
    Project,
    Rejected,
    Reply,
    Resolved,
    Scheduled,
    WaitingCustomer,
)
from maild.notice.values import HistoryStep
from maild.ticket.phases import Phase
from maild.values import replace

#: mails about the steps of a ticket, to its own people; a consent, a cost, an outage are matters of their own
GATHERED = frozenset(
    kind.name
    for kind in (
        Accepted, Closed, InProgress, Merged, Project, Received, Rejected, Reopened, Reply, Resolved, Scheduled,
        WaitingCustomer,
    )
)  # fmt: skip


#: news of one outage: the newer takes the place of what has not left
_NEWS = frozenset({OutageUpdate.name, OutageResolved.name})


def can_be_bundled(notice: Notice, others: Notice) -> bool:
    """Whether the two can be one mail."""
    return (
        notice.ticket == others.ticket
        and any({notice.name, others.name} <= names for names in (GATHERED, _NEWS))
        and notice.token is None
        and others.token is None
    )


def bundled(older: Sequence[Notice], newest: Notice) -> Notice:
    """One mail that says all of it. `older`: one or more, oldest first, each of which `can_be_bundled` with the newest."""
    every = (*older, newest)
    contents = [thaw(notice.name, notice.data) for notice in every]
    words = "\n\n".join(dict.fromkeys(filter(None, (one.message.strip() for one in contents))))
    leading = len(contents) - 1
    for index, content in enumerate(contents):
        if isinstance(content, Reply):
            leading = index
    content = _said(contents, leading, words)
    boxes = {box.address: box for notice in every for box in (*notice.to, *notice.cc)}
    to = newest.to
    first = {box.address for box in to}
    cc = tuple(box for address, box in boxes.items() if address not in first)
    return replace(
        newest, name=content.name, data=freeze(content), to=to, cc=_ordered(newest.cc, cc),
        auto=every[leading].auto if isinstance(content, Reply) else newest.auto,
        in_reply_to=newest.in_reply_to or every[0].in_reply_to,
        attach=tuple(dict.fromkeys(one for notice in every for one in notice.attach)),
    )  # fmt: skip


def _said(contents: Sequence[Content], leading: int, words: str) -> Content:
    newest, lead = contents[-1], contents[leading]
    if isinstance(lead, Reply):
        planned = next((one for one in reversed(contents) if isinstance(one, Scheduled)), None)
        at = planned.scheduled_for if planned is not None else lead.scheduled_for
        closed = [
            one for one in contents if isinstance(one, Closed) or (isinstance(one, Reply) and one.closes)
        ]
        closes = newest.about.phase == Phase.CLOSED and bool(closed)
        asks = closes and any(one.asks_rating for one in closed)
        return replace(  # the account of hours is put in anew where it is stored
            lead, about=newest.about, message=words, scheduled_for=at, closes=closes, asks_rating=asks, account=None,
        )  # fmt: skip
    since = contents[0].about.at
    known = {one.message.strip() for one in contents}
    steps = tuple(_once(step, known) if since is None or step.at >= since else step for step in lead.history)
    said = replace(lead, message=words, history=steps)
    if isinstance(
        said, OutageUpdate | OutageResolved
    ):  # what it is now stands above, with what was said before
        told = tuple(replace(one, text="") if one.text.strip() in known else one for one in said.outages)
        return replace(said, outages=told)
    return said


def _once(step: HistoryStep, said: set[str]) -> HistoryStep:
    """The step without its words, where the mail says them above."""
    return replace(step, text="") if step.text.strip() in said else step


def _ordered(first: tuple[Mailbox, ...], every: tuple[Mailbox, ...]) -> tuple[Mailbox, ...]:
    known = {box.address for box in first}
    return (*first, *(box for box in every if box.address not in known))
