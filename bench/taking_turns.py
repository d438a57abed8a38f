"""One version's part in `bench.pairs`: takes batches through the stages of the tree that it is told.

    python taking_turns.py TREE FORM

Runs as a file, not as a module: `bench` and `maild` are those of the tree. For each line on its input, which is
a word, it takes one batch and answers with a line of JSON: CPU seconds by stage, or, for the word `calls`, how
many functions were called.
"""

from __future__ import annotations

import cProfile
import gc
import json
import sys
import tempfile
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = sys.argv[1]

from bench.load import WORDS
from bench.load import mail as plain
from bench.stages import BATCH, Desk, Stages

Batch = list[tuple[str, bytes]]


def _html(words: str) -> str:
    """As mail programs write it: a style sheet, paragraphs, a table for the signature."""
    rows = "".join(f"<p class=MsoNormal>{escape(line)}<o:p></o:p></p>\n" for line in words.splitlines())
    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta charset="utf-8">\n<style><!--\n'
        "p.MsoNormal {margin:0cm; font-size:11.0pt; font-family:Calibri,sans-serif;}\n"
        "a:link {color:#0563C1; text-decoration:underline;}\n--></style></head>\n"
        f'<body lang=EN-GB link="#0563C1"><div class=WordSection1>\n{rows}'
        '<table border=0><tr><td><b>Anna Berg</b></td><td><a href="https://acme.example/">acme.example</a>'
        "</td></tr></table>\n</div></body></html>\n"
    )


def _written(
    number: int, start: str, subject: str, words: str, *, text: bool, html: bool
) -> tuple[str, bytes]:
    """A mail with either or both kinds of text; its other header fields are those of a plain one."""
    sender, raw = plain(start, number, 2048)
    head = raw[: raw.index(b"User-Agent:")].decode()
    head = "".join(
        f"Subject: {subject}\r\n" if line.startswith("Subject:") else line
        for line in head.splitlines(keepends=True)
    )
    body = EmailMessage(policy=policy.SMTP)
    if text:
        body.set_content(words, cte="quoted-printable")
    if html and text:
        body.add_alternative(_html(words), subtype="html", cte="quoted-printable")
    elif html:
        body.set_content(_html(words), subtype="html", cte="quoted-printable")
    return sender, head.encode() + bytes(body)


def request(form: str, start: str, number: int) -> tuple[str, bytes]:
    """A new request: `new` is plain and of 2 KB, `html` and `both` say the same."""
    if form in ("new", "reply"):
        return plain(start, number, 2048)
    words = f"Hello, this is report {number}.\n\n" + f"{WORDS}\n" * 6
    subject = f"Printer {start}{number} does not print"
    return _written(number, start, subject, words, text=form == "both", html=True)


def reply(answer: bytes, start: str, number: int) -> tuple[str, bytes]:
    """What the requester writes below the acknowledgement, which is quoted."""
    said = message_from_bytes(answer, policy=policy.default)
    part = said.get_body(("plain",))
    quoted = "".join(f"> {line}\n" for line in str(part and part.get_content()).splitlines())
    words = f"{WORDS}\nIt is the one beside the lift.\n\nOn Mon, 2 Nov 2026 Help Desk wrote:\n{quoted}"
    sender, raw = _written(number, start, f"Re: {said['Subject']}", words, text=True, html=False)
    ours = str(said["Message-ID"])
    sender = str(said["To"]).split("<")[-1].strip("<> ")
    head, rest = raw.split(b"\r\nFrom: ", 1)
    rest = rest[rest.index(b"\r\n") :]
    return sender, (
        head + f"\r\nFrom: <{sender}>\r\nIn-Reply-To: {ours}\r\nReferences: {ours}".encode() + rest
    )


class Turns:
    """A desk and how far its mails are counted."""

    def __init__(self, folder: Path, form: str) -> None:
        self._desk, self._form, self._folder, self._start = Desk(folder), form, folder, 0

    def _requests(self) -> Batch:
        self._start += BATCH
        return [request(self._form, "t", self._start + i) for i in range(BATCH)]

    def _replies(self) -> Batch:
        """Answers to acknowledgements of requests that come now, and are not measured."""
        before = Stages()
        before.batches.append({})
        self._desk.take_in(self._requests(), before)
        self._desk.decide(before)
        files = set(self._answers())
        self._desk.send(before)
        new = sorted(set(self._answers()) - files)
        self._start += BATCH
        return [reply(one.read_bytes(), "r", self._start + i) for i, one in enumerate(new)]

    def _answers(self) -> list[Path]:
        return list((self._folder / "out" / "new").glob("*"))

    def take(self, *, counted: bool) -> dict[str, float]:
        """One batch: CPU seconds by stage, or calls of functions."""
        mails = self._replies() if self._form == "reply" else self._requests()
        stage, calls = Stages(), cProfile.Profile()
        stage.batches.append({})
        self._desk.take_in(mails, stage)
        begun = time.process_time()
        if counted:
            calls.enable()
        self._desk.decide(stage)
        self._desk.send(stage)
        calls.disable()
        if counted:
            return {"calls": float(sum(entry.callcount for entry in calls.getstats()))}
        return stage.batches[0] | {"whole": time.process_time() - begun}


def main() -> None:
    """Take turns until the input ends."""
    gc.set_threshold(20_000, 20, 20)  # as every `maild` does, in every version
    with tempfile.TemporaryDirectory() as folder:
        turns = Turns(Path(folder), sys.argv[2])
        for line in sys.stdin:
            print(json.dumps(turns.take(counted=line.strip() == "calls")), flush=True)


if __name__ == "__main__":
    main()
