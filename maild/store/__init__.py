"""The only place with SQL: schema, queries, migrations, the one-transaction apply and the writer thread."""

from maild.store.apply import Applied, Signer
from maild.store.consents import ChainReport
from maild.store.contacts import ContactInput
from maild.store.deadlines import DueDeadline
from maild.store.inbound import InboundWork
from maild.store.outbound import Delivery, OutboundWork
from maild.store.store import Store
from maild.store.tx import Tx
from maild.store.writer import Writer

__all__ = [
    "Applied",
    "ChainReport",
    "ContactInput",
    "Delivery",
    "DueDeadline",
    "InboundWork",
    "OutboundWork",
    "Signer",
    "Store",
    "Tx",
    "Writer",
]
