"""Who looks at the page: a contact who signed in, and what mail would show them."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from maild.model import CompanyFacts, PersonFacts
from maild.settings import Settings
from maild.store import Tx
from maild.values import dataclass

REFERENCE = "reference"
#: a session is written to at most so often: every page would be a commit
TOUCH = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Visitor:
    """A contact with a session. `address` is the one that the link went to: what they write is from there."""

    person: PersonFacts
    address: str
    companies: tuple[CompanyFacts, ...]
    sees_companies: tuple[str, ...]  # keys of the companies whose every ticket they may see
    id_hash: str
    stale: bool  # the session's last use should be noted

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def addresses(self) -> tuple[str, ...]:
        """All of the person's addresses."""
        return tuple(dict.fromkeys((self.address, self.person.address, *self.person.addresses)))

    @property
    def reference(self) -> bool:
        """Whether they may look at their company's people and hours."""
        return any(REFERENCE in one.roles for one in self.person.memberships)

    def language(self, settings: Settings) -> str:
        """Theirs, else their company's, else the desk's."""
        of_company = next((c.language for c in self.companies if c.language), "")
        return self.person.language or of_company or settings.desk.language


def hashed(secret: str) -> str:
    """What is kept of a cookie or link: hex of its SHA-256."""
    return hashlib.sha256(secret.encode()).hexdigest()


def visitor_of(tx: Tx, cookie: str, settings: Settings, now: datetime) -> Visitor | None:
    """Whose session a cookie names; None when it is none, over, or its contact is no more (or has another address)."""
    session = tx.web.session(hashed(cookie), now) if cookie else None
    if session is None:
        return None
    person = tx.contacts.by_ids([session.contact_id]).get(session.contact_id)
    if person is None or session.address not in (person.address, *person.addresses):
        return None
    companies = tx.companies.cached([one.company for one in person.memberships])
    whole = tuple(
        one.company
        for one in person.memberships
        if one.company in companies and (REFERENCE in one.roles or settings.web.sees == "company")
    )
    return Visitor(
        person,
        session.address,
        tuple(companies.values()),
        whole,
        session.id_hash,
        now - session.used_at > TOUCH,
    )


def hidden_teams(settings: Settings) -> tuple[str, ...]:
    """Teams whose tickets nobody outside gets mail about."""
    return (settings.tickets.spam_team, settings.tickets.review_team)
