"""What an import would change, a line each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from maild.model import CompanyFacts, CompanySite, PersonFacts
from maild.party.company_checks import ContactSpec
from maild.party.company_toml import CompanySpec


def difference(
    present: Mapping[str, CompanyFacts],
    specs: Sequence[CompanySpec],
    people: Mapping[str, Sequence[PersonFacts]] | None = None,
) -> list[str]:
    """What an import would change, a line each; empty when nothing would.

    `people`: all contacts by company; without it those in `CompanyFacts.people` are all that is known,
    and a contact without a role is not compared.
    """
    lines = []
    for spec in specs:
        key, old = spec.company.key, present.get(spec.company.key)
        if old is None:
            lines.append(f"+ company {key}: {spec.company.name}")
        else:
            lines += _changed(old, spec.company)
        known = people.get(key, ()) if people is not None else (old.people if old else ())
        by_address = {a: p for p in known for a in (p.address, *p.addresses)}
        for contact in spec.contacts:
            person = next((by_address[a] for a in contact.addresses if a in by_address), None)
            if person is None and (old is None or people is not None or contact.roles):
                lines.append(f"+ {key}: contact {contact.addresses[0]}")
            elif person is not None:
                lines += _changed_person(key, person, contact)
    return lines


def _changed(old: CompanyFacts, new: CompanyFacts) -> list[str]:
    lines = []
    for f in fields(CompanyFacts):
        before, after = getattr(old, f.name), getattr(new, f.name)
        if f.name == "people" or before == after:
            continue
        if isinstance(after, tuple):
            if set(before) != set(after):
                lines += [f"~ {new.key}: {f.name}: + {v}" for v in after if v not in before]
                lines += [f"~ {new.key}: {f.name}: - {v}" for v in before if v not in after]
        elif dict(before) != dict(after) if isinstance(after, Mapping) else True:
            lines.append(f"~ {new.key}: {f.name}: {_shown(before)} -> {_shown(after)}")
    return lines


def _changed_person(key: str, old: PersonFacts, new: ContactSpec) -> list[str]:
    place = next((m for m in old.memberships if m.company == key), None)
    pairs: list[tuple[str, Any, Any]] = [
        ("name", old.name, new.name or old.name),  # the store keeps what the file leaves empty
        ("phone", old.phone, new.phone or old.phone),
        ("language", old.language, new.language or old.language),
        ("addresses", {old.address, *old.addresses}, {old.address, *old.addresses, *new.addresses}),
        ("roles", set(place.roles) if place else None, set(new.roles)),
        ("approves", set(place.approves) if place else None, set(new.approves)),
        ("site", place.site if place else None, new.site),
        ("desk_address", place.desk_address if place else None, new.desk_address),
    ]
    return [
        f"~ {key}: {new.addresses[0]}: {name}: {_shown(before)} -> {_shown(after)}"
        for name, before, after in pairs
        if before != after
    ]


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} = {_shown(one)}" for key, one in value.items()) or "-"
    if isinstance(value, CompanySite):
        return " / ".join(filter(None, (value.name, value.timezone, value.address, value.phone)))
    if isinstance(value, set | frozenset | tuple):
        return ", ".join(sorted(map(str, value))) or "-"
    return "-" if value in ("", None) else str(value)
