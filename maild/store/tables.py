"""The tables of statements: SQLAlchemy's, of the columns that `columns.py` lists."""

from typing import Any

from sqlalchemy import Boolean, Column, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.types import TypeEngine

from maild.store import columns
from maild.store.plain_table import PlainColumn, PlainTable
from maild.store.types import BigId, Choice, JsonText, Moment, Words

METADATA = MetaData()
_TYPES: dict[str, type[TypeEngine[Any]] | TypeEngine[Any]] = {
    "BigId": BigId, "Boolean": Boolean, "Integer": Integer, "JsonText": JsonText, "LargeBinary": LargeBinary,
    "Moment": Moment, "Text": Text, "Words": Words,
}  # fmt: skip


def _table(plain: PlainTable) -> Table:
    return Table(plain.name, METADATA, *(_column(name, one) for name, one in plain.columns.items()))


def _column(name: str, one: PlainColumn) -> Column[Any]:
    type_ = _TYPES[one.type_name] if one.enum is None else Choice(one.enum)
    return Column(name, type_, primary_key=one.is_key, nullable=one.nullable, autoincrement=one.own_id)


META = _table(columns.META)
COUNTER = _table(columns.COUNTER)
EVENT = _table(columns.EVENT)
PROCESS = _table(columns.PROCESS)
LEASE = _table(columns.LEASE)
COMPANY = _table(columns.COMPANY)
COMPANY_DOMAIN = _table(columns.COMPANY_DOMAIN)
SITE = _table(columns.SITE)
CONTACT = _table(columns.CONTACT)
CONTACT_ADDRESS = _table(columns.CONTACT_ADDRESS)
MEMBERSHIP = _table(columns.MEMBERSHIP)
BOUNCED_ADDRESS = _table(columns.BOUNCED_ADDRESS)
TICKET = _table(columns.TICKET)
PARTICIPANT = _table(columns.PARTICIPANT)
ENTRY = _table(columns.ENTRY)
LINK = _table(columns.LINK)
TIME_ENTRY = _table(columns.TIME_ENTRY)
KNOWN_KEY = _table(columns.KNOWN_KEY)
DEADLINE = _table(columns.DEADLINE)
INBOUND = _table(columns.INBOUND)
INBOUND_RAW = _table(columns.INBOUND_RAW)
INBOUND_DECISION = _table(columns.INBOUND_DECISION)
OUTBOUND = _table(columns.OUTBOUND)
OUTBOUND_DATA = _table(columns.OUTBOUND_DATA)
OUTBOUND_RECIPIENT = _table(columns.OUTBOUND_RECIPIENT)
OUTBOUND_BYTES = _table(columns.OUTBOUND_BYTES)
HELD_NOTICE = _table(columns.HELD_NOTICE)
AUTOMATIC_COUNT = _table(columns.AUTOMATIC_COUNT)
BLOB = _table(columns.BLOB)
CONSENT = _table(columns.CONSENT)
CONSENT_TOKEN = _table(columns.CONSENT_TOKEN)
CONSENT_LOG = _table(columns.CONSENT_LOG)
OUTAGE = _table(columns.OUTAGE)
OUTAGE_UPDATE = _table(columns.OUTAGE_UPDATE)
OUTAGE_TICKET = _table(columns.OUTAGE_TICKET)
IMAP_STATE = _table(columns.IMAP_STATE)
ERASURE = _table(columns.ERASURE)
SEEN = _table(columns.SEEN)
ACT = _table(columns.ACT)
CANNED = _table(columns.CANNED)
WEB_LINK = _table(columns.WEB_LINK)
WEB_SESSION = _table(columns.WEB_SESSION)
HOOK_DELIVERY = _table(columns.HOOK_DELIVERY)
