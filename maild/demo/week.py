"""`maild demo --week`: a week of six companies on a simulated clock, played through the SMTP port and the verbs."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import tempfile
import time
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from zoneinfo import ZoneInfo

from maild.commands import output
from maild.demo import new_folder
from maild.demo.conversation import picture
from maild.demo.script import (
    COMPANIES,
    CONFIG,
    END,
    PEOPLE,
    START,
    WEEK,
    ZONE,
    AgentTurn,
    CustomerMail,
    moment,
)  # fmt: skip
from maild.demo.simulated import Posted, SimulatedDesk

_THROWN_AWAY = "maild-week-"
Step = CustomerMail | AgentTurn


def desk_of_the_week(folder: Path) -> SimulatedDesk:
    """The desk before the first mail."""
    return SimulatedDesk(folder, CONFIG, COMPANIES, moment(START))


def play(desk: SimulatedDesk, step: Step) -> str:
    """Let the time come and one step happen; what the verb printed."""
    desk.advance(moment(step.at))
    if isinstance(step, AgentTurn):
        return desk.act(step.agent, *(_filled(desk, word) for word in step.words))
    desk.send(
        _report(desk, step) if step.bounces else _mail(desk, step), mail_from="" if step.bounces else None
    )
    return ""


def _filled(desk: SimulatedDesk, word: str) -> str:
    """`{time}` is the last time entry that was written."""
    if word != "{time}":
        return word
    with desk.store.read() as tx:
        rows = [e for t in tx.tickets.list(all=True) for e in tx.timelog.of_ticket(t.number or 0)]
    return str(max(e.id for e in rows))


def answered(desk: SimulatedDesk, letter: CustomerMail) -> Posted | None:
    """The desk's last mail on that ticket to who writes now, or the last of that name."""
    if letter.answers is None:
        return None
    address = PEOPLE[letter.who].rpartition("<")[2].rstrip(">")
    mails = [
        p
        for p in desk.posted
        if p.ticket == letter.answers and address in p.to and letter.notice in ("", p.notice)
    ]
    if not mails:
        raise LookupError(f"{letter.who} got no mail on #{letter.answers} before {letter.at}")
    return mails[-1]


def _mail(desk: SimulatedDesk, letter: CustomerMail) -> EmailMessage:
    mail, before = EmailMessage(), answered(desk, letter)
    mail["From"], mail["To"] = PEOPLE[letter.who], "help@desk.example"
    mail["Subject"] = letter.subject.format(subject=before.mail["Subject"] if before else "")
    mail["Date"] = format_datetime(desk.now().astimezone(ZoneInfo(ZONE)))
    mail["Message-ID"] = make_msgid(domain=PEOPLE[letter.who].rpartition("@")[2].rstrip(">"))
    if before is not None:
        mail["In-Reply-To"] = before.mail["Message-ID"]
        mail["References"] = f"{before.mail['References'] or ''} {before.mail['Message-ID']}".strip()
    for name, value in letter.fields.items():
        mail[name] = value
    mail.set_content(letter.text)
    if letter.picture:
        mail.add_attachment(picture(), maintype="image", subtype="png", filename="scherm.png")
    return mail


