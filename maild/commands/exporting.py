"""Everything that is held of one person, as files: for the right of access (GDPR, article 15)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from maild.commands.people import person_json
from maild.commands.shapes import shapes, whole_json
from maild.consent.hiding import hide
from maild.errors import Refused
from maild.values import replace

if TYPE_CHECKING:
    from maild.model import JsonObject, JsonValue, PersonFacts
    from maild.store import Tx
    from maild.ticket.whole import WholeTicket


def export_person(tx: Tx, person: PersonFacts, folder: Path) -> list[str]:
    """Names of the files written: what is known of the person, their tickets, the mails from and to them.

    Refused where the folder holds something already: nobody's files are mixed with another's.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise Refused(f"{folder} is not empty: name a new folder")
    except OSError as error:
        raise Refused(f"{folder}: {error.strerror or error}") from None
    folder.chmod(0o700)
    addresses = tuple(dict.fromkeys((person.address, *person.addresses)))
    made: list[str] = []

    def write(name: str, content: bytes | JsonValue) -> None:
        raw = content if isinstance(content, bytes) else _json(content)
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(raw)
        path.chmod(0o600)
        made.append(name)

    write("contact.json", person_json(person) | {"memberships": [
        {"company": m.company, "roles": list(m.roles), "approves": list(m.approves), "site": m.site}
        for m in person.memberships
    ]})  # fmt: skip
    write("sessions.json", [
        {"signed_in": s.created_at.isoformat(), "used": s.used_at.isoformat(), "address": s.address}
        for s in tx.web.every_session(person.contact_id)
    ])  # fmt: skip
    for number in tx.tickets.of_person(addresses):
        write(f"tickets/{number}.json", _theirs(tx.queue.whole(number), addresses))
    for key in tx.inbound.from_person(addresses):
        if (content := tx.inbound.raw_or_none(key)) is not None:
            write(f"mails-in/{key}.eml", content)
    rows = tx.outbound.to_person(addresses)
    write("mails-out.json", shapes(tx.outbound.get(key).mail for key in rows))
    for key in rows:
        mail, raw = tx.outbound.get(key).mail, tx.outbound.raw(key)
        # a mail that carries a way in is of the person, the way in is not to be handed on
        if raw is not None and not mail.secret:
            write(f"mails-out/{key}.eml", raw)
    return made


def _theirs(whole: WholeTicket, addresses: tuple[str, ...]) -> JsonObject:
    """The ticket without what only agents see, but for entries by the person themselves."""
    kept = tuple(one for one in whole.ticket.entries if one.public or one.author in addresses)
    shown = replace(whole, ticket=replace(whole.ticket, entries=kept))
    return {**whole_json(shown), "data": {}}


def _json(value: JsonValue) -> bytes:
    return (hide(json.dumps(value, ensure_ascii=False, indent=1, default=str)) + "\n").encode()
