"""Companies and their contacts from a TOML or CSV file, all of it or nothing.

`read` returns frozen specs or raises one `Refused` that names every line at fault and what to do. A key
that the file does not give keeps, for a company that exists, what is stored; new companies get defaults.

TOML: the contract's `[[company]]` and `[[company.contact]]`, and beside those

    calendars = { till = "long" }             # by topic
    valid_from = 2026-01-01                   # of the contract; valid_until likewise
    covered = []  excluded = ["training"]     # topics
    require = "token"  self_approval = ["device"]  cost_needs_consent = false  timezone = "Europe/Brussels"
    hours_included = 2  hours_period = "month"  carry = false  hours_in_mail = false   # prepaid
    oncall = { phone = "+36 ...", code = "4711", calendar = "always" }
    [[company.site]]                          # key, name, timezone, address
    [[company.contract]]                      # instead of service_level, calendar and validity on the company:
                                              # several in turn; the one valid `today` counts, else the last
    [[company.contact]]                       # also addresses = ["second@..."], language, site, desk_address

CSV: one row a contact, with the columns of `company_csv.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from maild.errors import Refused
from maild.model import Change, CompanyFacts, Plan, SaveCompany, SaveContact
from maild.party import company_checks, company_csv
from maild.party.company_checks import CompanyProblem, ContactSpec, check_contact
from maild.party.company_diff import difference
from maild.party.company_toml import CompanySpec, Faults, from_toml, made
from maild.settings import Settings

_MOST_PROBLEMS = 8


def read(
    text: str,
    filename: str,
    settings: Settings,
    present: Mapping[str, CompanyFacts] | None = None,
    today: date | None = None,
) -> tuple[CompanySpec, ...]:
    """The companies of a `.toml` or `.csv` file, checked against the settings, each other and `present`.

    Raises `Refused`: "FILE: line 7: what is wrong: what to do".
    """
    present = present or {}
    faults = Faults()
    if filename.lower().endswith(".csv"):
        table, lines_of = company_csv.rows(text, filename)
        specs = [_from_row(row, line, present, faults) for row, line in zip(table, lines_of, strict=True)]
    else:
        specs = from_toml(text, filename, present, today, faults)
    if not specs and not faults:
        raise Refused(
            f"{filename}: no company in it; `[[company]]` begins one (or a CSV file with a column company)"
        )
    for spec in specs:
        faults += [spec.placed(p) for p in company_checks.problems(spec.company, settings)]
        faults += company_checks.contact_problems(spec.company, spec.contacts)
    faults += _collisions(specs, present)
    _raise(filename, faults)
    return tuple(specs)


def check_company(facts: CompanyFacts, settings: Settings, others: Mapping[str, Sequence[str]]) -> None:
    """Raise `Refused` unless this company can be saved beside `others` (company key -> domains)."""
    texts = [p.text for p in company_checks.problems(facts, settings)]
    for key, domains in others.items():
        for domain in set(domains) & set(facts.domains):
            if key != facts.key:
                texts.append(_held(domain, key))
    if texts:
        raise Refused("; ".join(texts[:_MOST_PROBLEMS]))


def plan(specs: Sequence[CompanySpec]) -> Plan:
    """All of the file, in its order."""
    changes: list[Change] = []
    for spec in specs:
        changes.append(SaveCompany(spec.company))
        changes += [SaveContact(spec.company.key, contact) for contact in spec.contacts]
    return Plan(tuple(changes))


def _from_row(
    row: company_csv.CompanyRows, line: int, present: Mapping[str, CompanyFacts], faults: Faults
) -> CompanySpec:
    faults += row.problems
    return CompanySpec(made(dict(row.values), line, present, faults), row.contacts, line)


def _collisions(specs: Sequence[CompanySpec], present: Mapping[str, CompanyFacts]) -> list[CompanyProblem]:
    """Keys and domains that stand twice in the file, or belong to a company that is not in the file."""
    faults = []
    first: dict[str, int] = {}
    owner = {
        d: key for key, c in present.items() if key not in {s.company.key for s in specs} for d in c.domains
    }
    claimed: dict[str, CompanySpec] = {}
    for spec in specs:
        key = spec.company.key
        if key and key in first:
            faults.append(
                CompanyProblem(
                    spec.line, f"company {key!r} stands in line {first[key]} already: join the two"
                )
            )
        first.setdefault(key, spec.line)
        line = spec.lines.get("domains", spec.line)
        for domain in spec.company.domains:
            if domain in owner:
                faults.append(CompanyProblem(line, _held(domain, owner[domain])))
            elif domain in claimed and claimed[domain].company.key != key:
                other = claimed[domain]
                text = f"domain {domain} is claimed by {other.company.key} (line {other.line}) too: leave it to one"
                faults.append(CompanyProblem(line, text))
            claimed.setdefault(domain, spec)
    return faults


def _held(domain: str, key: str) -> str:
    return f"domain {domain} belongs to company {key}: `maild company edit {key}` gives it up first"


def _raise(filename: str, faults: Sequence[CompanyProblem]) -> None:
    if not faults:
        return
    ordered = sorted(set(faults), key=lambda p: (p.line, p.text))
    shown = [f"line {p.line}: {p.text}" for p in ordered[:_MOST_PROBLEMS]]
    more = f"; and {len(ordered) - _MOST_PROBLEMS} more" if len(ordered) > _MOST_PROBLEMS else ""
    raise Refused(f"{filename}: {'; '.join(shown)}{more}; nothing was imported")


__all__ = [
    "CompanySpec", "ContactSpec", "check_company", "check_contact", "difference", "plan", "read",
]  # fmt: skip
