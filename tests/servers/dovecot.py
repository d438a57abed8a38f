"""The distribution's Dovecot on free loopback ports, with everything in one temporary folder.

Every user name exists, with the password `PASSWORD` and an empty mailbox (Maildir) of its own. Debian 12
has 2.3, Debian 13 has 2.4 with another configuration language; both are written here. Works as root (mail
belongs to the user `mail`) and without.
"""

from __future__ import annotations

import contextlib
import getpass
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from imapclient import IMAPClient

from tests.servers.certificate import make_certificate
from tests.servers.needs import free_port, program, tail
from tests.timing import PATIENCE

PASSWORD = "secret word"

_COMMON = """
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
listen = 127.0.0.1
first_valid_uid = 1
mail_home = {base}/mail/{user_variable}
mail_uid = {mail_user}
mail_gid = {mail_group}
mailbox_idle_check_interval = 1 secs
mail_max_userip_connections = 50
default_internal_user = {internal_user}
default_internal_group = {internal_group}
default_login_user = {login_user}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
"""

_2_3 = """
protocols = imap
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:~/Maildir
ssl = yes
ssl_cert = <{cert}
ssl_key = <{key}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={mail_user} gid={mail_group} home={base}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
"""

_2_4 = """dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
protocols {{
  imap = yes
}}
auth_allow_cleartext = yes
auth_mechanisms = plain login
mail_driver = maildir
mail_path = ~/Maildir
ssl = yes
ssl_server_cert_file = {cert}
ssl_server_key_file = {key}
passdb static {{
  password = {password}
}}
userdb static {{
  fields {{
    uid = {mail_user}
    gid = {mail_group}
    home = {base}/mail/%{{user}}
  }}
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
"""


class Dovecot:
    """`start()`, `stop()`, `restart()`; `port` speaks plain IMAP and STARTTLS, `tls_port` TLS from the start."""

    def __init__(self) -> None:
        self._program = program("dovecot", "dovecot-imapd")
        if not Path("/usr/lib/dovecot/imap").exists() and not shutil.which(
            "imap", path="/usr/libexec/dovecot"
        ):
            program("dovecot-imapd is not here", "dovecot-imapd")
        self.base = Path(tempfile.mkdtemp(prefix="maild-dovecot-"))
        self.base.chmod(0o755)
        self.port, self.tls_port = free_port(), free_port()
        self.certificate, key = make_certificate(self.base)
        self._process: subprocess.Popen[bytes] | None = None
        said = subprocess.run([self._program, "--version"], capture_output=True, text=True, check=True).stdout
        self.version = tuple(int(part) for part in re.findall(r"[0-9]+", said)[:2])
        root = os.geteuid() == 0
        me = getpass.getuser()
        my_group = str(os.getegid())
        self._owner = pwd.getpwnam("mail" if root else me)
        values = {
            "base": self.base,
            "port": self.port,
            "tls_port": self.tls_port,
            "cert": self.certificate,
            "key": key,
            "password": PASSWORD if self.version >= (2, 4) else PASSWORD.replace(" ", "_"),
            "mail_user": self._owner.pw_name,
            "mail_group": "mail" if root else my_group,
            "internal_user": "dovecot" if root else me,
            "internal_group": "dovecot" if root else my_group,
            "login_user": "dovenull" if root else me,
            "user_variable": "%{user}" if self.version >= (2, 4) else "%u",
        }
        self.password = str(values["password"])
        language = _2_4 if self.version >= (2, 4) else _2_3
        (self.base / "dovecot.conf").write_text(language.format(**values) + _COMMON.format(**values))
        for name in ("run", "state", "mail"):
            (self.base / name).mkdir()
        os.chown(self.base / "mail", self._owner.pw_uid, self._owner.pw_gid)

    @property
    def log(self) -> str:
        return tail(self.base / "log")

    def start(self) -> None:
        with (self.base / "stderr").open("ab") as complaints:
            self._process = subprocess.Popen(
                [self._program, "-F", "-c", str(self.base / "dovecot.conf")],
                stdout=subprocess.DEVNULL,
                stderr=complaints,
                start_new_session=True,
            )
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise RuntimeError(f"dovecot ended: {tail(self.base / 'stderr')}\n{self.log}")
            try:
                with socket.create_connection(("127.0.0.1", self.port), 2) as probe:
                    if probe.recv(4) == b"* OK":
                        return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"dovecot does not answer: {self.log}")

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        # the master leaves the processes of logged-in clients behind, which would serve on
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    def kill(self) -> None:
        """All its processes at once, in the middle of whatever they do."""
        process, self._process = self._process, None
        assert process is not None
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def restart(self) -> None:
        self.stop()
        self.start()

    def remove(self) -> None:
        """Stop and delete everything."""
        self.stop()
        shutil.rmtree(self.base, ignore_errors=True)

    # ----------------------------------------------------------------------------------- mailboxes

    def client(self, user: str) -> IMAPClient:
        """A logged-in client, for looking at the mailbox as a person would; use it as a context manager."""
        client = IMAPClient("127.0.0.1", self.port, ssl=False, timeout=PATIENCE)
        client.login(user, self.password)
        return client

    def append(self, user: str, *mails: bytes, folder: str = "INBOX", flags: tuple[str, ...] = ()) -> None:
        """Deliver by IMAP APPEND."""
        with self.client(user) as client:
            for raw in mails:
                client.append(folder, raw, flags)

    def fill(self, user: str, mails: list[bytes]) -> None:
        """Many mails at once, as files; only into a mailbox that nobody has open."""
        maildir = self.base / "mail" / user / "Maildir"
        for name in ("cur", "new", "tmp"):
            (maildir / name).mkdir(parents=True, exist_ok=True)
        for number, raw in enumerate(mails):
            (maildir / "new" / f"{1_700_000_000 + number}.M{number}P1.test").write_bytes(raw)
        for folder, _, files in os.walk(self.base / "mail" / user):
            for name in [folder, *(os.path.join(folder, name) for name in files)]:
                os.chown(name, self._owner.pw_uid, self._owner.pw_gid)

    def change_uidvalidity(self, user: str) -> None:
        """As after a restore from a backup: other UIDVALIDITY, other UIDs, same mails and flags. Restarts."""
        self.stop()
        maildir = self.base / "mail" / user / "Maildir"
        uidlist = maildir / "dovecot-uidlist"
        old = re.search(r" V([0-9]+)", uidlist.read_text())
        assert old is not None
        uidlist.unlink()
        for index in maildir.glob("dovecot.index*"):
            index.unlink()
        # Dovecot takes the time as the new one: never the same second as the old one
        while int(time.time()) <= int(old[1]):
            time.sleep(0.1)
        self.start()