def _report(desk: SimulatedDesk, letter: CustomerMail) -> bytes:
    """A delivery status notification (RFC 3464) on the last mail to that person: no such user."""
    before = answered(desk, letter)
    assert before is not None
    address = before.to[0]
    head = before.raw.split(b"\r\n\r\n" if b"\r\n\r\n" in before.raw else b"\n\n", 1)[0].decode()
    lines = [
        "From: Mail Delivery System <mailer-daemon@mx.example>", f"To: <{before.mail_from or 'help@desk.example'}>",
        "Subject: Undelivered Mail Returned to Sender", f"Date: {format_datetime(desk.now())}",
        "Message-ID: <report-1@mx.example>", "Auto-Submitted: auto-replied", "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"', "", "--b",
        "Content-Type: text/plain", "", f"Your mail to {address} could not be delivered.", "", "--b",
        "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.example", "",
        f"Final-Recipient: rfc822; {address}", "Action: failed", "Status: 5.1.1",
        "Diagnostic-Code: smtp; 550 5.1.1 no such user", "", "--b", "Content-Type: text/rfc822-headers", "",
        *head.splitlines(), "", "--b--", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


# ------------------------------------------------------------------------------------------------- shown


def run(keep: Path | None) -> None:
    """Play the week and print what everybody wrote, did and got."""
    in_folder(keep, _run, "a week", "; its files are in {}")


def in_folder(keep: Path | None, run: Callable[[Path], None], what: str, kept: str) -> None:
    """Run it in the folder of `--keep`, else in one that is thrown away, and say how long it took; `kept` says
    where its files stay. Refused where the folder exists."""
    began = time.monotonic()
    if keep is not None:
        new_folder(keep)
        run(keep)
    else:
        with tempfile.TemporaryDirectory(prefix=_THROWN_AWAY) as folder:
            run(Path(folder))
    stays = kept.format(keep) if keep is not None else ""
    output.say(f"({what} in {time.monotonic() - began:.1f} s{stays})")


def _run(folder: Path) -> None:
    output.say(
        "A desk with six companies under contract, one without, at Easter 2027. All times: Budapest.\n"
    )
    with desk_of_the_week(folder) as desk:
        shown = Diary(desk)
        for step in WEEK:
            play(desk, step)
            shown.step(step)
        desk.advance(moment(END))
        shown.mails()
        for words in (
            ("list",),
            *(("report", name, "--month", END[:7]) for name in ("time", "sla", "volume")),
        ):
            output.say()
            output.heading(f"$ maild {' '.join(words)}")
            output.say(desk.screen(*words))
        _plot(desk, folder)


def _plot(desk: SimulatedDesk, folder: Path) -> None:
    """A picture that stays when the desk is gone."""
    if not importlib.util.find_spec("matplotlib"):
        output.say("plots need matplotlib: pip install 'maild[plot]', then maild report sla --plot FILE.svg")
        return
    if folder.name.startswith(_THROWN_AWAY):
        handle, name = tempfile.mkstemp(prefix=_THROWN_AWAY, suffix=".svg")
        os.close(handle)
        file = Path(name)
    else:
        file = folder / "week.svg"
    words = ("report", "sla", "--month", END[:7], "--plot", str(file))
    output.heading(f"$ maild {' '.join(words)}")
    with contextlib.redirect_stderr(io.StringIO()):
        desk.maild(*words)
    output.say(f"promises kept and broken, as a picture: {file}\n")


class Diary:
    """Prints steps and the mails that they cause in the order in which they happened."""

    def __init__(self, desk: SimulatedDesk, say: Callable[[str], None] = output.say) -> None:
        self._desk, self._say = desk, say
        self._shown = 0
        self._day = ""

    def step(self, step: Step) -> None:
        """One step, after the mails that left before it."""
        at = moment(step.at)
        while self._shown < len(self._desk.posted) and self._desk.posted[self._shown].at < at:
            self._mail()
        self._line(step.at, _told(step))
        self.mails()

    def mails(self) -> None:
        """What left since."""
        while self._shown < len(self._desk.posted):
            self._mail()

    def _mail(self) -> None:
        mail = self._desk.posted[self._shown]
        self._shown += 1
        local = mail.at.astimezone(ZoneInfo(ZONE))
        subject = output.safe_line(str(mail.mail["Subject"]))
        self._line(
            f"{local:%Y-%m-%d %H:%M}",
            f"    {mail.notice} ({mail.language}) to {', '.join(mail.to)}: {subject}",
        )

    def _line(self, at: str, text: str) -> None:
        day, _, hour = at.partition(" ")
        if day != self._day:
            self._day = day
            self._say("")
            self._say(f"{moment(at).astimezone(ZoneInfo(ZONE)):%A %d %B %Y}")
        self._say(f"{hour}  {text}")


def _told(step: Step) -> str:
    if isinstance(step, AgentTurn):
        words = ("ENTRY" if w == "{time}" else f"{w!r}" if " " in w else w for w in step.words)
        return f"$ maild --as {step.agent} {' '.join(words)}"
    if step.bounces:
        return "a report comes back: no such user"
    name = PEOPLE[step.who].partition(" <")[0]
    subject = step.subject if step.answers is None else f"answers on #{step.answers}"
    return f"{name}: {subject}: {' '.join(step.text.split())[:70]}"
