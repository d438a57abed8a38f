"""The distribution's Postfix as a second instance: own configuration, queue and log in a temporary folder.

Never touches the system's instance in /etc/postfix. Needs root. What is addressed to a domain in
`local_domains` is delivered into Maildirs (`delivered`); a domain in `routes` goes on by SMTP to a port of
this machine; everything else bounces.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.servers.needs import free_port, program, tail
from tests.timing import PATIENCE

_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup    unix  n       -       n       60      1       pickup
cleanup   unix  n       -       n       -       0       cleanup
qmgr      unix  n       -       n       1       1       qmgr
rewrite   unix  -       -       n       -       -       trivial-rewrite
bounce    unix  -       -       n       -       0       bounce
defer     unix  -       -       n       -       0       bounce
trace     unix  -       -       n       -       0       bounce
verify    unix  -       -       n       -       1       verify
flush     unix  n       -       n       1000?   0       flush
proxymap  unix  -       -       n       -       -       proxymap
smtp      unix  -       -       n       -       -       smtp
relay     unix  -       -       n       -       -       smtp
error     unix  -       -       n       -       -       error
retry     unix  -       -       n       -       -       error
discard   unix  -       -       n       -       -       discard
virtual   unix  -       n       n       -       -       virtual
anvil     unix  -       -       n       -       1       anvil
scache    unix  -       -       n       -       1       scache
tlsmgr    unix  -       -       n       1000?   1       tlsmgr
postlog   unix-dgram n  -       n       -       1       postlogd
"""


