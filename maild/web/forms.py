"""What a new request is asked for, by kind: shipped forms in five languages, or the operator's own ([[forms]])."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import UploadFile

from maild.settings import Form, Settings
from maild.ticket.vocabulary import TicketKind
from maild.values import dataclass
from maild.web.look import PageWords

#: kind -> the questions beside subject, text and files: name, type, required. Their words are in web.toml.
SHIPPED: Mapping[str, tuple[tuple[str, str, bool], ...]] = {
    TicketKind.INCIDENT: (("scope", "choice", False), ("since", "line", False), ("screen", "text", False)),
    TicketKind.QUESTION: (),
    TicketKind.CHANGE: (("goal", "text", False), ("deadline", "line", False)),
    TicketKind.PERMISSION: (("person", "line", True), ("access", "text", True), ("period", "line", False)),
    TicketKind.DEVICE: (("need", "text", True), ("person", "line", False), ("deadline", "line", False)),
    TicketKind.QUOTE: (("need", "text", False),),
    TicketKind.COMPLAINT: (),
}
#: choices of the shipped questions
CHOICES: Mapping[str, tuple[str, ...]] = {"scope": ("one", "several", "all")}


@dataclass(frozen=True, slots=True)
class Question:
    """One question in the visitor's language."""

    name: str
    label: str
    type: str = "line"
    choices: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class SentForm:
    """A form as the browser sent it: its fields by name, and the files that were chosen."""

    fields: Mapping[str, str]
    files: tuple[UploadFile, ...] = ()

    def of(self, name: str) -> str:
        """A field as it was sent; "" where it was not."""
        return self.fields.get(name, "")

    def texts(self) -> dict[str, str]:
        """All fields, with LF as line end (browsers send CRLF)."""
        return {name: value.replace("\r\n", "\n") for name, value in self.fields.items()}


@dataclass(frozen=True, slots=True)
class PageForm:
    """One form in the visitor's language."""

    kind: str
    title: str
    fields: tuple[Question, ...]


def all_forms(settings: Settings, say: PageWords) -> tuple[PageForm, ...]:
    """Every form, the configured ones in place of the shipped ones of their kind."""
    kinds = dict.fromkeys((*SHIPPED, *settings.forms))
    return tuple(_own(settings.forms[k], say) if k in settings.forms else _shipped(k, say) for k in kinds)


def form_for(kind: str, settings: Settings, say: PageWords) -> PageForm:
    """The form of a kind; the first of all for a kind that has none."""
    forms = all_forms(settings, say)
    return next((form for form in forms if form.kind == kind), forms[0])


def _shipped(kind: str, say: PageWords) -> PageForm:
    fields = tuple(
        Question(
            name, say(f"fields.{name}"), type_,
            tuple(say(f"choices.{name}.{one}") for one in CHOICES.get(name, ())), required,
        )
        for name, type_, required in SHIPPED[kind]
    )  # fmt: skip
    return PageForm(kind, say(f"forms.{kind}"), fields)


def _own(form: Form, say: PageWords) -> PageForm:
    def said(texts: Mapping[str, str], otherwise: str) -> str:
        return texts.get(say.language) or texts.get("en") or next(iter(texts.values()), otherwise)

    fields = tuple(
        Question(
            one.name,
            said(one.label, one.name),
            one.type,
            tuple(said(c, "") for c in one.choices),
            one.required,
        )
        for one in form.fields
    )
    shipped = say(f"forms.{form.kind}") if say.has(f"forms.{form.kind}") else form.kind
    return PageForm(form.kind, said(form.title, shipped), fields)


def written(form: PageForm, given: Mapping[str, str], text: str) -> str:
    """The whole request as a person would have written it: answers under their questions, then the text."""
    answered = [(q.label, given.get(q.name, "").strip()) for q in form.fields]
    lines = [
        f"{label} {value}" if "\n" not in value else f"{label}\n{value}" for label, value in answered if value
    ]
    return "\n".join([*lines, "", text.strip()] if lines else [text.strip()]) + "\n"


def missing(form: PageForm, given: Mapping[str, str]) -> str:
    """The label of the first required question without an answer, or ""."""
    return next((q.label for q in form.fields if q.required and not given.get(q.name, "").strip()), "")
