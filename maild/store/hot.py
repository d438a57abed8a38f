"""The statements that every mail runs, on the driver itself; nothing else stands here.

Beside each stands what it saves a mail against the same through SQLAlchemy: CPU microseconds, measured by
`python -m bench.statements` (half requests, half answers, in batches of 32) where the yardstick was 50. A statement that
saves less than 5, and less than 20 for a mail that comes alone, belongs to its repository.

Over 300 lines: the measured statements alone, each with its figure.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Sequence,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    or_,
    select,
    true,
    update,
)

from maild.store.facts_of import ALERT
from maild.store.statements import OnConflict, Prepared, PreparedIn, insert_all
from maild.store.tables import (
    AUTOMATIC_COUNT,
    CONSENT,
    CONTACT_ADDRESS,
    COUNTER,
    DEADLINE,
    ENTRY,
    EVENT,
    INBOUND,
    INBOUND_DECISION,
    INBOUND_RAW,
    KNOWN_KEY,
    META,
    OUTBOUND,
    OUTBOUND_BYTES,
    OUTBOUND_DATA,
    OUTBOUND_RECIPIENT,
    PARTICIPANT,
    TICKET,
)
from maild.ticket.phases import InboundState, OutboundState, RecipientState


def _like(column: ColumnElement[Any], name: str) -> BindParameter[Any]:
    """A parameter of the column's type, where the place does not say it."""
    return bindparam(name, type_=column.type)


# ------------------------------------------------------------------------------------------ the desk itself

# saves 3, a lone mail 30
META_VALUE = Prepared(select(META.c.value).where(META.c.key == bindparam("key")))
# saves 117
ADD_EVENT = Prepared(insert_all(EVENT))

# ------------------------------------------------------------------------------------------ mail coming in

_RECEIVED = INBOUND.c.state == literal_column(f"'{InboundState.RECEIVED}'")
#: yields the new id, or none where the source key is known
# saves 53
ACCEPT = Prepared(
    insert_all(INBOUND, "source_key", "source", "received_at", "mail_from", "rcpt_to", "peer", "trace", "sha256",
               "size", "file", "slow", "attempts", "claimed_until", "claimed_by",
               state=f"'{InboundState.RECEIVED}'", error="''", traceback="''")
    .ext(OnConflict("(source_key) DO NOTHING")), yields_id=True,
)  # fmt: skip
# saves 36
KEEP_RAW = Prepared(insert_all(INBOUND_RAW, packed="false"))
# saves 7, a lone mail 30
WAITING = Prepared(
    select(
        *INBOUND.c["id", "source", "received_at", "mail_from", "rcpt_to", "peer", "trace", "sha256", "size",
                   "attempts", "file", "source_key", "slow"],
        INBOUND_RAW.c.content,
    )
    .select_from(INBOUND.outerjoin(INBOUND_RAW, INBOUND_RAW.c.inbound_id == INBOUND.c.id))
    .where(
        _RECEIVED, INBOUND.c.slow == _like(INBOUND.c.slow, "slow"),
        or_(INBOUND.c.claimed_until.is_(None), INBOUND.c.claimed_until <= bindparam("now")),
    )
    .order_by(INBOUND.c.id)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True, of=INBOUND)
)  # fmt: skip
# saves 6, a lone mail 30
CLAIM_INBOUND = PreparedIn(
    lambda ids: (
        update(INBOUND)
        .where(INBOUND.c.id.in_(ids))
        .values(
            claimed_until=bindparam("until"),
            claimed_by=bindparam("worker"),
            attempts=INBOUND.c.attempts + literal_column("1"),
        )
    ),
    INBOUND.c.id,
)
_SET_BY_FINISH = ("state", "ticket", "duplicate_of", "error", "traceback", "message_id", "from_address", "subject",
                  "kind", "fingerprint")  # fmt: skip
# saves 85
FINISH = Prepared(
    update(INBOUND)
    .where(INBOUND.c.id == bindparam("key"), _RECEIVED)
    .values(
        {name: bindparam(name) for name in _SET_BY_FINISH}
        | {"claimed_until": literal_column("NULL"), "claimed_by": literal_column("''")}
    )
)
# saves 64
ADD_DECISION = Prepared(
    insert_all(INBOUND_DECISION).ext(OnConflict("(inbound_id) DO UPDATE SET decision = excluded.decision"))
)

