"""One ticket whole, as lines of a given width: who, what is due, what was said to whom, what was sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from maild.desk import link_words
from maild.desk.numbers import how_many, size
from maild.desk.spans import Line, Span, Style, line
from maild.desk.terminal import cut, safe_line, safe_text, width, wrapped
from maild.model import ConsentFacts, EntryFacts, MailOut, TicketFacts
from maild.ticket import dates, phase_names, timelog
from maild.ticket.entries import MailDetails, PhaseDetails, UndoneDetails, load
from maild.ticket.phases import ENDED, PAUSED, ConsentState, OutboundState
from maild.ticket.queue import SOON, QueueRow
from maild.ticket.vocabulary import AUTOMATIC, EntryType
from maild.ticket.whole import WholeTicket, files_of, numbered
from maild.values import dataclass

_LABEL = 10
_INDENT = "  "
_UNDER_WAY = (OutboundState.QUEUED, OutboundState.SENDING)
#: columns from which labels stand beside their values
_LABELLED = 44
#: other tickets of the company that are named
OTHERS = 5


@dataclass(frozen=True, slots=True)
class TicketContext:
    """What stands beside the ticket: the person, the company with its contract, its other open tickets."""

    phone: str = ""
    company_name: str = ""
    contract: str = ""
    others: tuple[QueueRow, ...] = ()  # the first `OTHERS` of them
    others_count: int = 0
    sent_at: Mapping[int, datetime] | None = None  # outgoing mail id -> when it left or was caused


@dataclass(frozen=True, slots=True)
class Screen:
    """When and where it is read."""

    now: datetime
    zone: str
    room: int = 80
    brief: bool = False  # beside a queue: what was said matters more than what stands around it

    def when(self, at: datetime) -> str:
        """`Mon 2 Nov 10:30, 2 h ago`."""
        return f"{dates.absolute(at, self.now, self.zone)}, {dates.relative(at, self.now)}"


def view(t: WholeTicket, around: TicketContext, screen: Screen, *, full: bool = False) -> list[Line]:
    """Every line of `show N`."""
    made = [*_head(t.row, screen), line(), *_facts(t, around, screen, full=full)]
    numbers = {id(file): number for number, _, file in numbered(t)}
    for entry in t.ticket.entries:
        if entry.type == EntryType.HELD_BACK and not full:
            continue  # what a cap held back stands in --full and --json
        made.append(line())
        made += _entry(t.ticket, entry, numbers, screen, full=full)
    return [*made, *_sent(t.mails, around, screen, full=full)]


# ------------------------------------------------------------------------------------------------ the head


def _head(row: QueueRow, screen: Screen) -> Iterator[Line]:
    for text in wrapped(safe_line(f"#{row.number} {row.subject or '(no subject)'}"), screen.room):
        yield line(Span(text, Style.BOLD))
    state = [phase_names.short(row.phase), row.kind, row.severity, f"team {row.team}"]
    if row.owner:
        state.append(f"owner {row.owner}")
    elif row.phase not in ENDED:
        state.append("nobody's yet")
    for text in wrapped(safe_line(" · ".join(filter(None, state))), screen.room):
        yield line(text)
    for text, style in _urgent(row, screen):
        for part in wrapped(text, screen.room):
            yield line(Span(part, style))


def _urgent(row: QueueRow, screen: Screen) -> Iterator[tuple[str, Style]]:
    due = row.due
    if due is not None and row.overdue(screen.now):
        yield f"LATE: was due {screen.when(due)}", Style.LATE
    elif due is not None and screen.now <= due < screen.now + SOON:
        yield f"due {screen.when(due)}", Style.SOON
    elif due is not None:
        yield f"due {screen.when(due)}", Style.PLAIN
    if row.waiting_since is not None:
        yield f"the customer waits since {screen.when(row.waiting_since)}", Style.WAITS
    if row.undelivered:
        yield safe_line(f"our last words did not reach {', '.join(row.undelivered)}"), Style.LATE


def _facts(whole: WholeTicket, around: TicketContext, screen: Screen, *, full: bool) -> Iterator[Line]:
    t = whole.ticket
    who = t.requester_name + (f" <{t.requester}>" if t.requester else "")
    rows = [("from", f"{who.strip() or 'nobody verified'}" + (f"  {around.phone}" if around.phone else ""))]
    if t.company:
        rows.append(("company", f"{around.company_name or t.company} ({t.company})"))
        rows.append(("contract", "" if screen.brief else around.contract))
    else:
        rows.append(("company", "none: nobody knows this sender"))
    people = [*whole.people]
    if not screen.brief and (full or t.responded_at or t.respond_by != whole.row.due):
        # else it stands above as what is due
        rows.append(("answer by", _promise(t, t.respond_by, t.responded_at, "answered", screen)))
    if not screen.brief:
        rows.append(("solve by", _promise(t, t.resolve_by, t.resolved_at, "solved", screen)))
    if not screen.brief or people != [t.requester]:
        rows.append(("mail to", ", ".join(people) or "nobody"))
    rows += [("reply-to", f"{text} (not the sender: answers go to {t.requester})") for text in _reply_to(t)]
    raw, billed = (sum(o.raw_minutes for o in whole.worked), sum(o.billed_minutes for o in whole.worked))
    if raw or billed:
        rows.append(("time", f"{timelog.shown(raw)}, billed {timelog.shown(billed)}"))
    if t.state.out_of_scope:
        rows.append(("scope", "outside the contract: billed after `maild cost send` only"))
    rows += [("link", link_words.said(link)) for link in whole.links]
    rows += [("consent", _consent(c, screen)) for c in whole.consents]
    rows += [("others", text) for text in _others(around, brief=screen.brief)]
    if (given := t.state.rating) is not None:
        rows.append(("rating", f"{given.value}: {given.text or '(no words)'}"))
    for label, value in rows:
        if value:
            yield from _row(label, value, screen)


def _row(label: str, value: str, screen: Screen) -> Iterator[Line]:
    """`label  value`, the value going on below itself."""
    indent = _LABEL + 1 if screen.room >= _LABELLED else 2
    lines = list(wrapped(safe_line(value), max(screen.room - indent, 10)))
    if screen.room < _LABELLED:
        yield line(Span(f"{label}:", Style.DIM))
        yield from (line(_INDENT, text) for text in lines)
        return
    for number, text in enumerate(lines):
        yield line(Span(cut("" if number else label, _LABEL), Style.DIM), " ", text)


def _promise(t: TicketFacts, due: datetime | None, done: datetime | None, word: str, screen: Screen) -> str:
    """When it is due, and what became of it."""
    if due is None:
        return f"{word} {screen.when(done)}" if done else ""
    said = dates.absolute(due, screen.now, screen.zone)
    if done is not None:
        late = " (late)" if done > due else ""
        return f"{said}; {word} {dates.absolute(done, screen.now, screen.zone)}{late}"
    if t.phase in ENDED:
        return ""  # nothing is due any more
    if t.phase in PAUSED:
        return f"{said} (the clock stands still)"
    return f"{said}, {dates.relative(due, screen.now)}"


def _reply_to(t: TicketFacts) -> Iterator[str]:
    """Reply-To of the newest mail that names somebody else than its sender."""
    for entry in reversed(t.entries):
        details = entry.details
        if entry.type == EntryType.MAIL and isinstance(details, MailDetails) and details.reply_to:
            yield ", ".join(details.reply_to)
            return


def _consent(c: ConsentFacts, screen: Screen) -> str:
    by = f" by {c.decided_by}" if c.decided_by else f", asked {', '.join(c.approvers) or 'nobody'}"
    until = f", until {dates.absolute(c.expires_at, screen.now, screen.zone)}"
    return f"C{c.id} {c.kind} {c.state}{by}" + (until if c.state is ConsentState.WAITING else "")


def _others(around: TicketContext, *, brief: bool) -> Iterator[str]:
    if not around.others_count:
        return
    if brief:
        yield f"{around.others_count} more open"
        return
    named = [
        f"#{row.number} {row.subject[:40]} ({phase_names.short(row.phase)}{', ' + row.owner if row.owner else ''})"
        for row in around.others[:OTHERS]
    ]
    more = around.others_count - OTHERS
    yield "; ".join(named) + (f"; and {more} more" if more > 0 else "")


# ----------------------------------------------------------------------------------------------- the log

#: (sign, style, words after the author) by type of entry; the rest are maild's own or internal
_SAID: dict[str, tuple[str, Style, str]] = {
    EntryType.MAIL: ("<", Style.CUSTOMER, "wrote"),
    EntryType.REPLY: (">", Style.OURS, "answered the customer"),
    EntryType.NOTE: ("#", Style.INTERNAL, "noted, for colleagues only"),
    EntryType.CALL: ("<", Style.CUSTOMER, "took this up"),
    EntryType.ASSIGN: ("#", Style.INTERNAL, ""),
    EntryType.TIME: ("#", Style.INTERNAL, "worked"),
    EntryType.REVIEW: ("#", Style.INTERNAL, "reviewed"),
    EntryType.CHANGE: ("#", Style.INTERNAL, "changed"),
    EntryType.MERGE: ("-", Style.DIM, "merged"),
    EntryType.LINK: ("-", Style.DIM, "linked"),
    EntryType.MOVE: ("-", Style.DIM, "moved"),
    EntryType.PEOPLE: ("-", Style.DIM, "changed who is on it"),
    EntryType.UNDO: ("-", Style.DIM, "undid"),
    EntryType.OUTAGE: (">", Style.OURS, "told of the outage"),
}


def _entry(
    t: TicketFacts, entry: EntryFacts, numbers: Mapping[int, int], screen: Screen, *, full: bool
) -> Iterator[Line]:
    sign, style, what = _kind(entry)
    author = _author(t, entry)
    head = " ".join(filter(None, [author, what]))
    ends = f"{screen.when(entry.at)}  [{entry.id}]"
    if width(head) + 2 + len(ends) + 2 <= screen.room:
        yield line(Span(f"{sign} ", style), Span(safe_line(head), style), Span(f"  {ends}", Style.DIM))
    else:
        for text in wrapped(safe_line(head), screen.room - 2):
            yield line(Span(f"{sign} {text}", style))
        yield from (line(Span(_INDENT + text, Style.DIM)) for text in wrapped(ends, screen.room - 2))
    words = (entry.full_text or entry.text) if full else entry.text
    quiet = Style.DIM if style is Style.DIM else Style.PLAIN
    if words.strip():
        for text in wrapped(safe_text(words.strip("\n")), screen.room - len(_INDENT)):
            yield line(Span(_INDENT + text, quiet)) if text else line()
    left = 0 if full else entry.left_out
    if left:
        yield line(Span(f"{_INDENT}[{how_many(left, 'line')} left out: --full]", Style.DIM))
    for file in files_of(entry):
        said = f"[{numbers[id(file)]}] {file.name} ({file.type}, {size(file.size)})"
        yield from (
            line(Span(_INDENT + text, Style.BOLD)) for text in wrapped(safe_line(said), screen.room - 2)
        )


def _kind(entry: EntryFacts) -> tuple[str, Style, str]:
    kind, details = entry.type, entry.details
    if isinstance(details, PhaseDetails) and kind == EntryType.PHASE:
        moved = " -> ".join(phase_names.short(str(phase)) for phase in (details.old, details.new))
        return (">", Style.OURS, moved) if entry.public else ("-", Style.DIM, moved)
    if isinstance(details, UndoneDetails) and details.was is not None:
        was = load(details.was, details.more)
        named = str(details.was)
        if isinstance(was, PhaseDetails):
            named = " -> ".join(phase_names.short(str(phase)) for phase in (was.old, was.new))
        return "-", Style.DIM, f"took back: {named}"
    if kind in AUTOMATIC:
        return "-", Style.DIM, f"sent automatic mail ({kind}); filed, no effect"
    if kind == EntryType.CALL:
        channel = entry.channel
        how = (
            "by phone" if channel == "phone" else f"by {channel}" if channel not in ("cli", "system") else ""
        )
        return "<", Style.CUSTOMER, f"took this up {how}".strip()
    if kind in _SAID:
        sign, style, said = _SAID[kind]
        if kind == EntryType.MAIL and not entry.public:
            return "-", Style.INTERNAL, "wrote; no customer sees it"
        return sign, style, said
    return (">", Style.OURS, str(kind)) if entry.public else ("-", Style.DIM, str(kind))


def _author(t: TicketFacts, entry: EntryFacts) -> str:
    details = entry.details
    if entry.type == EntryType.MAIL:
        name = details.author_name if isinstance(details, MailDetails) else ""
        return f"{name} <{entry.author}>" if name and entry.author != t.requester else name or entry.author
    return entry.author


# ------------------------------------------------------------------------------------------ what was sent


def _sent(mails: Sequence[MailOut], around: TicketContext, screen: Screen, *, full: bool) -> Iterator[Line]:
    """Each mail on the ticket with what became of it; what is not sent yet stands out. What told our own people, and
    reached them, stands in --full."""
    rows = [o for o in mails if full or o.notice != "agent_alert" or o.state is OutboundState.FAILED]
    if not rows:
        return
    yield line()
    yield line(Span("Mails sent", Style.BOLD))
    for o in rows:
        at = (around.sent_at or {}).get(o.id)
        state = o.state
        style = (
            Style.LATE if state is OutboundState.FAILED else Style.SOON if state in _UNDER_WAY else Style.DIM
        )
        said = f"{state:<10} {o.notice} to {', '.join(one.address for one in o.recipients)}"
        ends = f"  {dates.absolute(at, screen.now, screen.zone)}" if at is not None else ""
        answer = f": {o.answer}" if state is OutboundState.FAILED and o.answer else ""
        for number, text in enumerate(wrapped(safe_line(said + ends + answer), screen.room - 4)):
            yield line(Span(_INDENT + (_INDENT if number else "") + text, style))
