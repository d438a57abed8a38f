"""What the daemon tells on a terminal: one line a mail, in people's words.

`#1001 new from Anna (acme): Nem megy a nyomtató; answered in hu`. Made of the decision and its plan alone. What
customers wrote stands in it as they wrote it: whoever prints a line makes it safe (`work/logs`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from maild.model import (
    ActKind,
    Decision,
    HeldBack,
    Mail,
    Mailbox,
    Plan,
    Sender,
    SendNotice,
    TicketAct,
)
from maild.ticket.phase_names import short

#: the notice that is for our own people
_AGENTS = "agent_alert"
#: of a subject, and of a mail's first words
_MOST = 72
#: what a mail did, the first that it did; `{who}`, `{said}`: its subject or its first words
_DID: dict[str, str] = {
    "quarantine": "could not be read, quarantined: {said}",
    "duplicate": "came again, by {who}: {said}",
    "grant": "approved by {who}",
    "refuse": "refused by {who}",
    "reopen": "reopened by {who}: {words}",
    "follow_up": "new, goes on from {before}, from {who}: {said}",
    "open": "new from {who}: {said}",
    "append": "{who} wrote: {words}",
    "file": "{kind} from {who}, filed, not answered: {said}",
}
_KINDS = {
    "auto_reply": "automatic answer", "bounce": "report of a mail that came back", "list": "list mail", "spam": "spam",
    "own": "mail of our own", "loop": "mail in a loop", "hostile": "unreadable mail", "reply": "answer", "request": "mail",
}  # fmt: skip


def came_in(mail: Mail | None, plan: Plan, number: int | None) -> str:
    """A mail that came in: on which ticket, from whom, what it says, who got an answer. `number`: its ticket."""
    decision = plan.decision
    if decision is None:
        return f"a mail that nothing can be made of: {_cut(plan.error)}; maild mail quarantine"
    acts = {act.act for act in decision.would}
    did = next((text for act, text in _DID.items() if act in acts), "{kind} from {who}: {said}")
    before = decision.thread.ticket or next((m.ticket for m in decision.thread.candidates if m.ticket), None)
    line = did.format(
        who=_who(decision.sender, mail), said=_cut(mail.subject if mail else "") or "(no subject)",
        words=_words(mail), kind=_KINDS.get(decision.kind, decision.kind), before=f"#{before}" if before else "an old one",
    )  # fmt: skip
    told = "; ".join([line, *_also(decision, plan, acts)])
    if number is not None:
        return f"#{number} {told}"
    return f"{told}; on no ticket: maild list --team review" if "file" in acts else told


def went_out(notice: str, number: int | None, to: Sequence[Mailbox], alert: str = "") -> str:
    """A mail that went out: which, to whom. `alert`: what our own people are told."""
    where = f"#{number} " if number else ""
    people = _names(to)
    if notice == _AGENTS:
        return f"{where}told {people}: {alert or 'news'}"
    return f"{where}mail to {people}: {short(notice)}"


def _who(sender: Sender, mail: Mail | None) -> str:
    """`Anna (acme)`: a name is only what the mail says, so a stranger's address stands beside it."""
    named = mail.froms[0].address if mail is not None and mail.froms else "nobody"
    address = sender.address or named
    if sender.company:
        return f"{sender.name or address} ({sender.company})"
    if sender.how == "agent":
        return f"{sender.name or address} (agent)"
    return f"{sender.name} <{address}>, a stranger" if sender.name else f"{address}, a stranger"


def _also(decision: Decision, plan: Plan, acts: Iterable[str]) -> Iterable[str]:
    """What else follows, each for itself."""
    asked: list[str] = []
    for act in decision.would:
        if isinstance(act, TicketAct) and act.act is ActKind.HOLD:
            asked += act.asked or ()
    if "hold" in acts:
        yield "waits for approval" + (f" by {', '.join(asked)}" if asked else "")
    address = (decision.sender.address or "").casefold()
    for change in plan.changes:
        if isinstance(change, SendNotice):
            notice = change.notice
            if any(box.address.casefold() == address for box in notice.to):
                yield f"answered in {notice.language}"
            elif notice.name not in (_AGENTS, "approval_request", "approval_confirm"):
                yield f"{short(notice.name)} to {_names((*notice.to, *notice.cc))}"
        elif isinstance(change, HeldBack):
            yield f"no answer now ({change.reason.code})"
    if not any(isinstance(change, SendNotice | HeldBack) for change in plan.changes) and "open" in acts:
        yield "not answered"


def _names(boxes: Sequence[Mailbox]) -> str:
    shown = [box.address for box in boxes[:3]]
    more = len(boxes) - len(shown)
    return (", ".join(shown) or "nobody") + (f" and {more} more" if more > 0 else "")


def _words(mail: Mail | None) -> str:
    if mail is None:
        return ""
    said = next((line.strip() for line in mail.new_text.splitlines() if line.strip()), "")
    return _cut(said or mail.subject) or "(nothing)"


def _cut(text: str) -> str:
    one = " ".join(text.split())
    return one if len(one) <= _MOST else one[: _MOST - 1].rstrip() + "…"
