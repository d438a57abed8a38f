"""What the keys do: the planners of the verbs, with the line that says what was done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from maild.app import acts, approvals, complaint_review, compound, time_log, undoable_act
from maild.app.acts import ActContext
from maild.commands import replying, undoing
from maild.commands.acting import Done, Planner
from maild.commands.performing import phase_of, stands
from maild.commands.session import Session, nonce, parse_time
from maild.errors import Refused
from maild.model import Plan, TicketFacts
from maild.store import Tx
from maild.ticket import phase_names, timelog
from maild.ticket.phases import Phase
from maild.values import dataclass


@dataclass(frozen=True, slots=True)
class ScreenAct:
    """An act on one ticket, and what is said when it is done."""

    planner: Planner
    said: Callable[[Done], str]
    recorded: bool = True  # it can be taken back
    answers: bool = False  # the customer has what they waited for


def take() -> ScreenAct:
    return ScreenAct(
        lambda a, t, _tx: acts.take(a, t), lambda d: f"#{d.ticket.number} is yours ({phase_of(d)})"
    )


@dataclass(frozen=True, slots=True)
class LastAct:
    """What can be taken back: on which ticket, what was done, and the act that does it."""

    number: int
    said: str
    undo: ScreenAct


def last_act(here: Session, who: str, number: int | None) -> LastAct:
    """The last act of `who`, on the ticket or on any, while its mails have not left. NotFound where there is none."""
    last, planner = undoing.taking_back(here, who, number)
    act = ScreenAct(planner, lambda _done: undoing.taken_back(last)[0].rstrip(":"), recorded=False)
    return LastAct(last.ticket, "; ".join(undoable_act.steps(last)), act)


def assign(here: Session, whom: str) -> ScreenAct:
    """Raises `Refused` for a name that nobody has."""
    to = here.assignee(whom)
    return ScreenAct(lambda a, t, _tx: acts.assign(a, t, to, ""), lambda d: f"#{d.ticket.number} -> {to}")


def note(text: str) -> ScreenAct:
    return ScreenAct(lambda a, t, _tx: acts.note(a, t, text), lambda d: f"#{d.ticket.number}: noted")


def close(text: str) -> ScreenAct:
    return ScreenAct(lambda a, t, _tx: complaint_review.close(a, t, text), stands)


def move(here: Session, text: str) -> ScreenAct:
    """`PHASE [words]`, or `scheduled TIME`."""
    name, _, rest = text.strip().partition(" ")
    wanted = phase_names.named(name)
    at = parse_time(rest.strip(), here.settings.desk.timezone) if wanted is Phase.SCHEDULED else None
    words = "" if wanted is Phase.SCHEDULED else rest.strip()
    return ScreenAct(lambda a, t, _tx: approvals.phase(a, t, wanted, words, nonce, at=at), stands)


def log(text: str) -> ScreenAct:
    """`DURATION [what]`."""
    minutes, what = _minutes(text)

    def plan(act: ActContext, ticket: TicketFacts, tx: Tx) -> Plan:
        already = tx.timelog.sums(ticket.number)[1]
        return time_log.log(act, ticket, minutes, what, already=already)

    return ScreenAct(plan, lambda d: f"#{d.ticket.number}: {timelog.shown(minutes)} logged")


def done(text: str) -> ScreenAct:
    """`DURATION [last words]`: logs and closes in one go."""
    minutes, words = _minutes(text)

    def plan(act: ActContext, ticket: TicketFacts, tx: Tx) -> Plan:
        already = tx.timelog.sums(ticket.number)[1]
        return compound.done(act, ticket, minutes, words, already=already)

    return ScreenAct(plan, lambda d: f"{stands(d)}, {timelog.shown(minutes)} logged")


def reply(here: Session, text: str, then: replying.ReplyOptions) -> ScreenAct:
    return ScreenAct(
        replying.planner(here, then, text),
        lambda d: replying.answered(d.ticket, moved=bool(then.phase), taken=then.take),
        answers=True,
    )


def _minutes(text: str) -> tuple[int, str]:
    duration, _, rest = text.strip().partition(" ")
    if not duration:
        raise Refused("how long? 20m 1h20 0.5h, then what was done")
    return timelog.parse_duration(duration), rest.strip()


def then_of(text: str) -> replying.ReplyOptions:
    """`take waiting 20m +report.pdf cc:bela`: the word take, a phase, a duration, files with a plus, who gets a copy, in
    any order; behind `scheduled` stands the time, `20m scheduled fri 9:00`. Raises `Refused`."""
    phase: Phase | None = None
    log: str | None = None
    take = False
    attach: list[Path] = []
    cc: list[str] = []
    when: list[str] = []
    for word in text.split():
        if word.startswith("+"):
            attach.append(Path(word[1:]).expanduser())
        elif word.lower().startswith("cc:"):
            if not word[3:]:
                raise Refused("cc:WHO, an address or a contact's name")
            cc.append(word[3:])
        elif phase is Phase.SCHEDULED:
            when.append(word)
        elif word[:1].isdigit():
            timelog.parse_duration(word)
            log = word
        elif word.lower() == "take":
            take = True
        else:
            phase = phase_names.named(word)
    if phase is Phase.SCHEDULED and not when:
        raise Refused("say when: scheduled tomorrow 9:00")
    replying.check_files(attach)
    return replying.ReplyOptions(
        phase=str(phase) if phase else None, at=" ".join(when) or None, log=log, attach=tuple(attach), cc=tuple(cc),
        take=take, again=True,  # the screen shows what was sent, and nothing there is run twice
    )  # fmt: skip
