"""What a mail's ticket is known by from now on: its Message-ID, what the rules keep, and the ids that it names and
nobody has seen. Those are awaited for its sender alone: several people may answer the same newsletter."""

from __future__ import annotations

import threading_rules
from maild.app.case import Case
from maild.mail.named_persons import named_persons
from maild.mail.text.addresses import folded
from maild.model import Mail, RememberKeys

#: of a long References field only the nearest are awaited
NEAREST = 10


def remember(case: Case, number: int) -> RememberKeys:
    """The keys of `case.mail` for the ticket `number`."""
    mail, sender = case.mail, case.sender.address or ""
    kept = threading_rules.kept(mail, case.settings.threading)
    keys = _awaited_ids(case, mail)
    if kept.awaited:
        keys += tuple(key for key in kept.awaited if not _seen(case, key))
    return RememberKeys(
        number, (mail.message_id,) if mail.message_id else (), keys if sender else (), kept.mine, sender
    )


def _awaited_ids(case: Case, mail: Mail) -> tuple[str, ...]:
    if not mail.in_reply_to and not mail.references:
        return ()
    named = dict.fromkeys((*mail.in_reply_to[:NEAREST], *mail.references[-NEAREST:]))
    unseen = [one for one in named if one != mail.message_id and not _seen(case, one)]
    if not unseen:
        return ()
    persons = named_persons(mail)
    return tuple(
        one for one in unseen if one not in persons and not _is_known_person(case, folded(one[1:-1]))
    )


def _seen(case: Case, key: str) -> bool:
    """Whether a mail with this id or index came, or left; then it means what it means."""
    return any(one.origin != "awaited" for one in case.facts.known.get(key, ()))


def _is_known_person(case: Case, address: str) -> bool:
    """A contact, somebody on a ticket that the mail is about, an agent, the desk itself."""
    settings = case.settings
    if address in case.facts.people or address in map(folded, settings.desk.addresses):
        return True
    if any(folded(agent.address) == address for agent in settings.agents.values()):
        return True
    return any(
        ticket.requester == address or any(box.address == address for box in ticket.participants)
        for ticket in case.facts.tickets.values()
    )
