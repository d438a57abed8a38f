"""What makes a company or a contact wrong, each with what would be right."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from zoneinfo import ZoneInfo

from maild.errors import Refused
from maild.mail.text.addresses import normal_domain, normalise
from maild.model import LANGUAGES, CompanyFacts, ContactInput, HoursPeriod
from maild.party.freemail import is_freemail
from maild.settings import Settings
from maild.values import dataclass

ROLES = ("reference", "approver", "billing")
APPROVES = ("permission", "device", "quote", "cost")
STANDINGS = ("active", "suspended")
WHO_MAY_FILE = ("anyone", "contacts", "reference")
REQUIRES = ("", "dmarc", "token")
#: more working hours than a company of a thousand buys in a year
MOST_HOURS = 100_000

_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class CompanyProblem:
    """Something wrong; line 0 is where the company's `key` field stands."""

    line: int
    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class ContactSpec(ContactInput):
    """A person of an import, and the line of the file where they stand."""

    line: int = 0


def domain(text: str) -> str:
    """Lower case, A-labels (RFC 5890), a leading dot kept; what cannot be a domain comes back as it is."""
    plain = text.strip()
    dot, bare = ("." if plain.startswith(".") else ""), plain.lstrip(".")
    normal = normal_domain(bare)
    return dot + normal if normal else text


def address(text: str) -> str:
    """`Anna@ACME.example` as `anna@acme.example`, the domain as A-labels; unusable ones as they are."""
    return normalise(text) or text


def is_domain(text: str) -> bool:
    """A full domain name of two labels or more (RFC 1123, section 2.1), with or without the leading dot."""
    labels = text.removeprefix(".").split(".")
    return len(labels) > 1 and len(text) <= 253 and all(_LABEL.fullmatch(label) for label in labels)


def is_address(text: str) -> bool:
    """An address that we can write to: a dot-atom or quoted-string, and a domain (RFC 5321, section 4.1.2)."""
    local, _, host = text.rpartition("@")
    if local.startswith('"'):
        return normalise(text) == text and is_domain(host)
    wrong_dots = local.startswith(".") or local.endswith(".") or ".." in local
    return bool(_LOCAL.fullmatch(local)) and not wrong_dots and not host.startswith(".") and is_domain(host)


def is_date(text: str) -> bool:
    """An ISO date that exists."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def is_timezone(text: str) -> bool:
    """A name of the time zone database."""
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        return False
    return True


def whole_minutes(key: str, hours: object) -> int:
    """Hours as whole minutes, 0 for none. Refused for what is no such number."""
    exact = Fraction(str(hours)) * 60 if _NUMBER.fullmatch(str(hours)) else None
    if isinstance(hours, bool) or exact is None or exact.denominator != 1 or exact > MOST_HOURS * 60:
        raise Refused(
            f"{key} {hours!r} is not a number of hours in whole minutes; write 2, 2.5 or 0 for none"
        )
    return int(exact)


def problems(company: CompanyFacts, settings: Settings) -> list[CompanyProblem]:
    """All that is wrong with a company by itself; lines are 0, `key` names the field."""
    c = company
    calendars = tuple(settings.calendars)
    faults = [
        (
            "service_level",
            _choice("service_level", c.service_level, ("", *settings.service_levels), '"" = no contract'),
        ),
        ("calendar", _choice("calendar", c.calendar, calendars)),
        *(("calendars", _choice(f"calendar for {t}", name, calendars)) for t, name in c.calendars.items()),
        ("oncall_calendar", _choice("oncall_calendar", c.oncall_calendar, ("", *calendars))),
        ("standing", _choice("standing", c.standing, STANDINGS)),
        ("who_may_file", _choice("who_may_file", c.who_may_file, WHO_MAY_FILE)),
        ("require", _choice("require", c.require, REQUIRES, '"" = as the desk')),
        ("language", _choice("language", c.language, ("", *LANGUAGES))),
        ("hours_period", _choice("hours_period", c.hours_period, tuple(HoursPeriod))),
    ]
    if not _KEY.fullmatch(c.key):
        faults.append(("key", f"key {c.key!r}: use letters, digits, dot, dash and underscore, like acme-kft"))
    zones = [("timezone", c.timezone), *(("sites", s.timezone) for s in c.sites.values())]
    for key, zone in zones:
        if zone and not is_timezone(zone):
            faults.append((key, f"timezone {zone!r} does not exist; write one like Europe/Budapest"))
    faults += _dates(c)
    faults += [("domains", _domain_fault(d)) for d in c.domains]
    faults += [("self_approval", _choice("self_approval", kind, APPROVES)) for kind in c.self_approval]
    return [CompanyProblem(0, text, key) for key, text in faults if text]


def _dates(c: CompanyFacts) -> list[tuple[str, str]]:
    faults = [
        (name, f"{name} {value!r} is not a date; write it like 2026-12-31")
        for name, value in (("valid_from", c.valid_from), ("valid_until", c.valid_until))
        if value and not is_date(value)
    ]
    if not faults and c.valid_from and c.valid_until and c.valid_until < c.valid_from:
        text = f"valid_until {c.valid_until} lies before valid_from {c.valid_from}: swap or correct them"
        faults.append(("valid_until", text))
    return faults


def _domain_fault(name: str) -> str:
    if not is_domain(name):
        return f"domain {name!r} is not a domain; write acme.example, or .acme.example for every subdomain"
    if is_freemail(name):
        return f"domain {name} is open to anybody; declare these people as contacts by address instead"
    return ""


def contact_problems(company: CompanyFacts, contacts: Sequence[ContactSpec]) -> list[CompanyProblem]:
    """All that is wrong with the contacts of one company."""
    faults = []
    seen: dict[str, int] = {}
    for c in contacts:
        texts = [_contact_fault(c.roles, c.approves, c.language)]
        if not c.addresses:
            texts.append('a contact needs an address: address = "anna@acme.example"')
        for one in c.addresses:
            if not is_address(one):
                texts.append(f"address {one!r} is not an address; write it like anna@acme.example")
            elif one in seen:
                texts.append(f"address {one} stands in line {seen[one]} already: join the two")
            seen.setdefault(one, c.line)
        if c.site and c.site not in company.sites:
            texts.append(f"site {c.site!r} is unknown; there are: {', '.join(company.sites) or 'none'}")
        faults += [CompanyProblem(c.line, text) for text in texts if text]
    return faults


def check_contact(roles: Iterable[str], approves: Iterable[str], language: str = "") -> None:
    """Raise `Refused` unless a contact may have these."""
    fault = _contact_fault(tuple(roles), tuple(approves), language)
    if fault:
        raise Refused(fault)


def _contact_fault(roles: Sequence[str], approves: Sequence[str], language: str) -> str:
    texts = [_choice("role", role, ROLES) for role in roles]
    texts += [_choice("approves", kind, APPROVES) for kind in approves]
    texts.append(_choice("language", language, ("", *LANGUAGES)))
    if approves and "approver" not in roles:
        texts.append('approves counts only with the role "approver": add it to roles')
    return "; ".join(text for text in texts if text)


def _choice(what: str, value: str, choices: Sequence[str], note: str = "") -> str:
    """ "" when the value is one of the choices, else what is wrong and what there is."""
    if value in choices:
        return ""
    near = difflib.get_close_matches(value, choices, 1)
    there = ", ".join(c for c in choices if c) + (f" ({note})" if note else "")
    return f"{what} {value!r} is unknown{f', did you mean {near[0]}?' if near else ';'} there are: {there}"
