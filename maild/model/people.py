"""Companies and the people at them, as the store knows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from maild.values import dataclass


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's place in one company."""

    company: str
    roles: tuple[str, ...] = ()
    approves: tuple[str, ...] = ()
    site: str = ""
    desk_address: str = ""  # this membership counts when that desk address was written to


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A contact as found by one of their addresses."""

    contact_id: int
    address: str
    name: str
    language: str = ""
    phone: str = ""
    memberships: tuple[Membership, ...] = ()
    bounced: bool = False
    addresses: tuple[str, ...] = ()


class HoursPeriod(StrEnum):
    """For how long the prepaid hours of a contract are, by the calendar."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class CompanySite:
    """A place of a company. `timezone`: its own calendars' there; "" = the company's."""

    name: str = ""
    timezone: str = ""
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """A customer: declared domains, contract and standing."""

    key: str
    name: str
    domains: tuple[str, ...] = ()
    language: str = ""
    service_level: str = ""  # "" = no contract
    calendar: str = "office"
    calendars: Mapping[str, str] = field(default_factory=dict)  # topic -> calendar
    standing: str = "active"
    who_may_file: str = "anyone"
    require: str = ""  # consent: "" = the desk's [approval] require
    self_approval: tuple[str, ...] = ()  # kinds that an approver may approve for themselves
    timezone: str = ""
    valid_from: str = ""  # ISO date, "" = open
    valid_until: str = ""
    covered: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()  # topics outside the contract
    oncall_phone: str = ""
    oncall_code: str = ""
    oncall_calendar: str = ""
    cost_needs_consent: bool = False
    included_minutes: int = 0  # prepaid, billed minutes for each `hours_period`; 0 = none
    hours_period: str = HoursPeriod.MONTH
    carry: bool = False  # what is left goes on to the next period
    hours_in_mail: bool = False  # the closing mail says what is left
    sites: Mapping[str, CompanySite] = field(default_factory=dict)  # by key
    people: tuple[PersonFacts, ...] = ()  # references and approvers, filled where the plan may need them


@dataclass(frozen=True, slots=True)
class ContactInput:
    """A person as `contact add` and an import give them; the first address is the main one."""

    addresses: tuple[str, ...]
    name: str = ""
    phone: str = ""
    language: str = ""
    roles: tuple[str, ...] = ()
    approves: tuple[str, ...] = ()
    site: str = ""
    desk_address: str = ""
