"""How well mail is read, in figures: every class of the corpora, measured in one run.

    python -m tests.corpus.figures [EVERY] [--show]

EVERY: of the ten thousand answers of mail programs one in so many. `--show` prints the mails that are not read as
wanted. The bounds are asserted by tests/corpus/test_figures.py.
"""

from __future__ import annotations

import itertools
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache

from maild import config
from maild.app.handle_mail import decide
from maild.mail.envelope import completed
from maild.mail.own_ids import Signer
from maild.mail.parse import parse_mail
from maild.model import AuthResult, Decision, Envelope, Facts, KnownKey, Mail, Mailbox
from maild.settings import Settings
from tests.corpus.everyday import absences, charsets, conversations, desks, invitations, requests, winmail
from tests.corpus.everyday.pieces import DESK, Wanted
from tests.corpus.mails import clients, machines, unmarked
from tests.timing import least
from tests.unit.factory import facts, ticket

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
SIGNER = Signer(b"not a secret, only for figures...", "desk.example")
ANSWERED = SIGNER.message_id(1001, "n1")
#: shares that are promised; `wrong` is a count, `cpu` seconds
BOUNDS = {
    "subject": 0.99, "sender": 0.995, "body": 0.97, "attachments": 0.985, "tnef": 1.0, "kept": 0.995, "good": 0.93,
    "bounces": 0.997, "automatic": 0.98, "people": 1.0, "threading": 0.995, "wrong": 0, "cpu": 0.5,
}  # fmt: skip
_ANSWERS = {"open", "mail", "append", "reopen"}


@dataclass(slots=True)
class Figures:
    """(right, of) by what is measured, for one class of mails."""

    counts: dict[str, list[int]] = field(default_factory=dict)
    cpu: float = 0.0  # seconds of the slowest mail
    mails: int = 0

    def add(self, what: str, right: int, of: int = 1) -> None:
        row = self.counts.setdefault(what, [0, 0])
        row[0] += right
        row[1] += of

    def share(self, what: str) -> float | None:
        right, of = self.counts.get(what, (0, 0))
        return right / of if of else None


def mails(every: int = 1) -> Iterator[tuple[str, Wanted]]:
    """(class, mail) of all corpora; `every`: of the many samples of mail programs one in so many."""
    for _, wanted in requests.requests():
        yield wanted.name.rpartition(" ")[0].rstrip("0123456789 "), wanted
    for _, wanted in absences.absences():
        yield "absence notices", wanted
    for _, wanted in absences.persons():
        yield "people and absences", wanted
    for _, wanted in desks.desks(ANSWERED):
        yield "other ticket systems", wanted
    yield from unmarked.unmarked(ANSWERED)
    yield from charsets.charsets()
    yield from winmail.containers()
    for _, meeting in invitations.meetings():
        for wanted in (meeting.first, meeting.update, meeting.cancellation):
            yield "invitations", wanted
    for sample in itertools.islice(clients.samples(), 0, None, every):
        yield (
            "answers of mail programs",
            Wanted(
                sample.name, sample.raw, clients.ME, sample.subject, new=sample.new, text=sample.in_text,
                attachments=sample.attachments,
            ),
        )  # fmt: skip
    for case in machines.cases():
        who = {"person": "person", "bounce": "bounce"}.get(case.family, "automatic")
        yield f"machines: {case.family}", Wanted(case.name, case.raw, "", "", who=who)


@cache
def _settings() -> Settings:
    shipped = config.load(config.shipped_path())
    return replace(shipped, desk=replace(shipped.desk, address=DESK))


def decided(mail: Mail) -> Decision:
    """What a desk does that has sent one mail on ticket 1001, to IT of Acme."""
    known = KnownKey(ANSWERED, 1001, "out")
    asked = ticket(1001, requester="it@acme.example", participants=(Mailbox("it@acme.example"),))
    there: Facts = facts(asked, known=(known,))
    numbers = itertools.count()
    plan = decide(
        mail, completed(Envelope("file", NOW), mail), there, AuthResult(), _settings(), SIGNER, NOW,
        nonce=lambda: f"n{next(numbers)}",
    )  # fmt: skip
    assert plan.decision is not None
    return plan.decision


