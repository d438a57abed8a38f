"""Who of a company may ask for what: filing tickets, approving, adopting a colleague's request."""

from __future__ import annotations

from maild.mail.keywords import phrase_matcher, tokens
from maild.mail.text.addresses import folded
from maild.mail.text.folding import fold
from maild.model import CompanyFacts, Membership, PersonFacts

#: what an approver may approve whose `approves` names nothing: never money, that must be said
UNNAMED = ("permission", "device")
#: what the customer is asked to pay for
OFFERS = ("quote", "cost")
#: domains of a provider that ignores dots in the local part: one mailbox under two names
DOTLESS = ("gmail.com", "googlemail.com")
#: signs that make no other name at the beginning or the end of a local part: `boss.`, `"boss "`, `+boss`
_EDGES = '"\\ .+_-'


def membership(person: PersonFacts | None, company: CompanyFacts) -> Membership | None:
    """The person's place in that company."""
    if person is None:
        return None
    return next((m for m in person.memberships if m.company == company.key), None)


def site_of(person: PersonFacts | None, company: CompanyFacts | None) -> str:
    """The site (campus, shop, branch) of the company at which the person works, "" where none is known."""
    place = membership(person, company) if company is not None else None
    return place.site if place is not None and company is not None and place.site in company.sites else ""


def may_file(person: PersonFacts | None, company: CompanyFacts) -> bool:
    """Whether a ticket from `address` counts: of `anyone` of the company, `contacts`, `reference` persons.

    `person` is the contact with that address; None is somebody of whom only the domain is known.
    """
    if company.who_may_file == "anyone":
        return True
    place = membership(person, company)
    if place is None:
        return False
    return company.who_may_file == "contacts" or "reference" in place.roles


def approvers(company: CompanyFacts, kind: str, requester: str) -> tuple[PersonFacts, ...]:
    """Who may approve that kind (permission, device, quote, cost) for a request of `requester`.

    Nobody approves their own request, by whichever of their addresses they asked, unless `may_decide_own`.
    An approver without a list approves permissions and devices.
    """
    entitled = []
    for person in company.people:
        if not may_approve(person, company, kind):
            continue
        own = same_person(person.address, requester, person, company)
        if own and not may_decide_own(company, kind):
            continue
        entitled.append(person)
    return tuple(entitled)


def may_approve(person: PersonFacts, company: CompanyFacts, kind: str) -> bool:
    """Whether that person may approve that kind in the company, whoever asked."""
    place = membership(person, company)
    return place is not None and "approver" in place.roles and kind in (place.approves or UNNAMED)


def references(company: CompanyFacts, site: str = "") -> tuple[PersonFacts, ...]:
    """The company's reference persons; those of the site first where there are any, else all."""
    persons = []
    there = []
    for person in company.people:
        place = membership(person, company)
        if place is not None and "reference" in place.roles:
            persons.append(person)
            if site and place.site == site:
                there.append(person)
    return tuple(there or persons)


def may_adopt(person: PersonFacts | None, company: CompanyFacts) -> bool:
    """Whether that person's "ok" lets a colleague's request go on."""
    place = membership(person, company)
    return place is not None and "reference" in place.roles


def adopts(new_text: str) -> bool:
    """Whether a reference person's reply takes over a colleague's request: it begins with an "ok".

    A question mark or a word of refusal in the first line makes it no adoption.
    """
    first = next((line for line in new_text.splitlines() if line.strip()), "")
    words = tokens(first)
    if not words or "?" in first or phrase_matcher("refuse").hits(words):
        return False
    return any(hit.at == 0 for hit in phrase_matcher("adopt").hits(words))


def is_person(person: PersonFacts, address: str) -> bool:
    """Whether the address is one of the person's."""
    return folded(address) in map(folded, (person.address, *person.addresses))


def persons_of(company: CompanyFacts, address: str) -> tuple[PersonFacts, ...]:
    """Those of the company's references and approvers whose own address that is, as `same_person` counts."""
    return tuple(p for p in company.people if same_person(p.address, address, p, company))


def may_decide_own(company: CompanyFacts | None, kind: str) -> bool:
    """Whether who asked may decide themselves, if entitled: what an offer or a cost is accepted for is theirs to
    say, other kinds where the company's `self_approval` names them."""
    return kind in OFFERS or (company is not None and kind in company.self_approval)


def same_person(
    address: str, other: str, person: PersonFacts | None = None, company: CompanyFacts | None = None
) -> bool:
    """Whether two addresses count as one person's when it is asked who may *not* approve. `person`: the contact
    with the first address.

    So do all addresses of a contact, and what differs from one of them only by a `+tag`, by dots where the provider
    ignores them, by signs at its edges, by a declared sub-domain, or by letters of another script that look like its own.
    It never says who somebody is: there only the very address counts.
    """
    domains = company.domains if company is not None else ()
    own = {address, *((person.address, *person.addresses) if person is not None else ())}
    return _plain(other, domains) in {_plain(one, domains) for one in own if one}


def _plain(address: str, domains: tuple[str, ...]) -> str:
    """The address without its tag, without dots that say nothing, at the shortest declared domain above it."""
    local, _, domain = address.lower().rpartition("@")
    local = fold(local).strip(_EDGES) or local
    local = local.partition("+")[0].rstrip(_EDGES)
    if domain in DOTLESS:
        return f"{local.replace('.', '')}@gmail.com"
    above = {
        d.removeprefix(".") for d in domains if domain == d or domain.endswith("." + d.removeprefix("."))
    }
    return f"{local}@{min(above, key=len, default=domain)}"


def belongs(person: PersonFacts | None, company: CompanyFacts, address: str) -> bool:
    """Whether that address is of the company: a contact of it, or of a declared domain and of no other company."""
    if person is not None and person.memberships:
        return membership(person, company) is not None
    return in_domains(address, company.domains)


def in_domains(address: str, domains: tuple[str, ...]) -> bool:
    """Whether an address lies in declared domains; ".acme.example" means every subdomain."""
    domain = address.rpartition("@")[2]
    return any(domain == d or (d.startswith(".") and domain.endswith(d)) for d in domains)
