"""Who wrote: by exactly one strict From mailbox and nothing else (contract, What happens to a mail, 3).

Reply-To, Sender and display names are never identity; neither is what a forwarded text says.
"""

from __future__ import annotations

from collections.abc import Mapping

from maild.mail.text.addresses import folded
from maild.model import AuthOutcome, AuthResult, Facts, Mail, Membership, PersonFacts, Sender
from maild.settings import Agent, Settings


def identify(
    mail: Mail, facts: Facts, auth: AuthResult | None, settings: Settings, desk_address: str = ""
) -> Sender:
    """Agent by their own address, else contact, else declared domain, else unknown.

    `desk_address`: which of the desk's addresses was written to; it chooses between two companies of one
    person. `how` is "none" where there is no single strict From.
    """
    authenticated: AuthOutcome = auth.result if auth else "unchecked"
    if mail.sender is None:
        return Sender(address=None, name="", how="none", authenticated=authenticated)
    address, name = mail.sender.address, mail.sender.name
    agent = agent_of(address, settings.agents)
    if agent is not None:
        return Sender(
            address, name or agent.name, "agent", agent.name, None, agent.teams, False, authenticated
        )
    person = facts.people.get(address)
    if person is not None:
        return _contact(person, address, name, facts, desk_address, authenticated)
    if facts.domain_company:
        return Sender(address, name, "domain", None, facts.domain_company, (), False, authenticated)
    return Sender(address, name, "unknown", authenticated=authenticated)


def agent_of(address: str, agents: Mapping[str, Agent]) -> Agent | None:
    """The agent whose own address this is."""
    for agent in agents.values():
        if agent.address and folded(agent.address) == address:
            return agent
    return None


def _contact(
    person: PersonFacts, address: str, name: str, facts: Facts, desk_address: str, authenticated: AuthOutcome
) -> Sender:
    membership, ambiguous = choose_membership(person.memberships, desk_address)
    return Sender(
        address=address,
        name=person.name or name,
        how="contact",
        contact=person.address,
        # a contact who was taken out of every company still writes from a declared domain
        company=membership.company if membership else facts.domain_company,
        roles=membership.roles if membership else (),
        ambiguous=ambiguous,
        authenticated=authenticated,
    )


def choose_membership(
    memberships: tuple[Membership, ...], desk_address: str
) -> tuple[Membership | None, bool]:
    """The membership of the desk address that was written to, else the first; True when that was a guess."""
    if not memberships:
        return None, False
    if len(memberships) == 1:
        return memberships[0], False
    for membership in memberships:
        if membership.desk_address and folded(membership.desk_address) == folded(desk_address):
            return membership, False
    return memberships[0], True
