"""Companies from a spreadsheet saved as CSV: one file, one row a contact.

Columns, in any order; `company` (the key) and one other are enough: company, company_name, domains,
company_language, service_level, calendar, standing, who_may_file, timezone, require, valid_from,
valid_until, hours_included, hours_period, carry, hours_in_mail | address, addresses, name, phone, language, roles,
approves, site, desk_address.

What a row says of the company may be left empty after its first row, but must not contradict it. Lists
are written with spaces or `|` between. Comma, semicolon and tab separate, whichever the first line uses.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import field

from maild.errors import Refused
from maild.party.company_checks import CompanyProblem, ContactSpec, address, whole_minutes
from maild.values import dataclass

#: column -> field of CompanyFacts
_COMPANY = {
    "company": "key", "company_name": "name", "company_language": "language", "domains": "domains",
    "service_level": "service_level", "calendar": "calendar", "standing": "standing", "who_may_file": "who_may_file",
    "timezone": "timezone", "require": "require", "valid_from": "valid_from", "valid_until": "valid_until",
    "hours_included": "included_minutes", "hours_period": "hours_period", "carry": "carry",
    "hours_in_mail": "hours_in_mail",
}  # fmt: skip
_CONTACT = ("address", "addresses", "name", "phone", "language", "roles", "approves", "site", "desk_address")
_YES, _NO = ("true", "yes", "1"), ("false", "no", "0")
_BETWEEN = re.compile(r"[\s|;,]+")


#: what a cell of a company means
CellValue = str | bool | int | tuple[str, ...]


@dataclass(slots=True)
class CompanyRows:
    """The rows of one company put together."""

    values: dict[str, CellValue]
    contacts: tuple[ContactSpec, ...] = ()
    problems: list[CompanyProblem] = field(default_factory=list)


def rows(text: str, filename: str) -> tuple[list[CompanyRows], list[int]]:
    """The companies in order of their first rows, and the lines of those rows."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        columns = [name.strip().lower() for name in next(reader, [])]
        _check(columns, filename)
        made: dict[str, CompanyRows] = {}
        first: dict[str, int] = {}
        stray: list[CompanyProblem] = []
        for cells in reader:
            if any(cell.strip() for cell in cells):
                _row(columns, cells, reader.line_num, made, first, stray)
    except csv.Error as error:
        raise Refused(f"{filename}: line {reader.line_num}: {error}: save the file as CSV again") from None
    if stray:
        raise Refused(f"{filename}: line {stray[0].line}: {stray[0].text}; nothing was imported")
    return list(made.values()), list(first.values())


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def _check(columns: list[str], filename: str) -> None:
    known = (*_COMPANY, *_CONTACT)
    if "company" not in columns:
        raise Refused(f"{filename}: line 1: no column company; the columns are: {', '.join(known)}")
    for name in columns:
        if name not in known:
            raise Refused(f"{filename}: line 1: unknown column {name!r}; the columns are: {', '.join(known)}")
        if columns.count(name) > 1:
            raise Refused(f"{filename}: line 1: column {name!r} appears twice: remove one")


def _row(
    columns: list[str],
    cells: list[str],
    line: int,
    made: dict[str, CompanyRows],
    first: dict[str, int],
    stray: list[CompanyProblem],
) -> None:
    if len(cells) != len(columns):
        stray.append(
            CompanyProblem(
                line, f"{len(cells)} cells where line 1 has {len(columns)} columns: correct the row"
            )
        )
        return
    row = {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}
    key = row["company"]
    if not key:
        stray.append(CompanyProblem(line, "the column company is empty: write the company's key"))
        return
    company = made.setdefault(key, CompanyRows({}))
    first.setdefault(key, line)
    for column, name in _COMPANY.items():
        value = row.get(column, "")
        if value:
            try:
                wanted = _typed(column, value)
            except Refused as error:
                company.problems.append(CompanyProblem(line, str(error)))
                continue
            if company.values.setdefault(name, wanted) != wanted:
                text = f"{column} {value!r} is not what line {first[key]} says of {key}: make them equal or leave it empty"
                company.problems.append(CompanyProblem(line, text))
    if any(row.get(name) for name in _CONTACT):
        company.contacts = (*company.contacts, _contact(row, line))


def _typed(column: str, text: str) -> CellValue:
    """What a company's cell means. Refused for what it cannot."""
    if column == "domains":
        return tuple(_BETWEEN.split(text))
    if column == "hours_included":
        return whole_minutes(column, text.replace(",", "."))
    if column in ("carry", "hours_in_mail"):
        if text.lower() not in _YES and text.lower() not in _NO:
            raise Refused(f"{column} {text!r} is neither true nor false")
        return text.lower() in _YES
    return text


def example() -> str:
    """A file with every column and two people of one company, to begin from."""
    rows = (
        {
            "company": "acme", "company_name": "Acme Kft.", "company_language": "hu",
            "domains": "acme.example .acme.example",
            "service_level": "standard", "calendar": "office", "standing": "active", "who_may_file": "anyone",
            "timezone": "Europe/Budapest", "valid_from": "2026-01-01", "hours_included": "2", "hours_period": "month",
            "carry": "false", "hours_in_mail": "false", "address": "anna@acme.example", "name": "Kovács Anna",
            "phone": "+36 1 555 0100", "language": "hu", "roles": "reference",
        },
        {
            "company": "acme", "address": "boss@acme.example", "name": "Nagy Béla", "roles": "reference approver billing",
            "approves": "permission device quote cost",
        },
    )  # fmt: skip
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, (*_COMPANY, *_CONTACT), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _contact(row: dict[str, str], line: int) -> ContactSpec:
    def words(name: str) -> tuple[str, ...]:
        return tuple(word for word in _BETWEEN.split(row.get(name, "")) if word)

    return ContactSpec(
        addresses=tuple(dict.fromkeys(address(a) for a in (*words("address"), *words("addresses")))),
        name=row.get("name", ""),
        phone=row.get("phone", ""),
        language=row.get("language", ""),
        roles=words("roles"),
        approves=words("approves"),
        site=row.get("site", ""),
        desk_address=address(row.get("desk_address", "")),
        line=line,
    )
