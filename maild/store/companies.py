"""Companies: domains, contract, standing and sites."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, delete, insert, select, update

from maild.errors import NotFound, Refused
from maild.model import CompanyFacts, CompanySite
from maild.nearest import unknown
from maild.store import facts_of
from maild.store.contacts import Contacts
from maild.store.core import Transaction
from maild.store.tables import COMPANY, COMPANY_DOMAIN, MEMBERSHIP, SITE
from maild.ticket.codec import Codec

_COLUMNS = tuple(column.name for column in COMPANY.columns)
_SITE = Codec(CompanySite)


def candidates(domain: str) -> tuple[str, ...]:
    """What could declare a domain, most exact first: itself, then its parents' `.parent` forms."""
    labels = domain.split(".")
    return (domain, *("." + ".".join(labels[i:]) for i in range(1, len(labels))))


def keys_query() -> Select[Any]:
    """The keys of all companies."""
    return select(COMPANY.c.key).order_by(COMPANY.c.key)


class Companies:
    """`tx.companies`"""

    def __init__(self, tx: Transaction, contacts: Contacts) -> None:
        self._tx = tx
        self._contacts = contacts

    # ------------------------------------------------------------------------------------- reading

    def by_domain(self, domain: str) -> str | None:
        """The company whose declared domain covers this one, most exact first. Cached."""
        cache = self._tx.master.domains
        if domain not in cache:
            names = candidates(domain)[:12]
            owners = self._owners(names)
            cache[domain] = next((owners[name] for name in names if name in owners), None)
        return cache[domain]

    def cached(self, keys: Iterable[str]) -> dict[str, CompanyFacts]:
        """Companies with their references and approvers, for the path of every mail."""
        cache = self._tx.master.companies
        companies: dict[str, CompanyFacts] = {}
        for key in keys:
            if key not in cache:
                cache[key] = self.find(key)
            company = cache[key]
            if company is not None:
                companies[key] = company
        return companies

    def find(self, key: str | None, *, everybody: bool = False) -> CompanyFacts | None:
        """One company, None for no key; `people`: its references and approvers, or all its members."""
        if not key:
            return None
        row = self._tx.execute(select(COMPANY).where(COMPANY.c.key == key)).first()
        return None if row is None else self._facts(row, everybody)

    def get(self, key: str) -> CompanyFacts:
        """The same; NotFound when there is none."""
        company = self.find(key)
        if company is None:
            keys = (row.key for row in self._tx.execute(keys_query()))
            raise NotFound(unknown(key, keys, "company", "`maild company list` shows them"))
        return company

    def list(self) -> tuple[CompanyFacts, ...]:
        """All, by key, with all their members."""
        rows = self._tx.execute(select(COMPANY).order_by(COMPANY.c.key)).all()
        return tuple(self._facts(row, True) for row in rows)

    def prepaid(self) -> tuple[CompanyFacts, ...]:
        """Those whose contract includes hours, by key; `people` are references and approvers."""
        query = select(COMPANY).where(COMPANY.c.included_minutes > 0, COMPANY.c.service_level != "")
        return tuple(self._facts(row, False) for row in self._tx.execute(query.order_by(COMPANY.c.key)).all())

    def keys(self) -> tuple[str, ...]:
        """The keys of all companies, in order."""
        return tuple(self._tx.execute(keys_query()).scalars())

    def names(self) -> dict[str, str]:
        """The names of all companies, by key."""
        return {row.key: row.name for row in self._tx.execute(select(*COMPANY.c["key", "name"]))}

    def _facts(self, row: Any, everybody: bool) -> CompanyFacts:
        domains = self._tx.execute(
            select(COMPANY_DOMAIN.c.domain)
            .where(COMPANY_DOMAIN.c.company == row.key)
            .order_by(COMPANY_DOMAIN.c.position, COMPANY_DOMAIN.c.domain)
        )
        sites = self._tx.execute(select(SITE.c.key, SITE.c.data).where(SITE.c.company == row.key))
        if everybody:
            people = self._contacts.list(row.key)
        else:
            members = self._tx.execute(select(MEMBERSHIP.c.contact_id, MEMBERSHIP.c.roles).where(
                MEMBERSHIP.c.company == row.key).order_by(MEMBERSHIP.c.contact_id))  # fmt: skip
            ids = [one.contact_id for one in members if one.roles]
            by_id = self._contacts.by_ids(ids)
            people = tuple(by_id[key] for key in ids if key in by_id)
        return facts_of.company(row, (one.domain for one in domains), sites, people)

    # ------------------------------------------------------------------------------------- writing

    def save(self, company: CompanyFacts) -> bool:
        """Add or change a company with its domains and sites (`people` is not looked at); whether it changed.

        Refused, naming the other company, when a domain is taken.
        """
        known = self.find(company.key)
        if known is not None and _same(known, company):
            return False
        values = {name: _plain(getattr(company, name)) for name in _COLUMNS}
        if known is None:
            self._tx.execute(insert(COMPANY).values(values))
        else:
            self._tx.execute(update(COMPANY).where(COMPANY.c.key == company.key).values(values))
        self._save_domains(company)
        self._tx.execute(delete(SITE).where(SITE.c.company == company.key))
        for key, site in company.sites.items():
            self._tx.execute(insert(SITE).values(company=company.key, key=key, data=_SITE.dump(site)))
        self._tx.master_changed()
        return True

    def _owners(self, domains: Sequence[str]) -> dict[str, str]:
        """Which company declared each."""
        query = select(*COMPANY_DOMAIN.c["domain", "company"]).where(COMPANY_DOMAIN.c.domain.in_(domains))
        return {row.domain: row.company for row in self._tx.execute(query)}

    def _save_domains(self, company: CompanyFacts) -> None:
        domains = tuple(dict.fromkeys(company.domains))
        for domain, owner in self._owners(domains).items():
            if owner != company.key:
                raise Refused(f"the domain {domain} belongs to company {owner}; remove it there first")
        self._tx.execute(delete(COMPANY_DOMAIN).where(COMPANY_DOMAIN.c.company == company.key))
        for position, domain in enumerate(domains):
            self._tx.execute(
                insert(COMPANY_DOMAIN).values(domain=domain, company=company.key, position=position)
            )

    def remove(self, key: str) -> None:
        """Forget a company; its tickets keep its key, its people stay as contacts. NotFound."""
        self.get(key)
        for table in (COMPANY_DOMAIN, SITE, MEMBERSHIP):
            self._tx.execute(delete(table).where(table.c.company == key))
        self._tx.execute(delete(COMPANY).where(COMPANY.c.key == key))
        self._tx.master_changed()


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if hasattr(value, "keys") else value


def _same(known: CompanyFacts, wanted: CompanyFacts) -> bool:
    mine = all(_plain(getattr(known, name)) == _plain(getattr(wanted, name)) for name in _COLUMNS)
    domains = known.domains == tuple(dict.fromkeys(wanted.domains))
    return mine and domains and dict(known.sites) == dict(wanted.sites)
