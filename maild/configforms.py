"""[[forms]]: what a new request of a kind is asked for on the customers' page."""

from __future__ import annotations

import re
from typing import Any

from maild import settings as s
from maild.configtable import ConfigTable, refuse_unknown
from maild.configvalues import ConfigPlace
from maild.languages import LANGUAGES
from maild.ticket.vocabulary import TicketKind

FIELD_TYPES = ("line", "text", "choice")
#: names that the page's own fields have
TAKEN = frozenset({"subject", "text", "files", "csrf", "kind"})
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")


def forms_of(tables: list[ConfigTable]) -> dict[str, s.Form]:
    """The configured forms by kind. Raises `ConfigError`."""
    forms: dict[str, s.Form] = {}
    for where in tables:
        where.refuse_unknown(["kind", "title", "fields"])
        given = where.values
        kind = given.get("kind")
        if kind not in tuple(TicketKind):
            raise where.error("kind", f"{kind!r} is not a kind", "one of " + ", ".join(TicketKind))
        if kind in forms:
            raise where.error("kind", f"two forms are for {kind}", "put their fields into one")
        fields = given.get("fields", [])
        if not isinstance(fields, list) or not all(isinstance(one, dict) for one in fields):
            raise where.error(
                "fields", "this is a list of tables", "write [[forms.fields]], once for each question"
            )
        asked = tuple(_field(ConfigTable("forms.fields", where.text, one)) for one in fields)
        if len({one.name for one in asked}) != len(asked):
            raise where.error("fields", f"two questions of {kind} have one name", "give each its own")
        forms[kind] = s.Form(kind, _by_language(where, "title", given.get("title", {})), asked)
    return forms


def _field(where: ConfigTable) -> s.FormField:
    where.refuse_unknown(["name", "label", "type", "choices", "required"])
    given = where.values
    name, kind, required = given.get("name"), given.get("type", "line"), given.get("required", False)
    if not isinstance(name, str) or not _NAME.fullmatch(name) or name in TAKEN:
        raise where.error(
            "name", f"{name!r} cannot name a question", 'a short word of its own such as "since"'
        )
    if kind not in FIELD_TYPES:
        raise where.error("type", f"{kind!r} is not known", "one of " + ", ".join(FIELD_TYPES))
    if not isinstance(required, bool):
        raise where.error("required", f"{required!r} is neither true nor false", "write true or false")
    choices = given.get("choices", [])
    if not isinstance(choices, list) or (kind == "choice") != bool(choices):
        raise where.error(
            "choices", "a choice needs some, the others none", '[{ en = "one" }, { en = "several" }]'
        )
    label = _by_language(where, "label", given.get("label", {}))
    if not label:
        raise where.error("label", "it is missing", 'label = { en = "Since when?" }')
    return s.FormField(
        name, label, kind, tuple(_by_language(where, "choices", one) for one in choices), required
    )


def _by_language(where: ConfigPlace, key: str, given: Any) -> dict[str, str]:
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise where.error(key, f"{given!r} is not a table of texts", f'write {key} = {{ en = "..." }}')
    refuse_unknown(where, given, LANGUAGES)
    return dict(given)