# ----------------------------------------------------------------------------------------- what rules may know

# saves 94
KNOWN_KEYS = PreparedIn(lambda keys: select(*KNOWN_KEY.c).where(KNOWN_KEY.c.key.in_(keys)), KNOWN_KEY.c.key)
# saves 58
SAME_MAIL = Prepared(
    select(*INBOUND.c["id", "ticket"])
    .where(INBOUND.c.fingerprint == bindparam("fingerprint"), INBOUND.c.state == literal_column(f"'{InboundState.DONE}'"),
           INBOUND.c.id != _like(INBOUND.c.id, "own"))
    .order_by(INBOUND.c.id)
    .limit(literal_column("1"))
)  # fmt: skip
# saves 23
CONTACTS_WITH = PreparedIn(
    lambda addresses: select(*CONTACT_ADDRESS.c["address", "contact_id"]).where(
        CONTACT_ADDRESS.c.address.in_(addresses)
    ),
    CONTACT_ADDRESS.c.address,
)
# saves 79
AUTOMATIC_SUMS = PreparedIn(
    lambda keys: (
        select(AUTOMATIC_COUNT.c.key, func.sum(AUTOMATIC_COUNT.c["count"]).label("total"))
        .where(AUTOMATIC_COUNT.c.key.in_(keys), AUTOMATIC_COUNT.c.minute >= bindparam("since"))
        .group_by(AUTOMATIC_COUNT.c.key)
    ),
    AUTOMATIC_COUNT.c.key,
)
# an answer asks for its ticket as well
# saves 32
OUTBOUND_FACTS = PreparedIn(
    lambda ids: (
        select(*OUTBOUND.c["id", "notice", "ticket", "message_id", "state", "created_at"]).where(OUTBOUND.c.id.in_(ids))
    ),
    OUTBOUND.c.id,
)  # fmt: skip
# saves 45
TICKETS = PreparedIn(lambda numbers: select(*TICKET.c).where(TICKET.c.number.in_(numbers)), TICKET.c.number)
# saves 28
PARTICIPANTS = PreparedIn(
    lambda numbers: (
        select(*PARTICIPANT.c["ticket", "address", "name"])
        .where(PARTICIPANT.c.ticket.in_(numbers))
        .order_by(PARTICIPANT.c.at, PARTICIPANT.c.address)
    ),
    PARTICIPANT.c.ticket,
)
# saves 29
CONSENTS_OF = PreparedIn(
    lambda numbers: select(*CONSENT.c).where(CONSENT.c.ticket.in_(numbers)).order_by(CONSENT.c.id), CONSENT.c.ticket
)  # fmt: skip
# saves 30
RECENT_NOTICES = PreparedIn(
    lambda tickets: (
        select(*OUTBOUND.c["ticket", "notice"], OUTBOUND_RECIPIENT.c.address)
        .select_from(OUTBOUND.join(OUTBOUND_RECIPIENT, OUTBOUND_RECIPIENT.c.outbound_id == OUTBOUND.c.id))
        .where(OUTBOUND.c.ticket.in_(tickets), OUTBOUND.c.created_at > bindparam("since"))
    ),
    OUTBOUND.c.ticket,
)

# ---------------------------------------------------------------------------------------- what a plan writes

