"""The bytes of an outgoing mail from its frozen row: words by render/, the token put in, signed if we sign.

The token of an approval mail is in no data that is kept: it comes from the row's private column, goes into
the bytes, and the store wipes it when the bytes are saved.
"""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from maild.mail.own_ids import Signer
from maild.model import Json
from maild.notice.values import NamedPerson
from maild.render import Enclosure, Outgoing, Templates, compose, render_notice, templates_for
from maild.render.reports import PICTURE_CID
from maild.send.dkim import signer_for
from maild.settings import Settings
from maild.steps import Steps, each_within
from maild.store import OutboundWork, Tx
from maild.work.logs import Log
from maild.work.outgoing import Composed

log = Log("maild.work.compose")


class Composer:
    """Makes mails; called in the write transaction, so it may read what a mail encloses."""

    def __init__(self, settings: Settings, signer: Signer, *, instance: str = "") -> None:
        self._settings, self._signer, self._instance = settings, signer, instance
        self._templates: Templates = templates_for(settings)
        self._dkim = signer_for(settings.delivery, settings.desk.domain)
        logo = settings.desk.logo
        self._turn = Lock()  # lanes compose at the same time, and templates are read anew
        self._logo = Path(settings.path(logo)).read_bytes() if logo else b""

    def __call__(self, tx: Tx, work: OutboundWork) -> Steps[Composed]:
        """The mail's bytes and subject. Raises what templates and headers raise."""
        return each_within(lambda: self._turn, self._composed(tx, work))

    def _composed(self, tx: Tx, work: OutboundWork) -> Steps[Composed]:
        rendered = yield from render_notice(
            work.notice, work.language, _with_token(work.data, work.token), self._settings, self._templates,
            reader=_reader(work), reply_to=self._reply_to(work) or "",
        )  # fmt: skip
        for warning in rendered.warnings:
            log.warning("a template is not as it should be", notice=work.notice, because=warning)
        yield
        raw = compose(self._outgoing(tx, work), rendered, self._settings, self._logo)
        return Composed(self._dkim.sign(raw) if self._dkim else raw, rendered.subject)

    def refresh(self) -> None:
        """Use what the operator changed in the templates' folder."""
        with self._turn:
            refreshed = self._templates.refresh()
        if refreshed:
            log.info("templates were read again")

    def _outgoing(self, tx: Tx, work: OutboundWork) -> Outgoing:
        return Outgoing(
            to=work.to, cc=work.cc, message_id=work.message_id, date=work.created_at, language=work.language,
            in_reply_to=work.in_reply_to, references=work.references, reply_to=self._reply_to(work),
            auto=work.auto, instance=self._instance, mark=self._signer.delivery_mark(work.message_id), ticket=work.ticket,
            enclosures=(*_whole_request(tx, work), *(_enclosure(tx, sha256, _pictures(work)) for sha256 in work.attach)),
            consent_head=str(work.data.get("consent_head") or ""),
            from_name=str(work.data.get("actor") or "") if not work.auto else "",
        )  # fmt: skip

    def _reply_to(self, work: OutboundWork) -> str | None:
        """`help+TOKEN@` for approval mails, `help+NUMBER.SIG@` for others, where the configuration says so."""
        if not self._settings.threading.reply_addresses:
            return None
        address = self._settings.desk.address
        if work.token:
            local, _, domain = address.rpartition("@")
            return f"{local}+{work.token}@{domain}"
        return self._signer.reply_address(address, work.ticket) if work.ticket else None


def _reader(work: OutboundWork) -> NamedPerson | None:
    """A mail to one person greets that person."""
    if len(work.to) != 1 or work.cc:
        return None
    return NamedPerson(name=work.to[0].name, address=work.to[0].address)


def _with_token(data: Json, token: str | None) -> Json:
    if not token:
        return data
    return {**data, "consent": {**data.get("consent", {}), "reference_line": f"maild-{token}"}}


def _whole_request(tx: Tx, work: OutboundWork) -> tuple[Enclosure, ...]:
    """A request of which the mail shows the beginning, as a file: what is approved is all of it."""
    asked = work.data.get("consent") or {}
    if not asked.get("request_cut") or not asked.get("id"):
        return ()
    text = tx.consents.get(int(str(asked["id"]).removeprefix("C"))).request_text
    return (Enclosure("request.txt", "text/plain", text.encode("utf-8", "replace"), "utf-8"),)


def _pictures(work: OutboundWork) -> frozenset[str]:
    """Names of enclosed files that the HTML shows."""
    return frozenset(str(one.get("name")) for one in work.data.get("pictures") or ())


def _enclosure(tx: Tx, sha256: str, pictures: frozenset[str]) -> Enclosure:
    name, kind, content = tx.blobs.get(sha256)
    return Enclosure(
        name, kind, content, "utf-8" if kind == "text/csv" else "",
        PICTURE_CID.format(name=name) if name in pictures else "",
    )  # fmt: skip
