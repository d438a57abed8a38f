"""What holds for every mail, whatever is in it."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from datetime import UTC, datetime
from functools import lru_cache

from maild import config
from maild.app.handle_mail import decide
from maild.errors import NotYet, Unreadable
from maild.mail.own_ids import Signer
from maild.mail.parse import attachment_bytes, headers_only, parse_mail
from maild.model import AuthResult, Envelope, Facts, Mail
from maild.settings import Settings
from tests.timing import takes_less

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
SECONDS = 3.0  # CPU; mails of the fuzz are under 200 KB
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_BLANK = " \t\xa0\ufeff\u200b\u200c\u200d\u200e\u200f\u2060"
_SIGNER = Signer(b"not a secret, only for this test", "desk.example")


@lru_cache(maxsize=1)
def shipped() -> Settings:
    return config.load(config.shipped_path())


def check(raw: bytes) -> Mail | None:
    """Every law for one input. AssertionError names the law."""
    read: list[Mail] = []
    try:
        takes_less(SECONDS, lambda: read.append(parse_mail(raw)))
    except Unreadable:
        return None
    mail = read[0]
    _has_no_controls(mail)
    _is_split_without_loss(mail)
    assert parse_mail(raw) == mail, "reads differently the second time"
    headers_only(raw)
    if not mail.capped:
        for shown in mail.attachments[:20]:
            found, data = attachment_bytes(raw, shown.index)
            assert (found.name, len(data)) == (shown.name, shown.size), (
                "attachment differs when it is fetched"
            )
    _is_decided(mail)
    return mail


def _has_no_controls(mail: Mail) -> None:
    lines = [mail.subject, mail.message_id or "", *mail.references, *mail.in_reply_to]
    lines += [part for box in (*mail.froms, *mail.to, *mail.cc) for part in (box.address, box.name)]
    lines += [part for a in mail.attachments for part in (a.name, a.type, a.content_id)]
    for line in lines:
        assert not _CONTROL.search(line), f"control in {line!r}"
        assert "\n" not in line, f"line end in {line!r}"
        assert "\t" not in line, f"tab in {line!r}"
    for name in (a.name for a in mail.attachments):
        assert name, "an attachment without a name"
        assert "/" not in name, f"a path in {name!r}"
        assert name not in (".", ".."), name
    for text in (mail.text, mail.new_text, mail.elided, mail.visible_new_text):
        assert not _CONTROL.search(text), "control in a text"


def _is_split_without_loss(mail: Mail) -> None:
    def lines(text: str) -> Counter[str]:
        return Counter(line for line in text.split("\n") if line.strip(_BLANK))

    assert lines(mail.text) == lines(mail.new_text) + lines(mail.elided), "lines lost or doubled by the split"


def _is_decided(mail: Mail) -> None:
    numbers = itertools.count()
    try:
        plan = decide(
            mail, Envelope("file", NOW), Facts(), AuthResult(), shipped(), _SIGNER, NOW,
            nonce=lambda: f"n{next(numbers)}",
        )  # fmt: skip
    except NotYet:
        return
    assert plan.decision is not None
    assert plan.decision.reasons, "a decision without a reason"
