"""template: the mails' texts, as the operator edits them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maild.commands import output
from maild.commands.app import app
from maild.commands.fresh_file import fresh_file
from maild.commands.options import JsonOpt
from maild.commands.session import session
from maild.errors import NotFound, Refused

if TYPE_CHECKING:
    from maild.render.loader import Templates

template = typer.Typer(help="The mails' texts: look at them, copy them, check them.", no_args_is_help=True)
app.add_typer(template, name="template")


def _templates(ctx: typer.Context) -> Templates:
    """As the files are now."""
    from maild.render.loader import templates_for

    templates = templates_for(session(ctx).settings)
    templates.refresh()
    return templates


NoticeArg = Annotated[str, typer.Argument(metavar="NAME", help="As `template list` shows it.")]
LanguageOpt = Annotated[
    str | None, typer.Option("--lang", "--language", "-l", metavar="LANG", help="en, nl, hu, de, fr")
]


@template.command("list")
def list_(
    ctx: typer.Context,
    files: Annotated[bool, typer.Option("--files", help="Each file, not each mail.")] = False,
    as_json: JsonOpt = False,
) -> None:
    """Every mail that maild sends, and which of its texts are your own."""
    from maild.notice.content import registry
    from maild.render.loader import LAYOUT_NOTICE, LAYOUTS
    from maild.render.preview import list_templates

    templates = _templates(ctx)
    listed = list_templates(templates)
    if as_json:
        output.emit_lines({"name": one.name, "own": one.own} for one in listed)
        return
    if files:
        rows = ((one.name, "own" if one.own else "shipped") for one in listed)
        output.table(("FILE", "FROM"), rows, wide="FILE")
        return
    own = [one.name for one in listed if one.own]
    output.table(
        ("NAME", "LANGUAGES", "YOUR OWN"),
        (
            (
                notice,
                " ".join(templates.languages()),
                " ".join(n for n in own if n.partition("/")[2].partition(".")[0] == notice),
            )
            for notice in registry()
        ),
        wide="YOUR OWN",
    )
    shared = [n for n in own if n in (LAYOUT_NOTICE, *LAYOUTS) or n.endswith("words.toml")]
    if shared:
        output.say("your own for all mails: " + " ".join(output.safe_line(n) for n in shared))


@template.command()
def preview(
    ctx: typer.Context,
    name: NoticeArg,
    language: LanguageOpt = None,
    state: Annotated[
        str, typer.Option("--state", metavar="STATE", help="Another state in which the mail is sent.")
    ] = "",
    html: Annotated[bool, typer.Option("--html", help="The HTML twin.")] = False,
    out: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it there.")
    ] = None,
) -> None:
    """A mail with made-up data, as a customer would get it."""
    from maild.render import preview as look

    settings, templates = session(ctx).settings, _templates(ctx)
    if language is not None and language not in templates.languages():
        raise NotFound(f"there are no mails in {language!r}; there are: {', '.join(templates.languages())}")
    try:
        rendered = look.preview(name, language or settings.desk.language, settings, templates, state)
    except KeyError as error:
        if "no state" in str(error):
            raise NotFound(error.args[0]) from None
        raise NotFound(f"there is no mail {name!r}; `maild template list` shows them") from None
    for warning in rendered.warnings:
        output.warn(output.safe_line(f"maild: {warning}"))
    text = rendered.html if html else f"Subject: {rendered.subject}\n\n{rendered.text}"
    if out is None:
        output.say(text if html else output.safe_text(text).rstrip("\n"))
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Refused(f"{out}: {error.strerror}") from None
    output.say(output.safe_line(f"{out}: {rendered.subject}"))


@template.command()
def check(ctx: typer.Context, as_json: JsonOpt = False) -> None:
    """Look through all templates; exit code 1 when something is wrong with any."""
    from maild.render.preview import check as problems_of

    problems = problems_of(_templates(ctx), session(ctx).settings)
    if as_json:
        output.emit_lines({"file": one.file, "problem": one.what} for one in problems)
    for one in () if as_json else problems:
        output.say(output.safe_line(str(one)))
    if problems:
        raise typer.Exit(1)
    if not as_json:
        output.say("all templates are fine")


@template.command()
def copy(ctx: typer.Context, name: NoticeArg, language: LanguageOpt = None) -> None:
    """Copy the shipped texts of a mail, "words" or "layout", into your own folder, for editing."""
    settings = session(ctx).settings
    templates = _templates(ctx)
    if templates.own_folder is None:
        raise Refused('no folder for your own texts: [templates] folder = "my-templates" in config.toml')
    names = _names(templates, name, language or settings.desk.language)
    there = [one for one in names if (templates.own_folder / one).exists()]
    if there:
        raise Refused(f"{templates.own_folder / there[0]} exists; edit it, or remove it first")
    for one in names:
        target = templates.own_folder / one
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with fresh_file(target) as file:
                file.write((templates.shipped_folder / one).read_bytes())
        except OSError as error:
            raise Refused(f"{target}: {error.strerror}") from None
        output.say(str(target))


def _names(templates: Templates, name: str, language: str) -> list[str]:
    """Files of a mail (`received`, `received.j2`), of the words or of the layout."""
    from maild.render.loader import LAYOUTS

    if name == "layout":
        return list(LAYOUTS)
    name = name.removesuffix(".j2")
    wanted = f"{language}/words.toml" if name == "words" else templates.notice_file(language, name)
    safe = all(part not in ("", ".", "..") for part in wanted.split("/"))
    if not safe or not templates.is_shipped(wanted):
        raise NotFound(
            f"maild ships no {wanted if safe else name!r}; `maild template list --files` shows what it does"
        )
    return [wanted]
