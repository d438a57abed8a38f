"""A customer at the distribution's neomutt, in batch mode: writes, reads their mailbox, answers.

Mail goes out by SMTP; the mailbox is one of Dovecot's, read by IMAP. To answer it wants a terminal, which a pty
stands in for, and gets its keys by `push`.
"""

from __future__ import annotations

import os
import pty
import select
import shlex
import subprocess
import time
from pathlib import Path

from tests.servers.needs import program

RC = """
set from = "{address}"
set realname = "{name}"
set use_from = yes
set envelope_from = yes
set hostname = "acme.example"
set smtp_url = "smtp://127.0.0.1:{smtp}"
set ssl_force_tls = no
set ssl_starttls = no
set folder = "imap://{user}@127.0.0.1:{imap}/"
set imap_user = "{user}"
set imap_pass = "{password}"
set spoolfile = "+INBOX"
set record = ""
set copy = no
set header_cache = ""
set message_cachedir = ""
set confirmappend = no
set abort_unmodified = no
set autoedit = yes
set edit_headers = no
set include = yes
set fast_reply = yes
set recall = no
set sort = threads
set beep = no
set wait_key = no
set mail_check = 0
set timeout = 1
set editor = "{editor}"
set signature = ""
set charset = "utf-8"
set send_charset = "us-ascii:utf-8"
"""


class Neomutt:
    """`write` a new mail, `answer` one of the mailbox by its subject."""

    def __init__(
        self, home: Path, *, address: str, name: str, smtp: int, imap: int, user: str, password: str
    ) -> None:
        self._program = program("neomutt", "neomutt")
        self._home = home
        home.mkdir()
        self._words = home / "words"
        editor = home / "editor"
        # the words above the quoted mail, as people do
        editor.write_text(
            f'#!/bin/sh\ncat {shlex.quote(str(self._words))} "$1" > "$1.new" && cat "$1.new" > "$1"; rm "$1.new"\n'
        )
        editor.chmod(0o755)
        (home / "rc").write_text(
            RC.format(
                address=address, name=name, smtp=smtp, imap=imap, user=user, password=password, editor=editor
            )
        )
        self._environment = {**os.environ, "HOME": str(home), "TERM": "xterm", "LC_ALL": "C.UTF-8"}

    def write(self, subject: str, text: str, to: str = "help@desk.example", *attachments: Path) -> None:
        """A new mail, by `neomutt -s SUBJECT TO < TEXT`."""
        files = ["-a", *map(str, attachments), "--"] if attachments else []
        command = [self._program, "-n", "-F", str(self._home / "rc"), "-s", subject, *files, to]
        done = subprocess.run(
            command,
            input=text,
            capture_output=True,
            text=True,
            timeout=30,
            env=self._environment,
            check=False,
        )
        assert done.returncode == 0, (done.stdout, done.stderr)

    def answer(self, pattern: str, text: str, *, group: bool = False) -> None:
        """Search the mailbox for `pattern`, reply to the first mail found, send, quit."""
        self._words.write_text(text + "\n")
        reply = "<group-reply>" if group else "<reply>"
        keys = f"<limit>all<enter><first-entry><search>{pattern}<enter>{reply}<send-message><quit>"
        self._in_a_terminal("-e", f'push "{keys}"')

    def _in_a_terminal(self, *words: str) -> None:
        command = [self._program, "-n", "-F", str(self._home / "rc"), *words]
        near, far = pty.openpty()
        process = subprocess.Popen(
            command, stdin=far, stdout=far, stderr=far, env=self._environment, start_new_session=True
        )
        os.close(far)
        out, end = b"", time.monotonic() + 30
        try:
            while time.monotonic() < end:
                ready, _, _ = select.select([near], [], [], 0.1)
                if ready:
                    try:
                        data = os.read(near, 65_536)
                    except OSError:
                        break
                    if not data:
                        break
                    out += data
                elif process.poll() is not None:
                    break
            else:
                raise AssertionError(f"neomutt does not end: {out[-2000:]!r}")
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            os.close(near)
