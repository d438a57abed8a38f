"""Every change that a plan can hold.

Over 300 lines: a table of files with the line and the fault that each is refused for.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from maild.errors import Refused
from maild.model import CompanyFacts, CompanySite, Membership, PersonFacts, SaveCompany, SaveContact
from maild.party.company_import import (
    CompanySpec,
    check_company,
    check_contact,
    difference,
    plan,
    read,
)
from maild.party.freemail import is_freemail
from maild.party.toml_lines import Lines
from maild.settings import CalendarSettings, ServiceLevel, Settings
from tests.cases import cases

SETTINGS = Settings(
    calendars={name: CalendarSettings(name) for name in ("office", "long", "always")},
    service_levels={"standard": ServiceLevel("standard")},
)

ACME = """\
[[company]]
key = "acme"
name = "Acme Kft."
domains = ["acme.example", ".acme.example"]   # the second: every subdomain
language = "hu"
service_level = "standard"
calendar = "office"
standing = "active"
who_may_file = "anyone"
[[company.contact]]
address = "Anna@Acme.example"
name = "Kovács Anna"
phone = "+36 1 555 0100"
roles = ["reference"]
[[company.contact]]
address = "boss@acme.example"
addresses = ["bela@home.example"]
name = "Nagy Béla"
roles = ["reference", "approver"]
approves = ["permission", "device", "quote", "cost"]
"""


def load(
    text: str = ACME, name: str = "c.toml", present: dict[str, CompanyFacts] | None = None, **kw: Any
) -> tuple[CompanySpec, ...]:
    return read(text, name, SETTINGS, present, **kw)


def refused(text: str, name: str = "c.toml", present: dict[str, CompanyFacts] | None = None) -> str:
    with pytest.raises(Refused) as caught:
        load(text, name, present)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_company_and_contacts_are_read_and_normalised() -> None:
    (spec,) = load()
    assert spec.company == CompanyFacts(
        "acme", "Acme Kft.", ("acme.example", ".acme.example"), "hu", "standard", "office"
    )
    assert [c.addresses for c in spec.contacts] == [
        ("anna@acme.example",),
        ("boss@acme.example", "bela@home.example"),
    ]
    saved, *people = plan([spec]).changes
    assert saved == SaveCompany(spec.company)
    assert [(p.company, p.contact.addresses) for p in people if isinstance(p, SaveContact)] == [
        ("acme", contact.addresses) for contact in spec.contacts
    ]


@cases(
    ("old", "new", "line", "words"),
    [
        ('calendar = "office"', 'calendar = "ofice"', 7, "did you mean office"),
        ('"standard"', '"gold"', 6, "there are: standard"),
        ('"active"', '"asleep"', 8, "active, suspended"),
        ('"anyone"', '"nobody"', 9, "anyone, contacts, reference"),
        ('"hu"', '"pl"', 5, "en, nl, hu, de, fr"),
        ('".acme.example"', '"gmail.com"', 4, "open to anybody"),
        ('".acme.example"', '"acme"', 4, "write acme.example"),
        ('".acme.example"', '7', 4, "a list of texts"),
        ('"boss@acme.example"', '"boss"', 16, "write it like anna@acme.example"),
        ('"boss@acme.example"', '"anna@acme.example"', 16, "stands in line 11 already"),
        ('"reference"]', '"chief"]', 11, "reference, approver, billing"),
        ('"cost"]', '"holiday"]', 16, "permission, device, quote, cost"),
        ('phone = ', 'telephone = ', 13, "unknown key 'telephone'"),
        ('language = "hu"', 'langage = "hu"', 5, "unknown key 'langage'"),
        ('key = "acme"', 'valid_until = "2026-02-30"\nkey = "acme"', 2, "2026-12-31"),
        ('key = "acme"', 'valid_from = 2026-05-01\nvalid_until = 2026-04-01\nkey = "acme"', 3, "before valid_from"),
        ('key = "acme"', 'timezone = "Mars/Base"\nkey = "acme"', 2, "Europe/Budapest"),
        ('key = "acme"', 'require = "phone"\nkey = "acme"', 2, "dmarc, token"),
        ('key = "acme"', 'self_approval = true\nkey = "acme"', 2, "a list of texts"),
        ('key = "acme"', 'self_approval = ["holiday"]\nkey = "acme"', 2, "self_approval 'holiday' is unknown"),
        ('key = "acme"', 'calendars = {till = "night"}\nkey = "acme"', 2, "calendar for till"),
        ('key = "acme"', 'key = "ac me"', 2, "letters, digits"),
        ('key = "acme"', '', 1, "needs a key"),
        ('language = "hu"', 'language = hu', 5, "fix the TOML"),
        ('roles = ["reference", "approver"]', 'site = "north"', 16, "site 'north' is unknown"),
        ('"approver"]', ']', 16, 'the role "approver"'),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_its_line_and_what_to_do(old: str, new: str, line: int, words: str) -> None:
    assert ACME.replace(old, new, 1) != ACME
    text = refused(ACME.replace(old, new, 1))
    assert f"line {line}: " in text
    assert words in text


def test_all_faults_come_at_once() -> None:
    text = refused(ACME.replace('"hu"', '"pl"').replace('"boss@acme.example"', '"boss"'))
    assert "line 5: " in text
    assert "line 16: " in text
    assert "nothing was imported" in text


def test_domain_claimed_twice_in_the_file_or_held_by_another_company() -> None:
    second = '[[company]]\nkey = "beta"\ndomains = ["acme.example"]\n'
    assert "line 23: domain acme.example is claimed by acme (line 1) too" in refused(ACME + second)
    text = refused(ACME, present={"old": CompanyFacts("old", "Old", ("acme.example",))})
    assert "line 4: domain acme.example belongs to company old" in text


def test_domain_may_move_between_companies_of_one_file() -> None:
    second = '[[company]]\nkey = "old"\ndomains = ["old.example"]\n'
    assert len(load(ACME + second, present={"old": CompanyFacts("old", "Old", ("acme.example",))})) == 2


def test_company_twice_in_the_file() -> None:
    assert "company 'acme' stands in line 1 already" in refused(ACME + ACME)


CONTRACTS = """\
[[company]]
key = "acme"
[[company.contract]]
service_level = "standard"
valid_until = 2026-06-30
[[company.contract]]
service_level = "standard"
calendar = "long"
valid_from = 2026-07-01
"""


def test_the_contract_of_the_day_counts() -> None:
    (before,), (after,) = load(CONTRACTS, today=date(2026, 6, 30)), load(CONTRACTS, today=date(2026, 7, 1))
    assert (before.company.calendar, before.company.valid_until) == ("office", "2026-06-30")
    assert (after.company.calendar, after.company.valid_from) == ("long", "2026-07-01")


def test_overlapping_contracts_are_refused() -> None:
    text = refused(CONTRACTS.replace("2026-07-01", "2026-06-30"))
    assert "line 6: this contract overlaps with the one of line 3" in text


def test_sites_on_call_and_contract_details() -> None:
    (spec,) = load(
        '[[company]]\nkey = "shop"\noncall = { phone = "+32 1", code = "7", calendar = "always" }\n'
        'calendars = { till = "long" }\nexcluded = ["training"]\nself_approval = ["device"]\n'
        '[[company.site]]\nkey = "north"\nname = "North"\ntimezone = "Europe/Brussels"\n'
        '[[company.contact]]\naddress = "a@shop.example"\nsite = "north"\n'
    )
    c = spec.company
    assert (c.oncall_phone, c.oncall_code, c.oncall_calendar, c.self_approval) == (
        "+32 1",
        "7",
        "always",
        ("device",),
    )
    assert c.sites == {"north": CompanySite(name="North", timezone="Europe/Brussels")}
    assert (c.calendars, c.excluded) == ({"till": "long"}, ("training",))


def test_what_the_file_leaves_out_stays_as_stored() -> None:
    stored = CompanyFacts("acme", "Old name", timezone="Europe/London", require="token")
    (spec,) = load(present={"acme": stored})
    assert (spec.company.name, spec.company.timezone, spec.company.require) == (
        "Acme Kft.",
        "Europe/London",
        "token",
    )


def stored_people(spec: CompanySpec) -> list[PersonFacts]:
    return [
        PersonFacts(
            i,
            c.addresses[0],
            c.name,
            c.language,
            c.phone,
            (Membership("acme", c.roles, c.approves),),
            addresses=c.addresses,
        )
        for i, c in enumerate(spec.contacts)
    ]


def test_second_import_of_the_same_file_changes_nothing() -> None:
    (spec,) = load()
    present = {"acme": spec.company}
    again = load(present=present)
    assert again[0].company == spec.company
    assert difference(present, again, {"acme": stored_people(spec)}) == []


def test_dry_run_shows_each_difference() -> None:
    (spec,) = load()
    assert difference({}, [spec]) == [
        "+ company acme: Acme Kft.", "+ acme: contact anna@acme.example", "+ acme: contact boss@acme.example",
    ]  # fmt: skip
    old = replace(
        spec.company, name="Acme", domains=("acme.example", "old.example"), calendars={"till": "long"}
    )
    people = stored_people(spec)[:1]
    people[0] = replace(people[0], phone="1")
    assert difference({"acme": old}, [spec], {"acme": people}) == [
        "~ acme: name: Acme -> Acme Kft.",
        "~ acme: domains: + .acme.example",
        "~ acme: domains: - old.example",
        "~ acme: calendars: till = long -> -",
        "~ acme: anna@acme.example: phone: 1 -> +36 1 555 0100",
        "+ acme: contact boss@acme.example",
    ]


CSV = """\
company;company_name;domains;service_level;address;name;roles;approves
acme;Acme Kft.;acme.example .acme.example;standard;anna@acme.example;"Kovács; Anna";reference;
acme;;;;boss@acme.example;Nagy Béla;reference|approver;permission cost
beta;Beta BV;beta.example;;;;;
"""


@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_csv_with_a_row_a_contact(mark: str) -> None:
    text = CSV.replace('"Kovács; Anna"', "Kovács Anna").replace(";", mark)
    acme, beta = load(text, "c.CSV")
    assert (acme.company.domains, acme.company.service_level) == (
        ("acme.example", ".acme.example"),
        "standard",
    )
    assert [c.roles for c in acme.contacts] == [("reference",), ("reference", "approver")]
    assert acme.contacts[1].approves == ("permission", "cost")
    assert (beta.company.name, beta.contacts) == ("Beta BV", ())


@cases(
    ("old", "new", "line", "words"),
    [
        ("boss@acme.example", "boss", 3, "write it like"),
        ("acme;;;;boss", "acme;Other;;;boss", 3, "is not what line 2 says"),
        ("acme;;;;boss", ";;;;boss", 3, "company is empty"),
        ("beta.example;;;;;", "beta.example;;;", 4, "6 cells where line 1 has 8 columns"),
        ("beta.example", "hotmail.com", 4, "open to anybody"),
        ("service_level;", "servicelevel;", 1, "unknown column 'servicelevel'"),
        ("company;", "firm;", 1, "no column company"),
        ("company_name", "company", 1, "twice"),
        ('"Kovács; Anna"', '"Kovács"x', 2, "save the file as CSV again"),
    ],
)
def test_csv_faults_name_their_line(old: str, new: str, line: int, words: str) -> None:
    text = refused(CSV.replace(old, new, 1), "c.csv")
    assert f"line {line}: " in text
    assert words in text


@pytest.mark.parametrize("name", ["c.toml", "c.csv"])
def test_file_without_companies_is_refused(name: str) -> None:
    text = "" if name == "c.toml" else "company\n"
    assert "no company in it" in refused(text, name)


def test_one_company_is_checked_by_the_same_rules() -> None:
    good = CompanyFacts("acme", "Acme", ("acme.example",), service_level="standard")
    check_company(good, SETTINGS, {"acme": ("acme.example",), "beta": ("beta.example",)})
    with pytest.raises(Refused, match="belongs to company beta"):
        check_company(good, SETTINGS, {"beta": ("acme.example",)})
    with pytest.raises(Refused, match="open to anybody"):
        check_company(replace(good, domains=("gmail.com",)), SETTINGS, {})
    check_contact(["approver"], ["quote"], "hu")
    with pytest.raises(Refused, match="reference, approver, billing"):
        check_contact(["king"], [])


@pytest.mark.parametrize(
    "domain", ["gmail.com", ".GMAIL.com", "freemail.hu", "ziggo.nl", "gmx.de", "orange.fr"]
)
def test_freemail_domains_are_known(domain: str) -> None:
    assert is_freemail(domain)


def test_company_domains_are_no_freemail() -> None:
    assert not is_freemail("acme.example")
    assert not is_freemail("mail.acme.example")


def test_international_domains_become_a_labels() -> None:
    (spec,) = load(ACME.replace('".acme.example"', '"Bücher.example"'))
    assert "xn--bcher-kva.example" in spec.company.domains


def test_lines_are_found_past_multi_line_strings_and_quoted_keys() -> None:
    lines = Lines('[a]\nx = """\ny = 1\n[b]\n"""\n"q k" = 2\n[[c]]\n[[c.d]]\n[[c]]\n[[c.d]]\nz = 1\n')
    assert lines.of("a", "x") == 2
    assert lines.of("a", "q k") == 6
    assert lines.of("c", 1, "d", 0, "z") == 11
    assert lines.of("c", 1, "nowhere") == 9
    assert lines.of("nowhere") == 1
