"""Reading `[[company]]` tables; what may stand in them is told in `companies.py`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from itertools import pairwise
from typing import TypeAlias

from maild.errors import Refused
from maild.model import CompanyFacts, CompanySite, Json, TomlValue
from maild.party import company_checks
from maild.party.company_checks import CompanyProblem, ContactSpec
from maild.party.toml_lines import Lines
from maild.values import dataclass, replace

TomlTable: TypeAlias = Mapping[str, TomlValue]

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

    def unknown(self, row: Iterable[str], known: Sequence[str], lines: Lines, *path: str | int) -> None:
        for key in row:
            if key not in known:
                self.add(lines.of(*path, key), f"unknown key {key!r}; there are: {', '.join(known)}")


@dataclass(frozen=True, slots=True)
class GivenCompany:
    """A `[[company]]` table as it stands in the file, the `index`th of them, and the tables in it."""

    row: TomlTable
    index: int
    lines: Lines
    faults: Faults
    contacts: Sequence[TomlTable] = ()
    contracts: Sequence[TomlTable] = ()
    sites: Sequence[TomlTable] = ()
    oncall: TomlTable = field(default_factory=dict)

    def line(self, *path: str | int) -> int:
        """Where a key of it stands."""
        return self.lines.of("company", self.index, *path)

    def refuse_unknown(self, table: Iterable[str], known: Sequence[str], *path: str | int) -> None:
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
    rows = _tables(raw.get("company", []))
    if rows is None:
        raise Refused(f"{filename}: line {lines.of('company')}: write [[company]] with two brackets")
    specs = []
    for i, row in enumerate(rows):
        given = _with_tables(GivenCompany(row, i, lines, faults))
        company = _company(given, present, today)
        specs.append(CompanySpec(company, _contacts(given), given.line(), _places(given)))
    return specs


def _tables(value: TomlValue) -> Sequence[TomlTable] | None:
    """The tables of a list; None where it is none, or holds something else."""
    tables = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    return tables if isinstance(value, list) and len(tables) == len(value) else None


def _texts(value: TomlValue) -> list[str] | None:
    """The texts of a list; None where it is none, or holds something else."""
    texts = [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
    return texts if isinstance(value, list) and len(texts) == len(value) else None


def _with_tables(given: GivenCompany) -> GivenCompany:
    """The company with the tables in it; what must be a table and is not, is said and left out."""
    tables = {key: _tables(given.row.get(key, [])) for key in ("contact", "contract", "site")}
    wrong = [key for key, found in tables.items() if found is None]
    for key in wrong:
        given.faults.add(given.line(key), f"write [[company.{key}]] with two brackets, a table for each")
    oncall = given.row.get("oncall", {})
    if not isinstance(oncall, dict):
        given.faults.add(given.line("oncall"), 'oncall is a table: oncall = { phone = "+36 1 555 0100" }')
        wrong.append("oncall")
        oncall = {}
    return replace(
        given, row={key: value for key, value in given.row.items() if key not in wrong},
        contacts=tables["contact"] or (), contracts=tables["contract"] or (), sites=tables["site"] or (), oncall=oncall,
    )  # fmt: skip


def _places(given: GivenCompany) -> dict[str, int]:
    """Where the keys stand, those of a contract table and of `oncall` by the name of the field they set."""
    places = {key: given.line(key) for key in given.row}
    for j, contract in enumerate(given.contracts):
        places.update({key: given.line("contract", j, key) for key in contract})
    if "oncall" in places:
        places["oncall_calendar"] = places["oncall"]
    if "site" in places:
        places["sites"] = places["site"]
    return places


def _company(given: GivenCompany, present: Mapping[str, CompanyFacts], today: date | None) -> CompanyFacts:
    given.refuse_unknown(given.row, _COMPANY)
    values = _values(given, _contract(given, today) if given.contracts else {})
    for part in ("phone", "code", "calendar"):
        if part in given.oncall:
            values[f"oncall_{part}"] = str(given.oncall[part])
    if given.sites:
        for j, site in enumerate(given.sites):
            given.refuse_unknown(site, _SITE, "site", j)
            if not site.get("key"):
                given.faults.add(given.line("site", j), "a site needs a key")
        values["sites"] = {
            str(s.get("key", "")): CompanySite(
                **{k: str(v) for k, v in s.items() if k != "key" and k in _SITE}
            )
            for s in given.sites
        }
    return made(values, given.line(), present, given.faults)


def _contract(given: GivenCompany, today: date | None) -> TomlTable:
    """The contract that counts: valid today, else the last; overlapping ones are an error."""
    known = []
    for j, row in enumerate(given.contracts):
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
    return {"valid_from": "", "valid_until": "", **given.contracts[chosen]}


def _values(given: GivenCompany, contract: TomlTable) -> Json:
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
        value: object = row[key]
        wanted = "a text"
        if key in _LISTS:
            texts = _texts(row[key])
            wanted, right, value = "a list of texts", texts is not None, tuple(texts or ())
        elif key in _FLAGS:
            wanted, right = "true or false", isinstance(value, bool)
        elif key in ("calendars", "sites"):
            wanted, right = "a table", isinstance(value, dict)
        else:
            value = _iso(row[key])
            right = isinstance(value, str)
        if right:
            values[key] = value
        else:
            given.faults.add(given.line(key), f"{key} must be {wanted}")
    return values


def _iso(value: TomlValue) -> TomlValue:
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
    for j, person in enumerate(given.contacts):
        given.refuse_unknown(person, _CONTACT, "contact", j)
        line = given.line("contact", j, "address")
        also, roles, approves = (_texts(person.get(key, [])) for key in ("addresses", "roles", "approves"))
        if also is None or roles is None or approves is None:
            given.faults.add(line, "addresses, roles and approves must be lists of texts")
            continue
        address = person.get("address")
        main = [address] if isinstance(address, str) else []
        made.append(
            ContactSpec(
                addresses=tuple(dict.fromkeys(company_checks.address(a) for a in (*main, *also))),
                name=str(person.get("name", "")),
                phone=str(person.get("phone", "")),
                language=str(person.get("language", "")),
                roles=tuple(roles),
                approves=tuple(approves),
                site=str(person.get("site", "")),
                desk_address=company_checks.address(str(person.get("desk_address", ""))),
                line=line,
            )
        )
    return tuple(made)
