"""Who wrote: one strict From, nothing else."""

from __future__ import annotations

from maild.model import AuthResult, Mailbox, Membership
from maild.party.sender import identify
from maild.settings import Agent, Settings
from tests.unit.factory import HELP, facts, mail, person

SETTINGS = Settings(agents={"kata": Agent("kata", "kata@desk.example", ("L1",))})


def test_contact_before_domain() -> None:
    found = identify(mail(), facts(domain_company="globex"), AuthResult("dmarc-pass"), SETTINGS, HELP)
    assert (found.how, found.contact, found.company) == ("contact", "anna@acme.example", "acme")
    assert (found.name, found.authenticated) == ("Kovács Anna", "dmarc-pass")


def test_second_address_of_a_contact_is_the_contact() -> None:
    home = person("anna@acme.example", "acme", addresses=("anna@acme.example", "anna@home.example"))
    known = facts(people={"anna@home.example": home})
    found = identify(mail("anna@home.example"), known, None, SETTINGS, HELP)
    assert (found.address, found.contact, found.company) == ("anna@home.example", "anna@acme.example", "acme")


def test_declared_domain_then_unknown() -> None:
    assert (
        identify(mail("new@acme.example"), facts(domain_company="acme"), None, SETTINGS, HELP).how == "domain"
    )
    stranger = identify(mail("x@freemail.example"), facts(), None, SETTINGS, HELP)
    assert (stranger.how, stranger.company, stranger.contact) == ("unknown", None, None)


def test_reply_to_sender_and_display_name_are_never_identity() -> None:
    forged = mail(
        "anna@acme.example <x@evil.example>",
        headers={"Sender": "anna@acme.example", "Reply-To": "anna@acme.example"},
        reply_to=(Mailbox("anna@acme.example"),),
    )
    found = identify(forged, facts(), None, SETTINGS, HELP)
    assert (found.address, found.how) == ("x@evil.example", "unknown")


def test_no_single_strict_from_is_nobody() -> None:
    found = identify(mail(None), facts(domain_company="acme"), None, SETTINGS, HELP)
    assert (found.how, found.address, found.company) == ("none", None, None)


def test_agent_by_their_own_address() -> None:
    found = identify(mail("kata@desk.example"), facts(domain_company="acme"), None, SETTINGS, HELP)
    assert (found.how, found.contact, found.company, found.roles) == ("agent", "kata", None, ("L1",))


def test_person_at_two_companies_by_the_desk_address_else_the_first_and_marked() -> None:
    two = person(
        "anna@acme.example",
        memberships=(Membership("acme"), Membership("globex", desk_address="support@desk.example")),
    )
    known = facts(people={"anna@acme.example": two})
    asked = identify(mail(), known, None, SETTINGS, "support@desk.example")
    assert (asked.company, asked.ambiguous) == ("globex", False)
    guessed = identify(mail(), known, None, SETTINGS, HELP)
    assert (guessed.company, guessed.ambiguous) == ("acme", True)


def test_contact_of_no_company_falls_back_to_the_declared_domain() -> None:
    known = facts(people={"anna@acme.example": person("anna@acme.example")}, domain_company="acme")
    assert identify(mail(), known, None, SETTINGS, HELP).company == "acme"