def is_answered(decision: Decision) -> bool:
    """Whether it does anything that only a person's mail does."""
    return bool(_ANSWERS & {str(act.act) for act in decision.would})


def judge(wanted: Wanted, found: Figures) -> list[str]:
    """Adds one mail to the figures of its class; what is not as wanted."""
    mail = parse_mail(wanted.raw, desk_addresses=(DESK,))
    decision = decided(mail)
    found.cpu = max(
        found.cpu, least(lambda: decided(parse_mail(wanted.raw, desk_addresses=(DESK,))), BOUNDS["cpu"])
    )
    found.mails += 1
    faults: list[str] = []

    def say(what: str, right: bool, shown: object = "") -> None:
        found.add(what, right)
        if not right:
            faults.append(f"{what}: {shown}")

    if wanted.sender:
        say("subject", mail.subject == wanted.subject, mail.subject)
        say("sender", mail.sender is not None and mail.sender.address == wanted.sender, mail.froms)
    if wanted.text:
        say("body", all(words in mail.text for words in wanted.text), mail.text)
    names = tuple(one.name for one in mail.attachments)
    if wanted.attachments:
        say("attachments", names == wanted.attachments, names)
    if wanted.tnef:
        inside = tuple(one.name for one in mail.attachments if one.tnef)
        say("tnef", inside == wanted.tnef, inside)
    if wanted.new is not None:
        want, got = Counter(wanted.new.split()), Counter(mail.new_text.split())
        found.add("kept", (want & got).total(), want.total())
        say("good", want == got, mail.new_text)
    answered = is_answered(decision)
    what = {"person": "people", "bounce": "bounces", "automatic": "automatic"}[wanted.who]
    say(what, answered == (wanted.who == "person"), f"{decision.kind} {[r.code for r in decision.reasons]}")
    return faults


def measure(every: int = 1, *, show: bool = False) -> dict[str, Figures]:
    """Figures by class of mails."""
    decided(parse_mail(b"From: warm@up.example\r\n\r\nx"))  # tables are made once
    by_class: dict[str, Figures] = {}
    for name, wanted in mails(every):
        faults = judge(wanted, by_class.setdefault(name, Figures()))
        if show and faults:
            print(f"== {name}: {wanted.name}", *faults, sep="\n   ")
    return by_class


def below(by_class: dict[str, Figures]) -> list[str]:
    """Whatever does not reach its bound, in all classes together and in each that has 100 mails or more."""
    total = Figures()
    short: list[str] = []
    for name, found in by_class.items():
        for what, (right, of) in found.counts.items():
            total.add(what, right, of)
            if of >= 100 and right / of < BOUNDS[what]:
                short.append(f"{name}: {what} {right} of {of}")
        if found.cpu > BOUNDS["cpu"]:
            short.append(f"{name}: {found.cpu:.2f} s CPU")
    short += [
        f"all: {what} {right} of {of}"
        for what, (right, of) in total.counts.items()
        if right / of < BOUNDS[what]
    ]
    return short


def main() -> None:
    shown = (
        "subject",
        "sender",
        "body",
        "attachments",
        "tnef",
        "kept",
        "good",
        "bounces",
        "automatic",
        "people",
    )
    by_class = measure(int(next((a for a in sys.argv[1:] if a.isdigit()), "1")), show="--show" in sys.argv)
    print(f"{'class':26}{'mails':>6}", *(f"{what:>11}" for what in shown), "   CPU ms")
    for name, found in by_class.items():
        shares = (found.share(what) for what in shown)
        cells = (f"{'':>11}" if share is None else f"{share:>11.2%}" for share in shares)
        print(f"{name:26}{found.mails:>6}", *cells, f"{found.cpu * 1000:>9.1f}")
    print(f"\n{'threading':26}{'mails':>6} {'right':>11} {'wrong':>11}")
    for kind in conversations.KINDS:
        for traces, name in conversations.TRACES.items():
            row = conversations.measured(kind, traces)
            print(
                f"{kind + ', ' + name:32}{row.mails:>6} {row.right / max(1, row.mails):>10.2%} {row.wrong:>8}"
            )
    print("\nbelow what is promised:", *(below(by_class) or ["nothing"]), sep="\n  ")


if __name__ == "__main__":
    main()
