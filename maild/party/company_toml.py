"""Reading `[[company]]` tables; what may stand in them is told in `companies.py`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from maild.errors import Refused
from maild.model import CompanyFacts, CompanySite, Json
from maild.party import company_checks
from maild.party.company_checks import CompanyProblem, ContactSpec
from maild.party.toml_lines import Lines

_LISTS = ("domains", "covered", "excluded", "self_approval")
_FLAGS = ("cost_needs_consent", "carry", "hours_in_mail")
_PLAIN = (
    "key", "name", "language", "service_level", "calendar", "standing", "who_may_file", "require", "timezone",
    "valid_from", "valid_until", "oncall_phone", "oncall_code", "oncall_calendar", "hours_period",
)  # fmt: skip
#: given in hours, kept in minutes
_HOURS = {"hours_included": "included_minutes"}
_COMPANY = (*_PLAIN, *_LISTS, *_FLAGS, *_HOURS, "calendars", "oncall", "sites", "site", "contact", "contract")
_CONTRACT = (
    "service_level", "calendar", "calendars", "valid_from", "valid_until", "covered", "excluded", *_HOURS,
    "hours_period", "carry", "hours_in_mail",
)  # fmt: skip
_CONTACT = ("address", "addresses", "name", "phone", "language", "roles", "approves", "site", "desk_address")
_SITE = ("key", "name", "timezone", "address", "phone")


@dataclass(frozen=True, slots=True)
class CompanySpec:
    """One company of an import with its contacts, ready to be saved."""

    company: CompanyFacts
    contacts: tuple[ContactSpec, ...] = ()
    line: int = 0
    lines: Mapping[str, int] = field(default_factory=dict)  # of the company's keys

    def placed(self, problem: CompanyProblem) -> CompanyProblem:
        """The problem with the line of the key it is about."""
        return problem if problem.line else replace(problem, line=self.lines.get(problem.key, self.line))


class Faults(list[CompanyProblem]):
    """Problems found so far; reading goes on so that one look at the file is enough."""

    def add(self, line: int, text: str) -> None:
        self.append(CompanyProblem(line, text))

    def unknown(self, row: Mapping[str, Any], known: Sequence[str], lines: Lines, *path: str | int) -> None:
        for key in row:
            if key not in known:
                self.add(lines.of(*path, key), f"unknown key {key!r}; there are: {', '.join(known)}")


@dataclass(frozen=True, slots=True)
class GivenCompany:
    """A `[[company]]` table as it stands in the file, the `index`th of them."""

    row: Json
    index: int
    lines: Lines
    faults: Faults

    def line(self, *path: str | int) -> int:
        """Where a key of it stands."""
        return self.lines.of("company", self.index, *path)

    def refuse_unknown(self, table: Mapping[str, Any], known: Sequence[str], *path: str | int) -> None:
        """Keys of it, or of a table in it, that mean nothing."""
        self.faults.unknown(table, known, self.lines, "company", self.index, *path)


def from_toml(
    text: str, filename: str, present: Mapping[str, CompanyFacts], today: date | None, faults: Faults
) -> list[CompanySpec]:
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        words, _, place = str(error).partition(" (at ")
        where = place.rstrip(")").partition(",")[0] or "line 1"
        raise Refused(f"{filename}: {where}: {words}: fix the TOML there and import again") from None
    lines = Lines(text)
    faults.unknown(raw, ("company",), lines)
    rows = raw.get("company", [])
    if not _are_tables(rows):
        raise Refused(f"{filename}: line {lines.of('company')}: write [[company]] with two brackets")
    specs = []
    for i, row in enumerate(rows):
        given = _with_tables(GivenCompany(row, i, lines, faults))
        company = _company(given, present, today)
        specs.append(CompanySpec(company, _contacts(given), given.line(), _places(given)))
    return specs


def _are_tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _with_tables(given: GivenCompany) -> GivenCompany:
    """The company with what must be tables being tables; what is not is said and left out."""
    wrong = [key for key in ("contact", "contract", "site") if not _are_tables(given.row.get(key, []))]
    for key in wrong:
        given.faults.add(given.line(key), f"write [[company.{key}]] with two brackets, a table for each")
    if not isinstance(given.row.get("oncall", {}), dict):
        given.faults.add(given.line("oncall"), 'oncall is a table: oncall = { phone = "+36 1 555 0100" }')
        wrong.append("oncall")
    return replace(given, row={key: value for key, value in given.row.items() if key not in wrong})


def _places(given: GivenCompany) -> dict[str, int]:
    """Where the keys stand, those of a contract table and of `oncall` by the name of the field they set."""
    places = {key: given.line(key) for key in given.row}
    for j, contract in enumerate(given.row.get("contract", [])):
        places.update({key: given.line("contract", j, key) for key in contract})
    if "oncall" in places:
        places["oncall_calendar"] = places["oncall"]
    if "site" in places:
        places["sites"] = places["site"]
    return places


def _company(given: GivenCompany, present: Mapping[str, CompanyFacts], today: date | None) -> CompanyFacts:
    row = given.row
    given.refuse_unknown(row, _COMPANY)
    contracts = row.get("contract", [])
    values = _values(given, _contract(given, contracts, today) if contracts else {})
    oncall = row.get("oncall", {})
    for part in ("phone", "code", "calendar"):
        if isinstance(oncall, dict) and part in oncall:
            values[f"oncall_{part}"] = str(oncall[part])
    sites = row.get("site", [])
    if sites:
        for j, site in enumerate(sites):
            given.refuse_unknown(site, _SITE, "site", j)
            if not site.get("key"):
                given.faults.add(given.line("site", j), "a site needs a key")
        values["sites"] = {
            str(s.get("key", "")): CompanySite(
                **{k: str(v) for k, v in s.items() if k != "key" and k in _SITE}
            )
            for s in sites
        }
    return made(values, given.line(), present, given.faults)


def _contract(
    given: GivenCompany, contracts: Sequence[Mapping[str, Any]], today: date | None
) -> Mapping[str, Any]:
    """The contract that counts: valid today, else the last; overlapping ones are an error."""
    known = []
    for j, row in enumerate(contracts):
        given.refuse_unknown(row, _CONTRACT, "contract", j)
        begin, end = (str(_iso(row.get(k, ""))) for k in ("valid_from", "valid_until"))
        known.append((begin or "0000-01-01", end or "9999-12-31", j))
    known.sort()
    for (_, end, first), (begin, _, second) in pairwise(known):
        if begin <= end:
            given.faults.add(
                given.line("contract", second),
                f"this contract overlaps with the one of line {given.line('contract', first)}: "
                "end the earlier one (valid_until) before the later begins (valid_from)",
            )
    now = today.isoformat() if today else "9999-12-31"
    chosen = next((j for begin, end, j in known if begin <= now <= end), known[-1][2])
    return {"valid_from": "", "valid_until": "", **contracts[chosen]}


def _values(given: GivenCompany, contract: Mapping[str, Any]) -> Json:
    """The fields of CompanyFacts that the table and its contract give, with their types checked."""
    row = {**given.row, **contract}
    values: Json = {}
    for key, name in _HOURS.items():
        if key in row:
            try:
                values[name] = company_checks.whole_minutes(key, row[key])
            except Refused as error:
                given.faults.add(given.line(key), str(error))
    for key in (*_PLAIN, *_LISTS, *_FLAGS, "calendars", "sites"):
        if key not in row:
            continue
        value, wanted = row[key], "a text"
        if key in _LISTS:
            wanted, right = (
                "a list of texts",
                isinstance(value, list) and all(isinstance(v, str) for v in value),
            )
            value = tuple(value) if right else ()
        elif key in _FLAGS:
            wanted, right = "true or false", isinstance(value, bool)
        elif key in ("calendars", "sites"):
            wanted, right = "a table", isinstance(value, dict)
        else:
            value = _iso(value)
            right = isinstance(value, str)
        if right:
            values[key] = value
        else:
            given.faults.add(given.line(key), f"{key} must be {wanted}")
    return values


def _iso(value: Any) -> Any:
    """TOML dates as ISO text."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else value


