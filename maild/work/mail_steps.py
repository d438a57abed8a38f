"""The steps of one mail that read a stranger's bytes, as functions of values.

The daemon takes them itself for small mails; for others they run in a worker, which can be killed (`workers.py`). None
of them knows a clock, the network or the database.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from maild.app.handle_mail import decide
from maild.app.lookup import keys_of
from maild.mail.auth import evaluate, questions
from maild.mail.auth.signatures import Answers
from maild.mail.own_ids import Signer
from maild.mail.parse import ParseLimits, headers_only, parse_mail
from maild.model import AuthResult, Envelope, Facts, LookupKeys, Mail, Plan
from maild.settings import Settings
from maild.values import dataclass
from maild.work.nonces import token

#: a mail, or the file that holds it
Source = bytes | Path


@dataclass(frozen=True, slots=True)
class ReadMail:
    """A parsed mail, the DNS names that its signatures need, and what the database is asked for it."""

    mail: Mail
    questions: tuple[str, ...]
    keys: LookupKeys


def parse(settings: Settings, source: Source, limits: ParseLimits) -> Mail:
    """The mail alone. Raises `Unreadable`."""
    return parse_mail(_bytes(source), limits=limits, desk_addresses=settings.desk.addresses)


def read(settings: Settings, source: Source, envelope: Envelope, limits: ParseLimits) -> ReadMail:
    """Raises `Unreadable`."""
    return _read(parse(settings, source, limits), envelope, settings)


def read_headers(settings: Settings, source: Source, envelope: Envelope, limits: ParseLimits) -> ReadMail:
    """What is left of a mail that took too long: everything its header block says. Raises `Unreadable`."""
    return _read(headers_only(_bytes(source), limits=limits), envelope, settings)


def verify_by(
    _settings: Settings, own: Settings, source: Source, mail: Mail, envelope: Envelope, answers: Answers
) -> AuthResult:
    """Who vouches for the mail by settings of its own, which need no more than what authentication asks for."""
    return evaluate(_bytes(source), mail, envelope, answers, own)


def decide_alone(
    settings: Settings, mail: Mail, envelope: Envelope, facts: Facts, auth: AuthResult, signer: Signer, now: datetime,
    instance: str,
) -> Plan:  # fmt: skip
    """The decision outside of a transaction: it holds as long as the facts do. Raises `NotYet`."""
    return decide(mail, envelope, facts, auth, settings, signer, now, nonce=token, instance=instance)


def _read(mail: Mail, envelope: Envelope, settings: Settings) -> ReadMail:
    return ReadMail(mail, questions(mail), keys_of(mail, envelope, settings))


def _bytes(source: Source) -> bytes:
    return source if isinstance(source, bytes) else source.read_bytes()