# saves 76
NEXT_NUMBER = Prepared(
    update(COUNTER)
    .where(COUNTER.c.name == literal_column("'ticket'"))
    .values(
        value=case(
            (COUNTER.c.value < _like(COUNTER.c.value, "first"), _like(COUNTER.c.value, "first")),
            else_=COUNTER.c.value,
        )
        + literal_column("1")
    )
)
# saves 37
NUMBER_TAKEN = Prepared(
    select((COUNTER.c.value - literal_column("1")).label("number")).where(
        COUNTER.c.name == literal_column("'ticket'")
    )
)
# saves 37; PostgreSQL's: nobody waits for a row
NEXT_OF_SEQUENCE = Prepared(select(Sequence("ticket_number").next_value().label("number")))
# saves 52
INSERT_TICKET = Prepared(
    insert_all(TICKET, phase_before="''", resolved_at="NULL", closed_at="NULL",
               merged_into="NULL")
)  # fmt: skip
# saves 150
ADD_ENTRY = Prepared(insert_all(ENTRY), yields_id=True)
# saves 20
TOUCH = Prepared(update(TICKET).where(TICKET.c.number == bindparam("key")).values(updated_at=bindparam("at")))
#: what is known keeps its meaning; only an id that was awaited gets one when its mail comes
# saves 74
REMEMBER = Prepared(insert_all(KNOWN_KEY).ext(OnConflict(
    "(key, ticket, sender) DO UPDATE SET origin = excluded.origin, outbound_id = excluded.outbound_id,"
    " notice = excluded.notice, inbound_id = excluded.inbound_id, sent_at = excluded.sent_at"
    " WHERE known_key.origin = 'awaited' AND excluded.origin <> 'awaited'"
)))  # fmt: skip
# saves 27
ADD_COUNT = Prepared(insert_all(AUTOMATIC_COUNT).ext(OnConflict(
    "(key, minute, process) DO UPDATE SET count = automatic_count.count + excluded.count"
)))  # fmt: skip
# saves 53
SET_DEADLINE = Prepared(insert_all(DEADLINE, claimed_until="NULL").ext(OnConflict(
    "(key) DO UPDATE SET type = excluded.type, ticket = excluded.ticket, at = excluded.at,"
    " data = excluded.data, claimed_until = NULL"
)))  # fmt: skip
# saves 28; an answer takes back what watched for it
REMOVE_DEADLINES = PreparedIn(lambda keys: delete(DEADLINE).where(DEADLINE.c.key.in_(keys)), DEADLINE.c.key)


# saves 38
@lru_cache(maxsize=256)
def update_ticket(names: tuple[str, ...]) -> Prepared:
    """Set these columns of the ticket `key`."""
    values = {name: _like(TICKET.c[name], name) for name in names}
    return Prepared(update(TICKET).where(TICKET.c.number == bindparam("key")).values(values))


# ------------------------------------------------------------------------------------------ mail going out

