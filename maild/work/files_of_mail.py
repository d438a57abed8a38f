"""Files that an agent sends on by an answer: taken out of the mail and kept, so that the customer's mail carries them."""

from __future__ import annotations

from datetime import datetime

from maild.app.agent_mail import OF_MAIL
from maild.mail.parse import attachment_bytes
from maild.model import AddEntry, Change, Plan, SendNotice
from maild.store import Tx
from maild.ticket.entries import ReplyDetails
from maild.values import replace


def kept(tx: Tx, plan: Plan, inbound_id: int, now: datetime) -> Plan:
    """The plan with each `mail:N` replaced by the checksum of that file's bytes, which are kept."""
    named = {name for change in plan.changes for name in _named(change) if name.startswith(OF_MAIL)}
    if not named:
        return plan
    raw = tx.inbound.raw(inbound_id)
    digests: dict[str, str] = {}
    for name in named:
        file, content = attachment_bytes(raw, int(name.removeprefix(OF_MAIL)))
        digests[name] = tx.blobs.put(content, file.name or "file", file.type, now)
    return replace(plan, changes=tuple(_with(change, digests) for change in plan.changes))


def _named(change: Change) -> tuple[str, ...]:
    return change.notice.attach if isinstance(change, SendNotice) else ()


def _with(change: Change, digests: dict[str, str]) -> Change:
    if isinstance(change, SendNotice) and change.notice.attach:
        attach = tuple(digests.get(one, one) for one in change.notice.attach)
        return replace(change, notice=replace(change.notice, attach=attach))
    if isinstance(change, AddEntry) and isinstance(change.details, ReplyDetails):
        rows = tuple(
            replace(one, sha256=digests.get(one.sha256, one.sha256)) for one in change.details.attachments
        )
        return replace(change, details=replace(change.details, attachments=rows))
    return change