class Postfix:
    """`start()`, `stop()`, `configure(...)`; `port` takes mail from this machine for every domain."""

    def __init__(self, local_domains: Sequence[str] = ("acme.example",), **settings: str) -> None:
        self._program = program("postfix", "postfix", root=True)
        self.base = Path(tempfile.mkdtemp(prefix="maild-postfix-"))
        self.base.chmod(0o755)
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = pwd.getpwnam("mail")
        self._mailboxes = self.base / "mailboxes"
        for name in ("config", "queue", "data", "mailboxes"):
            (self.base / name).mkdir()
        os.chown(self.base / "data", pwd.getpwnam("postfix").pw_uid, -1)
        os.chown(self._mailboxes, self._owner.pw_uid, self._owner.pw_gid)
        self._settings: dict[str, str] = {
            "compatibility_level": "3.6",
            "queue_directory": str(self.base / "queue"),
            "data_directory": str(self.base / "data"),
            "command_directory": "/usr/sbin",
            "daemon_directory": "/usr/lib/postfix/sbin",
            "maillog_file": str(self.base / "log"),
            "maillog_file_prefixes": str(self.base),
            "myhostname": "relay.test.example",
            "mydestination": "",
            "inet_interfaces": "127.0.0.1",
            "inet_protocols": "ipv4",
            "mynetworks": "127.0.0.0/8",
            "alias_maps": "",
            "local_recipient_maps": "",
            "smtpd_relay_restrictions": "permit_mynetworks, reject",
            "smtpd_client_connection_rate_limit": "0",
            "smtpd_peername_lookup": "no",
            "smtp_dns_support_level": "disabled",
            "smtp_host_lookup": "native",
            "smtp_line_length_limit": "0",
            "smtp_tls_security_level": "may",
            "smtp_connect_timeout": "5s",
            "smtp_destination_concurrency_limit": "5",
            "message_size_limit": "60000000",
            "mailbox_size_limit": "0",
            "virtual_mailbox_limit": "0",
            "virtual_mailbox_domains": ", ".join(local_domains),
            "virtual_mailbox_base": str(self._mailboxes),
            # one Maildir for all: maps with patterns may not make paths of what they matched
            "virtual_mailbox_maps": "static:all/",
            "virtual_minimum_uid": "1",
            "virtual_uid_maps": f"static:{self._owner.pw_uid}",
            "virtual_gid_maps": f"static:{self._owner.pw_gid}",
            "default_transport": "error:5.1.2 no such domain in this test",
            "transport_maps": "",
            "smtpd_recipient_restrictions": "",
            # a test that waits for the second attempt must not wait for minutes
            "queue_run_delay": "1s",
            "minimal_backoff_time": "1s",
            "maximal_backoff_time": "2s",
            **settings,
        }
        self._write()

    # ------------------------------------------------------------------------------- start and stop

    @property
    def log(self) -> str:
        return tail(self.base / "log", 40)

    def start(self) -> None:
        # in the foreground, so that its end is seen and no process of ours outlives us as an orphan
        self._process = subprocess.Popen(
            [self._program, "-c", str(self.base / "config"), "start-fg"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 2) as probe:
                    if probe.recv(4) == b"220 ":
                        return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"postfix does not answer: {self.log}")

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        self._command("stop")
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def restart(self) -> None:
        """What `configure` changed holds at once, for connections that stay open too."""
        self.stop()
        self.start()

    def remove(self) -> None:
        """Stop and delete everything."""
        self.stop()
        shutil.rmtree(self.base, ignore_errors=True)

    def configure(self, **settings: str) -> None:
        """Change main.cf; a running instance reloads, which takes a second."""
        if settings.items() <= self._settings.items():
            return
        self._settings.update(settings)
        self._write()
        if self._process is not None:
            self._command("reload")

    def route(self, ports: Mapping[str, int]) -> None:
        """Deliver these domains by SMTP to these ports of this machine, e.g. {"desk.example": receiver.port}."""
        rows = ", ".join(f"{{{domain} = smtp:[127.0.0.1]:{port}}}" for domain, port in ports.items())
        self.configure(transport_maps=f"inline:{{{rows}}}")

    def answer(self, answers: Mapping[str, str]) -> None:
        """What RCPT is answered for these addresses: {"busy@acme.example": "450 4.2.1 later"}; {} = take all."""
        rows = ", ".join(f"{{{address} = {text}}}" for address, text in answers.items())
        check = f"check_recipient_access inline:{{{rows}}}" if rows else ""
        self.configure(smtpd_recipient_restrictions=check)

    def flush(self) -> None:
        """Try everything in the queue now."""
        self._command("flush")

    # ----------------------------------------------------------------------------------- what came

    def delivered(self, address: str) -> list[bytes]:
        """The mails that came for a local address, oldest first, with Postfix's own header lines on top."""
        mark = f"\nDelivered-To: {address}\n".encode()
        found = [path for name in ("new", "cur") for path in (self._mailboxes / "all" / name).glob("*")]
        mails = [path.read_bytes() for path in sorted(found, key=lambda path: path.stat().st_mtime_ns)]
        return [raw for raw in mails if mark in raw.partition(b"\n\n")[0] + b"\n"]

    def wait_for(self, address: str, count: int = 1, seconds: float = PATIENCE) -> list[bytes]:
        """`delivered`, once there are so many."""
        deadline = time.monotonic() + seconds
        while len(found := self.delivered(address)) < count:
            if time.monotonic() > deadline:
                raise AssertionError(f"{len(found)} of {count} mails for {address}\n{self.log}")
            time.sleep(0.05)
        return found

    def queued(self) -> list[str]:
        """Ids of what is in the queue and not yet delivered."""
        said = subprocess.run(
            [program("postqueue", "postfix"), "-c", str(self.base / "config"), "-j"],
            capture_output=True,
            text=True,
            check=False,
        )
        return [line for line in said.stdout.splitlines() if line.startswith("{")]

    # -------------------------------------------------------------------------------------- inside

    def _write(self) -> None:
        config = self.base / "config"
        text = "".join(f"{key} = {value}\n" for key, value in self._settings.items())
        (config / "main.cf").write_text(text)
        (config / "master.cf").write_text(_MASTER.format(port=self.port))

    def _command(self, verb: str) -> None:
        done = subprocess.run(
            [self._program, "-c", str(self.base / "config"), verb],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"postfix {verb}: {done.stderr}\n{self.log}")