_SENDING = OUTBOUND.c.state == literal_column(f"'{OutboundState.SENDING}'")
# saves 46
ADD_OUTBOUND = Prepared(
    insert_all(OUTBOUND, attempts="0", maybe_sent="false", answer="''", sent_at="NULL"), yields_id=True,
)  # fmt: skip
# saves 27
KEEP_DATA = Prepared(insert_all(OUTBOUND_DATA))
# saves 24
ADD_RECIPIENT = Prepared(
    insert_all(OUTBOUND_RECIPIENT, state=f"'{RecipientState.WAITING}'", answer="''", at="NULL")
)
# saves 7, a lone mail 30
DUE = Prepared(
    select(
        *OUTBOUND.c["id", "notice", "ticket", "language", "message_id", "in_reply_to", "refs", "auto",
                    "null_sender", "token", "attach", "attempts", "maybe_sent", "created_at"],
        OUTBOUND_DATA.c.data, *OUTBOUND_BYTES.c["content", "mail_from"],
    )
    .select_from(
        OUTBOUND.outerjoin(OUTBOUND_DATA, OUTBOUND_DATA.c.outbound_id == OUTBOUND.c.id)
        .outerjoin(OUTBOUND_BYTES, OUTBOUND_BYTES.c.outbound_id == OUTBOUND.c.id)
    )
    .where(OUTBOUND.c.state == literal_column(f"'{OutboundState.QUEUED}'"), OUTBOUND.c.next_attempt_at <= bindparam("now"))
    .order_by(OUTBOUND.c.next_attempt_at, OUTBOUND.c.id)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True, of=OUTBOUND)
)  # fmt: skip
# saves 1, a lone mail 26: asked in each turn of the outbox. Nobody else sends one while it is told of in another's mail
DUE_ALERTS = Prepared(
    select(OUTBOUND.c.id, OUTBOUND.c.ticket, OUTBOUND_RECIPIENT.c.address, OUTBOUND_DATA.c.data)
    .join(OUTBOUND_RECIPIENT, OUTBOUND_RECIPIENT.c.outbound_id == OUTBOUND.c.id)
    .join(OUTBOUND_DATA, OUTBOUND_DATA.c.outbound_id == OUTBOUND.c.id)
    .where(
        OUTBOUND.c.state == literal_column(f"'{OutboundState.QUEUED}'"), OUTBOUND.c.next_attempt_at <= bindparam("now"),
        OUTBOUND.c.notice == literal_column(f"'{ALERT}'"), OUTBOUND.c.attempts == literal_column("0"),
    )
    .order_by(OUTBOUND.c.id)
    .with_for_update(skip_locked=True, of=OUTBOUND)
)  # fmt: skip
# saves 3, a lone mail 30
CLAIM_OUTBOUND = PreparedIn(
    lambda ids: (
        update(OUTBOUND)
        .where(OUTBOUND.c.id.in_(ids))
        .values(
            state=literal_column(f"'{OutboundState.SENDING}'"),
            claimed_until=bindparam("until"),
            claimed_by=bindparam("worker"),
        )
    ),
    OUTBOUND.c.id,
)
# saves 39
RECIPIENTS = PreparedIn(
    lambda ids: (
        select(*OUTBOUND_RECIPIENT.c["outbound_id", "address", "name", "field", "state"])
        .where(OUTBOUND_RECIPIENT.c.outbound_id.in_(ids))
        .order_by(OUTBOUND_RECIPIENT.c.outbound_id, OUTBOUND_RECIPIENT.c.position)
    ),
    OUTBOUND_RECIPIENT.c.outbound_id,
)
# saves 54
SAVE_BYTES = Prepared(insert_all(OUTBOUND_BYTES, packed="false").ext(OnConflict("(outbound_id) DO NOTHING")))
# saves 24
WIPE_TOKEN = Prepared(
    update(OUTBOUND)
    .where(OUTBOUND.c.id == bindparam("key"), OUTBOUND.c.token.is_not(None))
    .values(token=literal_column("NULL"))
)
# saves 23
RECORD = Prepared(
    update(OUTBOUND)
    .where(OUTBOUND.c.id == bindparam("key"), _SENDING)
    .values(
        state=bindparam("state"), answer=bindparam("answer"), sent_at=bindparam("sent_at"),
        next_attempt_at=case(
            (_like(OUTBOUND.c.next_attempt_at, "next").is_(None), OUTBOUND.c.next_attempt_at),
            else_=_like(OUTBOUND.c.next_attempt_at, "next"),
        ),
        attempts=OUTBOUND.c.attempts + _like(OUTBOUND.c.attempts, "more"),
        maybe_sent=case((_like(OUTBOUND.c.maybe_sent, "ambiguous"), true()), else_=OUTBOUND.c.maybe_sent),
        claimed_until=literal_column("NULL"), claimed_by=literal_column("''"),
    )
)  # fmt: skip
# saves 19
TELL_RECIPIENT = Prepared(
    update(OUTBOUND_RECIPIENT)
    .where(OUTBOUND_RECIPIENT.c.outbound_id == bindparam("key"), OUTBOUND_RECIPIENT.c.address == bindparam("who"))
    .values(state=bindparam("state"), answer=bindparam("answer"), at=bindparam("told_at"))
)  # fmt: skip

# ------------------------------------------------------------------------------------------- what is due

_ONE: ColumnElement[int] = literal_column("1")
# on no mail's way: each daemon looks three times a second. Three statements through SQLAlchemy took 3,300 us of the client
# and PostgreSQL together, this one 500
# saves 2,800
DUE_WORK = Prepared(select(
    select(INBOUND.c.id)
    .where(_RECEIVED, or_(INBOUND.c.claimed_until.is_(None), INBOUND.c.claimed_until <= bindparam("now")))
    .limit(_ONE).scalar_subquery().label("inbound"),
    select(OUTBOUND.c.next_attempt_at)
    .where(OUTBOUND.c.state == literal_column(f"'{OutboundState.QUEUED}'"))
    .order_by(OUTBOUND.c.next_attempt_at).limit(_ONE).scalar_subquery().label("outbound"),
    select(DEADLINE.c.at).order_by(DEADLINE.c.at).limit(_ONE).scalar_subquery().label("deadline"),
))  # fmt: skip
