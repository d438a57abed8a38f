"""The registry of mails: one frozen dataclass each, checked where it is made, frozen to JSON by one function.

A mail is registered by `@mail(...)` above its class; render/ finds its texts by the name, the documents their
table, `maild template preview` its samples. A field that is missing or misspelt is a TypeError where the mail is
caused, before anything is committed; a value of a wrong type is one in `freeze`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from importlib import import_module
from typing import Any, ClassVar, Self, TypeVar

from pydantic import TypeAdapter

from maild.model import Json
from maild.notice.values import About, File, HistoryStep, PromisedTimes
from maild.values import dataclass

#: a phrase of the reader's language by its key in words.toml, for samples
Say = Callable[[str], str]

#: one for all mails that say nothing of a ticket: what freezes a mail compares with it
_NOTHING = About()


class Reader(StrEnum):
    """Who gets a mail."""

    CUSTOMER = "requester and participants"
    SENDER = "who wrote"
    APPROVER = "who may decide"
    REFERENCE = "who may file requests"
    AGENT = "agent"
    MANAGER = "managers, billing contacts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What every mail may say. `number` and `consent_head` are set where the mail is stored."""

    name: ClassVar[str]
    reader: ClassVar[Reader]
    when: ClassVar[str]
    first: ClassVar[str]
    todo: ClassVar[str]
    never: ClassVar[str]
    closes_with: ClassVar[str]
    of_ticket: ClassVar[bool] = True  # False: it is about no request, and its subject is its own
    on_page: ClassVar[bool] = True  # False: its reader does not see the ticket on the customers' page

    about: About = _NOTHING
    number: int | None = None
    consent_head: str = ""
    actor: str = ""  # who did it, as customers read it; "" = the desk itself
    message: str = ""  # the agent's words of this step
    promise: PromisedTimes | None = None
    history: tuple[HistoryStep, ...] = ()  # the newest first
    earlier: int = 0  # steps that are not repeated
    text: str = ""  # the customer's own words, where they may be repeated
    attachments: tuple[File, ...] = ()
    echo: bool = True  # False: nothing that the sender wrote or named may come back
    is_reply: bool = False  # acknowledges a mail on a ticket that existed

    @classmethod
    def samples(cls, _say: Say) -> Iterator[tuple[str, Self]]:
        """(state, made-up mail) for each state in which this mail can be sent; the first is the preview."""
        yield "", cls()


C = TypeVar("C", bound=type[Content])

_REGISTRY: dict[str, type[Content]] = {}


def mail(
    name: str, *, to: Reader, when: str, first: str, todo: str, never: str, closes_with: str = ""
) -> Callable[[C], C]:
    """Registers the class below as the mail `name`. `when` it is sent, what it says `first`, what its reader has
    `todo`, and what it must `never` say are the generated table of docs/templates.md. `closes_with`: the phrase of [todo]
    in words.toml that tells its reader what to do."""

    def register(cls: C) -> C:
        if name in _REGISTRY:
            raise ValueError(f"two mails are called {name}")
        cls.name, cls.reader, cls.when, cls.first, cls.todo, cls.never = name, to, when, first, todo, never
        cls.closes_with = closes_with
        _REGISTRY[name] = cls
        return cls

    return register


@cache
def registry() -> Mapping[str, type[Content]]:
    """Every mail by its name, in the order in which people meet them."""
    modules = [
        f"maild.notice.{name}"
        for name in (
            "first_mails",
            "status_mails",
            "consent_mails",
            "agent_mails",
            "web_mails",
            "report_mails",
        )
    ]
    for module in modules:
        import_module(module)
    return dict(sorted(_REGISTRY.items(), key=lambda one: modules.index(one[1].__module__)))


@cache
def _adapter(kind: type[Content]) -> TypeAdapter[Content]:
    return TypeAdapter(kind)


def freeze(content: Content) -> Json:
    """The mail as JSON for its outbound row: times as ISO 8601, what is as usual left out.

    PydanticSerializationError (a ValueError) for a value that is not of its field's type.
    """
    adapter = _adapter(type(content))  # type: ignore[arg-type]  # a class can be hashed
    data: Json = adapter.dump_python(content, mode="json", exclude_defaults=True, warnings="error")
    return data


def thaw(name: str, data: Mapping[str, Any]) -> Content:
    """The mail that was frozen. KeyError for a name that nobody sends; ValidationError (a ValueError) for data
    that is none of this mail's. Keys that this version does not know are left out."""
    adapter = _adapter(registry()[name])  # type: ignore[arg-type]
    return adapter.validate_python(dict(data))
