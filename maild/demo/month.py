"""`maild demo --month`: two months of six companies on a simulated clock, and the mail of the month that a manager gets.

The minutes are few enough to be added up by hand; tests/scenarios/test_month.py holds the sums. All times: Budapest.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from maild.commands import output
from maild.demo.script import COMPANIES, CONFIG, AgentTurn, CustomerMail, act, moment
from maild.demo.simulated import Posted, SimulatedDesk
from maild.demo.week import in_folder, play
from maild.report.timesheet import clock
from maild.values import dataclass

START, MONTH, END = "2027-02-01 08:00", "2027-03", "2027-04-01 08:00"
DIRECTOR, BILLS = "vera@desk.example", "ilona@duna.example"

REPORTS = f"""
[[report]]
name = "month"
kinds = ["time", "sla", "volume"]
to = ["{DIRECTOR}"]
[[report]]
name = "duna"
company = "duna"
kinds = ["time", "sla"]
"""

#: contracts with hours: one whose account begins anew each month, one that carries on what is left
TERMS = (
    ("contract", "edit", "duna", "--hours-included", "4"),
    ("contract", "edit", "vandam", "--hours-included", "2", "--carry"),
    ("contact", "add", BILLS, "--company", "duna", "--name", "Szabó Ilona", "--role", "billing"),
)


@dataclass(frozen=True)
class Work:
    """Time logged: when, by whom, how long, and what else `log` is told."""

    at: str
    agent: str
    duration: str
    words: str
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class MonthRequest:
    """A request from its mail to its end. `owner` takes it at `taken`; "" where nobody does; `closed` likewise."""

    at: str
    who: str
    subject: str
    text: str
    owner: str = ""
    taken: str = ""
    work: tuple[Work, ...] = ()
    closed: str = ""
    cost: str = ""  # announced when it is taken: it is outside of the contract


def _one(
    at: str, who: str, subject: str, text: str, agent: str, duration: str, *, taken: str = "09:30", closed: str = "15:00",
    more: tuple[str, ...] = (), cost: str = "",
) -> MonthRequest:  # fmt: skip
    """A request that is done the same day."""
    day = at.partition(" ")[0]
    work = (Work(f"{day} 14:00", agent, duration, text, more),)
    return MonthRequest(at, who, subject, text, agent, f"{day} {taken}", work, f"{day} {closed}", cost)


FEBRUARY = (
    _one("2027-02-03 08:40", "anna", "Lassú a nyomtató", "A nyomtató nagyon lassú.", "kata", "35m"),
    _one("2027-02-09 09:05", "joost", "Kassa 2 hapert", "Kassa 2 start soms niet.", "peter", "50m"),
    _one("2027-02-16 08:10", "emma", "Search is slow", "The search does not answer.", "peter", "1h40"),
    _one("2027-02-18 08:50", "bram", "Planner", "De planner werkt niet.", "kata", "20m"),
    _one("2027-02-24 08:45", "els", "Scherm zwart", "Het scherm blijft zwart.", "nadia", "1h05"),
)
MARCH = (
    _one("2027-03-02 08:30", "anna", "Nem nyomtat", "Nem megy a nyomtató.", "kata", "50m"),  # 1006
    _one("2027-03-03 09:10", "joost", "Kassa 3", "Kassa 3 start niet.", "peter", "1h10"),
    _one("2027-03-05 09:00", "els", "Pc balie", "De pc van de balie start niet.", "nadia", "2h"),
    _one("2027-03-08 08:00", "emma", "Checkout", "The checkout does not work.", "peter", "3h05"),
    MonthRequest(  # 1010
        "2027-03-09 08:20", "anna", "Számlázó", "Nem indul a számlázó.", "kata", "2027-03-09 09:30",
        (
            Work("2027-03-09 12:00", "kata", "1h20", "számlázó"),
            Work("2027-03-10 09:00", "peter", "10m", "adatbázis"),
        ),
        "2027-03-10 15:00",
    ),
    _one("2027-03-10 08:40", "bram", "Nieuwe opleiding", "De planner voor de nieuwe mensen.", "kata", "2h", cost="3h"),
    _one(
        "2027-03-11 09:20", "saskia", "Bon", "De bon wordt niet afgedrukt.", "kata", "30m", more=("--own-fault",)
    ),
    MonthRequest("2027-03-12 09:00", "bolt", "Kassza", "Nem indul a kassza."),
    _one("2027-03-16 09:00", "luc", "Courriels", "Les courriels n'arrivent pas.", "peter", "15m"),  # 1014
    # nobody looks for eight hours: four were promised
    _one(
        "2027-03-16 09:30", "emma", "Reports are empty", "All reports are empty.", "peter", "20m", taken="17:40",
        closed="18:00",
    ),
    _one("2027-03-17 08:15", "anna", "Raktár", "Nem megy a raktár programja.", "nadia", "1h35"),
    _one("2027-03-18 08:50", "bram", "Rit", "Een rit wordt niet getoond.", "kata", "10m"),
    _one("2027-03-19 09:10", "joost", "Kassa 1", "Kassa 1 start niet.", "peter", "55m"),
    MonthRequest(  # 1019
        "2027-03-22 08:10", "anna", "Internet", "Nem megy az internet.", "kata", "2027-03-22 09:00",
        (
            Work("2027-03-22 10:00", "kata", "25m", "megmutattuk, hogyan kell", ("--courtesy",)),
            Work("2027-03-22 11:00", "kata", "40m", "kábel"),
        ),
        "2027-03-22 12:00",
    ),
    MonthRequest(
        "2027-03-23 09:00", "heike", "Angebot", "Bitte ein Angebot für fünf Arbeitsplätze.", "vera", "2027-03-23 10:00",
        (Work("2027-03-23 11:00", "vera", "45m", "Angebot besprochen"),),
    ),
)  # fmt: skip
#: at the month's end a lunch is taken out of what was logged on the ninth: 1h20 becomes 1h
CORRECTED = ("2027-03-30 16:00", 1010, "1h")


def steps() -> tuple[CustomerMail | AgentTurn, ...]:
    """Everything in the order in which it happens."""
    all_steps = [step for number, one in enumerate((*FEBRUARY, *MARCH), 1001) for step in _steps(number, one)]
    return tuple(sorted(all_steps, key=lambda step: step.at))


def _steps(number: int, one: MonthRequest) -> Iterator[CustomerMail | AgentTurn]:
    key = str(number)
    yield CustomerMail(one.at, one.who, one.subject, f"{one.text}\n")
    if one.taken:
        yield act(one.taken, one.owner, "take", key)
    if one.cost:
        yield act(one.taken, one.owner, "cost", "send", key, "--estimate", one.cost)
    for done in one.work:
        yield act(done.at, done.agent, "log", key, done.duration, *done.more, "-m", done.words)
    if one.closed:
        yield act(one.closed, one.owner, "close", key, "-m", "OK.")


def play_month(folder: Path) -> SimulatedDesk:
    """The desk on the first of April, when its reports have gone out. To be used as a context by the caller."""
    return SimulatedDesk(folder, CONFIG + REPORTS, COMPANIES, moment(START))


def fill(desk: SimulatedDesk) -> None:
    """Let the two months pass."""
    for words in TERMS:
        desk.maild(*words)
    for step in steps():
        play(desk, step)
    at, number, duration = CORRECTED
    desk.advance(moment(at))
    wrong = next(e for e in desk.show(number)["time"]["entries"] if e["raw_minutes"] == 80)
    desk.act("kata", "log", str(number), duration, "--correct", str(wrong["id"]), "-m", "lunch was counted")
    for at in (f"{END[:10]} 07:30", END):  # the desk opens
        desk.advance(moment(at))
        desk.settle()


def mail_of_the_month(desk: SimulatedDesk, to: str = DIRECTOR) -> Posted:
    """The report of March as it was sent."""
    return next(
        one for one in desk.posted
        if one.notice == "report" and to in one.to and one.data["period"] == MONTH
    )  # fmt: skip


def run(keep: Path | None) -> None:
    """Play it, print the mail and what its minutes are made of."""
    in_folder(keep, _run, "two months", "; the mail is {}/report.eml")


def _run(folder: Path) -> None:
    output.say("A desk with six companies under contract, one without, in February and March 2027.\n")
    with play_month(folder) as desk:
        fill(desk)
        sent = mail_of_the_month(desk)
        (folder / "report.eml").write_bytes(sent.raw)
        output.heading(f"  to {', '.join(sent.to)}: {output.safe_line(str(sent.mail['Subject']))}")
        output.say(output.safe_text(sent.text.replace("\r\n", "\n")))
        enclosed = ", ".join(str(part.get_filename()) for part in sent.mail.iter_attachments())
        output.say(f"  [{output.safe_line(enclosed)}]\n")
        for words in (
            ("report", "time", "--month", MONTH),
            ("report", "time", "--month", MONTH, "--items", "--company", "duna"),
        ):
            output.heading(f"$ maild {' '.join(words)}")
            output.say(desk.screen(*words))
        rows = desk.rows("report", "time", "--month", MONTH)
        raw, billed = (sum(row[name] for row in rows) for name in ("raw_minutes", "billed_minutes"))
        added_up = f"{clock(raw)} worked, {clock(billed)} billed (h:mm)"
        output.say(f"each row of `report time --json` added up: {added_up}\n")
