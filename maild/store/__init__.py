"""The only place with SQL: schema, queries, migrations, the one-transaction apply and the writer thread."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from maild.store.apply import Applied, IdSigner
    from maild.store.consents import ChainReport
    from maild.store.deadlines import DueDeadline
    from maild.store.hooks import HookRow, HookWork
    from maild.store.inbound import InboundWork
    from maild.store.outbound import Delivery, OutboundWork
    from maild.store.rows import Claim
    from maild.store.store import Store
    from maild.store.tx import Tx
    from maild.store.write_modes import Lane, WriteMode
    from maild.store.writer import Writer

__all__ = [
    "Applied",
    "ChainReport",
    "Claim",
    "Delivery",
    "DueDeadline",
    "HookRow",
    "HookWork",
    "IdSigner",
    "InboundWork",
    "Lane",
    "OutboundWork",
    "Store",
    "Tx",
    "WriteMode",
    "Writer",
]

_HOMES = {
    "Applied": "apply",
    "WriteMode": "write_modes",
    "ChainReport": "consents",
    "Claim": "rows",
    "Delivery": "outbound",
    "DueDeadline": "deadlines",
    "HookRow": "hooks",
    "HookWork": "hooks",
    "IdSigner": "apply",
    "InboundWork": "inbound",
    "Lane": "write_modes",
    "OutboundWork": "outbound",
    "Store": "store",
    "Tx": "tx",
    "Writer": "writer",
}


def __getattr__(name: str) -> Any:
    """Only what is asked for is imported: the models are read where the tables made from them are not there yet."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