def made(values: Json, line: int, present: Mapping[str, CompanyFacts], faults: Faults) -> CompanyFacts:
    key = values.get("key", "")
    if not key:
        faults.add(line, 'a company needs a key: key = "acme"')
    if "domains" in values:
        values["domains"] = tuple(company_checks.domain(d) for d in values["domains"])
    stored = present.get(key)
    if stored is not None:
        return replace(stored, **values)
    return CompanyFacts(**{"key": key, "name": key, **values})


def _contacts(given: GivenCompany) -> tuple[ContactSpec, ...]:
    made = []
    for j, person in enumerate(given.row.get("contact", [])):
        given.refuse_unknown(person, _CONTACT, "contact", j)
        line = given.line("contact", j, "address")
        also = person.get("addresses", [])
        lists = [also, person.get("roles", []), person.get("approves", [])]
        if not all(isinstance(v, list) and all(isinstance(x, str) for x in v) for v in lists):
            given.faults.add(line, "addresses, roles and approves must be lists of texts")
            continue
        main = [person["address"]] if isinstance(person.get("address"), str) else []
        made.append(
            ContactSpec(
                addresses=tuple(dict.fromkeys(company_checks.address(a) for a in (*main, *also))),
                name=str(person.get("name", "")),
                phone=str(person.get("phone", "")),
                language=str(person.get("language", "")),
                roles=tuple(lists[1]),
                approves=tuple(lists[2]),
                site=str(person.get("site", "")),
                desk_address=company_checks.address(str(person.get("desk_address", ""))),
                line=line,
            )
        )
    return tuple(made)
