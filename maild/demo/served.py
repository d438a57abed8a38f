"""A throw-away desk: its own folder, free ports, a real daemon beside us. Used by the demo and by tests of it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from types import TracebackType

from maild.commands.session import now
from maild.errors import PeerUnreachable, Refused

#: seconds until a daemon must be up, and a mail be answered
PATIENCE = 20.0


class DemoDesk:
    """`with DemoDesk(config, companies) as desk:` the daemon runs until the block ends."""

    def __init__(self, config: str, companies: str, keep: Path | None = None) -> None:
        if keep is not None:
            try:
                keep.mkdir(parents=True)
            except FileExistsError:
                raise Refused(f"{keep} exists; --keep names a new folder") from None
        self.folder = keep or Path(tempfile.mkdtemp(prefix="maild-demo-"))
        self._keep = keep is not None
        self._config, self._companies = config, companies
        self._daemon: subprocess.Popen[bytes] | None = None
        self._port = 0
        self._seen: set[str] = set()

    def __enter__(self) -> DemoDesk:
        (self.folder / "config.toml").write_text(self._config, encoding="utf-8")
        (self.folder / "companies.toml").write_text(self._companies, encoding="utf-8")
        try:
            self.maild("init")
            self.maild("company", "import", str(self.folder / "companies.toml"))
            log = (self.folder / "serve.log").open("wb")
            with log:
                self._daemon = subprocess.Popen(
                    self._command("serve"), cwd=self.folder, env=self._environment(), stdout=log, stderr=log,
                    stdin=subprocess.DEVNULL,
                )  # fmt: skip
            self._port = self._wait_for_port()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._daemon is not None:
            self._daemon.terminate()
            try:
                self._daemon.wait(20)
            except subprocess.TimeoutExpired:
                self._daemon.kill()
                self._daemon.wait()
        if not self._keep:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _command(self, *words: str) -> list[str]:
        return [sys.executable, "-c", "from maild.commands import main; main()", *words]

    def _environment(self) -> dict[str, str]:
        return {k: v for k, v in os.environ.items() if not k.startswith("MAILD_")} | {"PYTHONUTF8": "1"}

    def maild(self, *words: str) -> str:
        """Run a verb on this desk as an agent would; returns what it printed.

        In this process: the start of Python costs more than the verb.
        """
        from maild.commands.app import app, load

        load()
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            app(["--config", str(self.folder / "config.toml"), *words], standalone_mode=False)
        return printed.getvalue()

    def refused(self, *words: str) -> str:
        """What a verb says that is refused."""
        try:
            return self.maild(*words)
        except Refused as error:
            return f"maild: {error}"

    def _wait_for_port(self) -> int:
        note = self.folder / "var" / "maild.db.run.json"
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self._daemon is not None and self._daemon.poll() is not None:
                raise Refused(f"the daemon did not start: {(self.folder / 'serve.log').read_text()[-800:]}")
            try:
                return int(json.loads(note.read_text(encoding="utf-8"))["smtp"])
            except (OSError, ValueError, KeyError, TypeError):
                time.sleep(0.05)
        raise PeerUnreachable("the daemon of the demo did not start in time")

    def send(self, mail: EmailMessage, to: str = "help@desk.example") -> None:
        """Hand a mail to the desk's SMTP port, as the customer's mail server would."""
        sender = str(mail["From"]).rpartition("<")[2].rstrip("> ")
        with smtplib.SMTP("127.0.0.1", self._port, timeout=10) as relay:
            relay.send_message(mail, from_addr=sender, to_addrs=[to])

    def mailbox(self, address: str) -> list[EmailMessage]:
        """Every mail that went to `address` so far, oldest first."""
        mails: list[tuple[str, EmailMessage]] = []
        for path in sorted((self.folder / "var" / "outbox" / "new").iterdir()):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            assert isinstance(mail, EmailMessage)
            if address in f"{mail['To'] or ''} {mail['Cc'] or ''}":
                mails.append((path.name, mail))
        return [mail for _, mail in mails]

    def answer(self, address: str, text: str) -> EmailMessage:
        """Wait for a mail to `address` that holds `text` and was not returned before."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for mail in self.mailbox(address):
                if mail["Message-ID"] not in self._seen and text in body(mail) + str(mail["Subject"]):
                    self._seen.add(mail["Message-ID"])
                    return mail
            time.sleep(0.05)
        raise PeerUnreachable(f"no mail to {address} with {text!r} came in time")

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
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            rows = self.maild("mail", "list", "--json").splitlines()
            if sum(1 for r in rows if json.loads(r)["state"] != "received") >= mails:
                return
            time.sleep(0.1)
        raise PeerUnreachable("the mails were not processed in time")


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
