"""What happened on a ticket while an agent's mail waited is told by one mail."""

from __future__ import annotations

from datetime import datetime

from maild.model import JsonObject
from maild.notice.agent_mails import AgentAlert, bundled
from maild.notice.content import freeze, thaw
from maild.store import Tx
from maild.store.alerts import QueuedAlert

#: set when the row was made; what a mail says is not its content's own
_OF_THE_ROW = ("number", "root_message_id")


def bundle_alerts(tx: Tx, now: datetime) -> None:
    """Alerts of one ticket to one agent that leave now leave as the newest of them."""
    groups: dict[tuple[int | None, str], list[QueuedAlert]] = {}
    for one in tx.alerts.due(now):
        groups.setdefault((one.ticket, one.address), []).append(one)
    for several in groups.values():
        if len(several) > 1:
            *older, newest = several
            tx.alerts.become_one(newest.id, _told(several), [one.id for one in older], now)


def _told(several: list[QueuedAlert]) -> JsonObject:
    contents = [thaw(AgentAlert.name, one.data) for one in several]
    made = contents[0]
    for newer in contents[1:]:
        assert isinstance(made, AgentAlert)
        assert isinstance(newer, AgentAlert)
        made = bundled(made, newer)
    kept = {name: several[-1].data[name] for name in _OF_THE_ROW if name in several[-1].data}
    return freeze(made) | kept
