"""Writing to a customer: the words with what the agent should have before their eyes, files, copies, a phase, time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from maild.commands import acting, sent_files, words
from maild.commands.acting import Manner
from maild.commands.people import mailbox_of
from maild.commands.session import Session, now, parse_time
from maild.errors import Refused
from maild.model import EntryFacts, TicketFacts
from maild.ticket import dates
from maild.ticket.entries import MailDetails
from maild.ticket.vocabulary import EntryType
from maild.values import dataclass, replace

if TYPE_CHECKING:
    from maild.app.acts import ActContext
    from maild.commands.acting import Planner
    from maild.model import Plan
    from maild.store import Tx
    from maild.ticket.queue import QueueRow

#: lines of the customer's last words that the editor shows
_LAST_WORDS = 12


@dataclass(frozen=True, slots=True)
class ReplyOptions:
    """What was asked for, as it was typed."""

    text: words.TypedText | None = None
    canned: str | None = None
    edit: bool = False
    phase: str | None = None
    at: str | None = None
    log: str | None = None
    attach: tuple[Path, ...] = ()
    cc: tuple[str, ...] = ()
    take: bool = False
    again: bool = False  # though the same words went out a moment ago


def words_of(
    here: Session, numbers: Sequence[int], wanted: ReplyOptions, manner: Manner
) -> tuple[words.TypedText, Manner]:
    """What is sent. With an editor the manner holds what the agent saw, so that nobody is overtaken unseen."""
    check_files(wanted.attach)
    first = numbers[0]
    with here.read() as tx:
        ticket = tx.ticket(first)
        start = "\n\n".join(
            filter(
                None,
                [wanted.text.text if wanted.text else "", _canned(tx, here, ticket, wanted.canned, manner)],
            )
        )
    if wanted.text is not None and not start.strip() and not wanted.edit:
        raise Refused("an answer needs words: -m TEXT, a file, standard input or $EDITOR")
    beside = hints(here, first, ticket=ticket, wanted=wanted)
    draft = words.Draft(f"{first}-reply", f"maild reply {first}", start, beside)
    if start and not wanted.edit:
        return words.TypedText(start), manner
    if wanted.edit:
        said = words.edited(here, draft)
    else:
        said = words.needed(here, None, None, draft)
    return said, replace(manner, seen=acting.newest_entry(ticket)) if said.edited else manner


def _canned(tx: Tx, here: Session, ticket: TicketFacts, name: str | None, manner: Manner) -> str:
    """The kept text in the ticket's language, else the desk's, else any; its {fields} filled in."""
    if not name:
        return ""
    from maild.nearest import not_found

    texts = kept_texts(tx, here, ticket, manner.agent)
    return texts[not_found(name, texts, "kept text", "`maild canned list`")]


def kept_texts(tx: Tx, here: Session, ticket: TicketFacts, given: str | None = None) -> dict[str, str]:
    """Each kept text by its name: in the ticket's language, else the desk's, else any; its {fields} filled in.
    `given`: the agent who writes, as `--as` says."""
    every: dict[str, dict[str, str]] = {}
    for one in tx.canned.every():
        every.setdefault(one.name, {})[one.language] = one.text
    if not every:
        return {}
    agent = here.agent(given)
    known = here.settings.agents.get(agent)
    fields = {
        "name": ticket.requester_name or ticket.requester, "number": str(ticket.number), "subject": ticket.subject,
        "agent": known.shown if known is not None else agent,
    }  # fmt: skip
    wished = (ticket.language, here.settings.desk.language)
    return {
        name: filled(
            next((texts[one] for one in wished if one in texts), None) or next(iter(texts.values())), **fields
        )
        for name, texts in every.items()
    }


def filled(text: str, **fields: str) -> str:
    """`{name}`, `{number}`, `{subject}` and `{agent}` replaced, each once and as plain text; other braces stay."""
    import re

    return re.sub(r"\{(\w+)\}", lambda match: fields.get(match[1], match[0]), text)


def hints(
    here: Session,
    number: int,
    *,
    ticket: TicketFacts | None = None,
    wanted: ReplyOptions | None = None,
    note: bool = False,
) -> tuple[str, ...]:
    """What stands below the editor's mark: who gets it, what was promised, the customer's last words."""
    if ticket is None:
        with here.read() as tx:
            ticket = tx.ticket(number)
    zone = here.settings.desk.timezone
    made = [f"#{number} {ticket.subject}"]
    if note:
        made.append("a note: for colleagues only")
    else:
        people = {ticket.requester: ticket.requester_name, **{p.address: p.name for p in ticket.participants}}
        shown = [f"{name} <{address}>" if name else address for address, name in people.items() if address]
        made += [f"to: {', '.join(shown) or 'nobody'}"]
        if wanted is not None:
            made += [f"cc: {who}" for who in wanted.cc]
            made += [f"attached: {file}" for file in wanted.attach]
            made += ["taken: it becomes yours"] if wanted.take else []
            made += [f"then: {wanted.phase}"] if wanted.phase else []
            made += [f"logged: {wanted.log}"] if wanted.log else []
    for label, due, kept in (
        ("first answer promised by", ticket.respond_by, ticket.responded_at),
        ("solution promised by", ticket.resolve_by, ticket.resolved_at),
    ):
        if due is not None and kept is None:
            made.append(f"{label} {dates.absolute(due, now(), zone)}, {dates.relative(due, now())}")
    said = next((e for e in reversed(ticket.entries) if e.type in (EntryType.MAIL, EntryType.CALL)), None)
    if said is not None:
        lines = said.text.strip().splitlines()
        made += ["", f"{_writer(said)} wrote {dates.relative(said.at, now())}:"]
        made += [f"> {line}" for line in lines[:_LAST_WORDS]]
        made += [f"> ... {len(lines) - _LAST_WORDS} more lines"] if len(lines) > _LAST_WORDS else []
    made += ["", "Save and quit to send. Leave it as it is to send nothing."]
    return tuple(_one_line(one) for one in made)


def _writer(entry: EntryFacts) -> str:
    name = entry.details.author_name if isinstance(entry.details, MailDetails) else ""
    return name or entry.author


def _one_line(text: str) -> str:
    from maild.desk.terminal import safe_line

    return safe_line(text)


def answered(ticket: QueueRow, *, moved: bool, taken: bool) -> str:
    """`#1001: answered, yours, waiting`"""
    from maild.ticket.phase_names import short

    said = ["answered", *(["yours"] if taken else []), *([short(ticket.phase)] if moved else [])]
    return f"#{ticket.number}: {', '.join(said)}"


# ------------------------------------------------------------------------------------------------- the plan


def planner(here: Session, wanted: ReplyOptions, text: str) -> Planner:
    """Makes the plan inside the transaction. What can be checked before is checked before."""
    from maild.app import compound
    from maild.ticket import phase_names, timelog

    phase = phase_names.named(wanted.phase) if wanted.phase else None
    at = parse_time(wanted.at, here.settings.desk.timezone)
    minutes = timelog.parse_duration(wanted.log) if wanted.log else None
    if at is not None and phase is None:
        raise Refused("--at goes with --phase scheduled")

    def plan(act: ActContext, ticket: TicketFacts, tx: Tx) -> Plan:
        if not wanted.again:
            compound.refuse_twice(act, ticket, text)
        said = compound.AgentReply(
            text,
            phase,
            at,
            minutes,
            sent_files.stored(tx, wanted.attach, now()),
            tuple(mailbox_of(tx, who, "--cc ", ticket.company) for who in wanted.cc),
            wanted.take,
        )
        already = tx.timelog.sums(ticket.number)[1]
        return compound.answer(act, ticket, said, already=already)

    return plan


def check_files(files: Sequence[Path]) -> None:
    """Refuse, before anything is written, what cannot be sent, or is more than mails take."""
    from maild.app.compound import MOST_FILES
    from maild.desk.numbers import size

    total = sent_files.size_together(files)
    if total > MOST_FILES:
        what = (
            f"{files[0]} has {size(total)}" if len(files) == 1 else f"the files have {size(total)} together"
        )
        raise Refused(
            f"{what}; mails take {size(MOST_FILES)}: send a link, or fewer at once; nothing was sent"
        )
