"""The only place with SQL: schema, queries, migrations, the one-transaction apply and the writer thread."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from maild.store.apply import Applied as Applied
    from maild.store.deadlines import DueDeadline as DueDeadline
    from maild.store.hooks import HookRow as HookRow
    from maild.store.hooks import HookWork as HookWork
    from maild.store.inbound import InboundWork as InboundWork
    from maild.store.outbound import Delivery as Delivery
    from maild.store.outbound_work import OutboundWork as OutboundWork
    from maild.store.rows import Claim as Claim
    from maild.store.store import Store as Store
    from maild.store.tx import Tx as Tx
    from maild.store.write_modes import Lane as Lane
    from maild.store.write_modes import WriteMode as WriteMode
    from maild.store.writer import Writer as Writer

_HOMES = {
    "Applied": "apply",
    "WriteMode": "write_modes",
    "Claim": "rows",
    "Delivery": "outbound",
    "DueDeadline": "deadlines",
    "HookRow": "hooks",
    "HookWork": "hooks",
    "InboundWork": "inbound",
    "Lane": "write_modes",
    "OutboundWork": "outbound_work",
    "Store": "store",
    "Tx": "tx",
    "Writer": "writer",
}


def __getattr__(name: str) -> Any:
    """Only what is asked for is imported: the models are read where the tables made from them are not there yet."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
