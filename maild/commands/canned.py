"""canned: texts that are used again, each in one or more languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from maild.commands import completing, output, words
from maild.commands.app import app
from maild.commands.options import AsOpt, FileOpt, JsonOpt, MessageOpt
from maild.commands.session import Session, now, session
from maild.errors import NotFound, Refused
from maild.model import LANGUAGES
from maild.nearest import choose, not_found

if TYPE_CHECKING:
    from maild.store import Tx

canned = typer.Typer(help="Texts that are used again: reply N --canned NAME.", no_args_is_help=True)
app.add_typer(canned, name="canned")

NameArg = Annotated[str, typer.Argument(metavar="NAME", autocompletion=completing.canned)]
LanguageOpt = Annotated[
    str | None, typer.Option("--language", "-l", metavar="L", help="en, nl, hu, de, fr; else the desk's.")
]
_FIELDS = "{name}, {number}, {subject} and {agent} stand for the ticket's"


def _language(here: Session, given: str | None) -> str:
    return here.settings.desk.language if given is None else choose(given, LANGUAGES, "language")


def _name(text: str) -> str:
    name = text.strip()
    if not name or len(name) > 40 or any(c.isspace() or ord(c) < 32 for c in name):
        raise Refused(f"{text!r} is not a name for a text: one word of at most 40 letters")
    return name


@canned.command("list")
def list_(ctx: typer.Context, as_json: JsonOpt = False) -> None:
    """All kept texts."""
    with session(ctx).read() as tx:
        rows = tx.canned.every()
    if as_json:
        output.emit_lines(
            {
                "name": r.name,
                "language": r.language,
                "text": r.text,
                "agent": r.agent,
                "at": output.seconds(r.at),
            }
            for r in rows
        )
        return
    output.table(
        ("NAME", "LANGUAGE", "TEXT"),
        ((r.name, r.language, " ".join(r.text.split())) for r in rows),
        wide="TEXT",
    )


@canned.command()
def show(ctx: typer.Context, name: NameArg, language: LanguageOpt = None, as_json: JsonOpt = False) -> None:
    """One text, in each of its languages."""
    here = session(ctx)
    with here.read() as tx:
        every = tx.canned.every()
    known = not_found(name, dict.fromkeys(one.name for one in every), "kept text")
    texts = [one for one in every if one.name == known and language in (None, one.language)]
    if not texts:
        raise NotFound(
            f"{known} is not kept in {language}; `maild canned show {known}` shows it in all its languages"
        )
    if as_json:
        output.emit({"name": known, "texts": {one.language: one.text for one in texts}})
        return
    for number, one in enumerate(texts):
        if number:
            output.say()
        output.heading(f"{one.name} ({one.language}), changed by {one.agent}")
        output.say(output.safe_text(one.text))


@canned.command()
def add(
    ctx: typer.Context,
    name: NameArg,
    text: MessageOpt = None,
    file: FileOpt = None,
    language: LanguageOpt = None,
    agent: AsOpt = None,
) -> None:
    """Keep a text. {name}, {number}, {subject} and {agent} stand for the ticket's."""
    here = session(ctx)
    name, language = _name(name), _language(here, language)
    with here.read() as tx:
        _refuse_known(tx, name, language)
    draft = _draft("add", name, language)
    _put(here, name, language, words.needed(here, text, file, draft), agent, new=True)


@canned.command()
def edit(
    ctx: typer.Context,
    name: NameArg,
    text: MessageOpt = None,
    file: FileOpt = None,
    language: LanguageOpt = None,
    agent: AsOpt = None,
) -> None:
    """Change a kept text, or add another language of it."""
    here = session(ctx)
    name, language = _name(name), _language(here, language)
    with here.read() as tx:
        known = not_found(name, dict.fromkeys(one.name for one in tx.canned.every()), "kept text")
        before = tx.canned.find(known, language)
    draft = _draft("edit", known, language, before.text if before is not None else "")
    _put(here, known, language, words.needed(here, text, file, draft), agent)


def _draft(verb: str, name: str, language: str, start: str = "") -> words.Draft:
    again = f"maild canned {verb} {name} --language {language}"
    return words.Draft(f"{name}-canned", again, start, (f"the text {name} in {language}", _FIELDS))


def _refuse_known(tx: Tx, name: str, language: str) -> None:
    if tx.canned.find(name, language) is not None:
        raise Refused(f"{name} is kept in {language} already; `maild canned edit {name}` changes it")


def _put(
    here: Session, name: str, language: str, said: words.TypedText, agent: str | None, *, new: bool = False
) -> None:
    with words.keeping(said, dry_run=False):
        by = here.agent(agent)
        with here.write() as tx:
            if new:  # somebody may have been quicker while the words were written
                _refuse_known(tx, name, language)
            tx.canned.put(name, language, said.text, by, now())
    output.say(f"{output.safe_line(name)} is kept in {language}")


@canned.command()
def remove(ctx: typer.Context, name: NameArg, language: LanguageOpt = None, agent: AsOpt = None) -> None:
    """Remove a kept text, or one language of it."""
    here = session(ctx)
    here.agent(agent)
    with here.write() as tx:
        known = not_found(name, dict.fromkeys(one.name for one in tx.canned.every()), "kept text")
        tx.canned.remove(known, language or "")
    output.say(f"{output.safe_line(known)} is removed" + (f" in {language}" if language else ""))
