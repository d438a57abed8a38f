"""A throw-away desk: its own folder, free ports, a real daemon beside us."""

from __future__ import annotations

import re
import shutil
import smtplib
import socket
import tempfile
import urllib.parse
import urllib.request
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from types import TracebackType

from maild.commands.session import now
from maild.demo import new_folder
from maild.demo.mailbox import raw_in
from maild.demo.process import PATIENCE, DaemonProcess, serve
from maild.demo.verbs import DeskVerbs
from maild.errors import PeerUnreachable


class DemoDesk(DeskVerbs):
    """`with DemoDesk(config, companies) as desk:` the daemon runs until the block ends."""

    def __init__(self, config: str, companies: str, keep: Path | None = None) -> None:
        if keep is not None:
            new_folder(keep)
        self.folder = keep or Path(tempfile.mkdtemp(prefix="maild-demo-"))
        self._keep = keep is not None
        self.config = self.folder / "config.toml"
        self._texts = config, companies
        self._daemon = DaemonProcess(self.folder, self.folder / "var" / "maild.db.run.json")
        self._seen: set[str] = set()

    def __enter__(self) -> DemoDesk:
        try:
            self.begin(*self._texts)
            self._daemon.launch(serve(self.config), self.environment() | {"PYTHONUTF8": "1"})
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._daemon.close()
        if not self._keep:
            shutil.rmtree(self.folder, ignore_errors=True)

    def refused(self, *words: str) -> str:
        """What a verb says that is refused."""
        return self.ran(*words).err

    def send(self, mail: EmailMessage, to: str = "help@desk.example") -> None:
        """Hand a mail to the desk's SMTP port, as the customer's mail server would."""
        sender = str(mail["From"]).rpartition("<")[2].rstrip("> ")
        with smtplib.SMTP("127.0.0.1", self._daemon.told()["smtp"], timeout=10) as relay:
            relay.send_message(mail, from_addr=sender, to_addrs=[to])

    def mailbox(self, address: str) -> list[EmailMessage]:
        """Every mail that went to `address` so far, oldest first."""
        mails = [
            message_from_bytes(raw, policy=policy.default) for raw in raw_in(self.folder / "var" / "outbox")
        ]
        return [mail for mail in mails if address in f"{mail['To'] or ''} {mail['Cc'] or ''}"]

    def answer(self, address: str, text: str) -> EmailMessage:
        """Wait for a mail to `address` that holds `text` and was not returned before."""
        found: list[EmailMessage] = []

        def came() -> bool:
            found.extend(
                mail for mail in self.mailbox(address)
                if mail["Message-ID"] not in self._seen and text in body(mail) + str(mail["Subject"])
            )  # fmt: skip
            return bool(found)

        self._daemon.wait(came)
        self._seen.add(found[0]["Message-ID"])
        return found[0]

    def link(self, page: int, address: str) -> str:
        """Ask the customers' page for a way in, as a browser does, and take the link out of the mail."""
        cookies = urllib.request.HTTPCookieProcessor()
        browser = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)
        form = browser.open(f"http://127.0.0.1:{page}/", timeout=PATIENCE).read().decode()
        token = re.search(r'name="csrf" value="([0-9a-f]+)"', form)
        fields = urllib.parse.urlencode({"csrf": token[1] if token else "", "address": address})
        browser.open(f"http://127.0.0.1:{page}/sign-in", fields.encode(), timeout=PATIENCE).close()
        mail = self.answer(address, "/in/")
        match = re.search(r"http://127\.0\.0\.1:[0-9]+/in/[a-z0-9]+", body(mail))
        if match is None:
            raise PeerUnreachable("no link to the page came in time")
        return match[0]

    def settled(self, mails: int) -> None:
        """Wait until so many incoming mails are decided."""
        self._daemon.wait(lambda: sum(r["state"] != "received" for r in self.rows("mail", "list")) >= mails)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def body(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    part = mail.get_body(("plain",))
    return str(part.get_content()) if part is not None else ""


def letter(
    sender: str, subject: str, text: str, *, reply_to: str | None = None, **fields: str
) -> EmailMessage:
    """A mail as a customer's client writes it."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "help@desk.example", subject
    mail["Date"] = format_datetime(now())
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].rstrip("> "))
    if reply_to:
        mail["In-Reply-To"] = mail["References"] = reply_to
    for name, value in fields.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail
