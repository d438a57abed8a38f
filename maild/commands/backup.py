"""backup, restore, copy: the desk as a file, back again, and onto another database."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maild.commands import output
from maild.commands.app import app
from maild.commands.fresh_file import fresh_file
from maild.commands.session import Session, session
from maild.errors import NotFound, Refused
from maild.values import replace

if TYPE_CHECKING:
    from maild.settings import Settings
    from maild.store import Store
    from maild.store.backup import DeskFile, DeskFiles
    from maild.store.copying import Told

#: what `backup FOLDER` writes and `--keep` counts; all other files stay
_NAME = re.compile(r"maild-[0-9]{8}T[0-9]{9}Z\.backup")
_CONFIG = "config.toml"
_TEMPLATES = "templates/"


@app.command()
def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE|FOLDER")],
    keep: Annotated[
        int | None,
        typer.Option("--keep", metavar="N", min=1, help="In a folder: remove all but the N newest."),
    ] = None,
) -> None:
    """The desk in one file while the daemon runs: database, mails, configuration and templates."""
    here = session(ctx)
    if keep is not None and not file.is_dir():
        raise NotFound(f"there is no folder {file}: --keep counts the backups in a folder")
    target = file / _name() if file.is_dir() else file
    with here.store() as store, _progress() as told:
        store.backup(target, _files(here), told)
    output.say(f"{target}: {target.stat().st_size} bytes")
    if keep is not None:
        known = sorted(path for path in file.iterdir() if _NAME.fullmatch(path.name))
        for old in known[:-keep]:
            old.unlink()
            output.say(f"{old} removed")


@app.command()
def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    replaced: Annotated[
        bool, typer.Option("--replace", help="Move the present database aside (SQLite).")
    ] = False,
    files: Annotated[
        Path | None,
        typer.Option("--files", metavar="FOLDER", help="Only write its configuration and templates there."),
    ] = None,
) -> None:
    """A backup in the place of the configured database; its configuration, too, where there is none."""
    from maild import config
    from maild.store.backup import files_in, read_through, restore

    if not file.is_file():
        raise NotFound(f"there is no backup {file}")
    read_through(file)
    packed = files_in(file)
    if files is not None:
        _write_files(packed, {name: files / name for name in packed})
        return
    here = session(ctx)
    own = config.find(here.config, os.environ)
    if not own.exists() and _CONFIG in packed:
        _write_files(packed, {_CONFIG: own})
    settings = here.settings
    if settings.templates:
        folder = settings.path(settings.templates)
        names = [name for name in packed if name.startswith(_TEMPLATES)]
        _write_files(packed, {name: folder / name.removeprefix(_TEMPLATES) for name in names})
    if settings.sqlite_file is not None:
        _make_room(settings, replaced)
    elif replaced:
        raise Refused(
            "--replace is for SQLite: make an empty PostgreSQL database and name it in [database] url"
        )
    with _progress() as told:
        restore(file, settings, told)
    output.say(f"{settings.database.url} holds what {file} held; `maild serve` goes on from there")


@app.command()
def copy(
    ctx: typer.Context,
    to: Annotated[str, typer.Option("--to", metavar="URL", help="An empty database.")],
    source: Annotated[
        str | None, typer.Option("--from", metavar="URL", help="Default: the configured one.")
    ] = None,
) -> None:
    """Move the desk to another database (SQLite, PostgreSQL), checked by counts and hashes. The daemons must not run."""
    from maild.store import Store
    from maild.store.copying import copy_all

    settings = session(ctx).settings
    with Store.open(_with_url(settings, source or settings.database.url)) as old:
        if living := old.living():
            raise Refused(
                f"a daemon works on {old.where} ({', '.join(one.place for one in living)}): stop it first, "
                "for what comes meanwhile would be missing"
            )
        with Store.open(_with_url(settings, to), create=True) as new:
            if _same(old, new):
                raise Refused("--from and --to name the same database")
            with _progress() as told:
                sums = copy_all(old, new, told)
                _index(new, told)
    rows = sum(one.rows for one in sums)
    output.say(f"{rows} rows of {len(sums)} tables copied and read back the same")
    output.say("now write the new url into [database] of the configuration, then start the daemon")


def _name() -> str:
    now = datetime.now(UTC)
    return f"maild-{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03d}Z.backup"


def _with_url(settings: Settings, url: str) -> Settings:
    return replace(settings, database=replace(settings.database, url=url))


def _same(one: Store, other: Store) -> bool:
    if one.is_sqlite and other.is_sqlite:
        return os.path.samefile(str(one.engine.url.database), str(other.engine.url.database))
    return one.engine.url == other.engine.url


def _index(store: Store, told: Told) -> None:
    """The full text, which is made anew: each database has its own kind."""
    count = 0
    while True:
        with store.write() as tx:
            taken = tx.search.index(2000)
        if not taken:
            return
        count += taken
        told("full text", count)


def _make_room(settings: Settings, replaced: bool) -> None:
    """Move the present database with its companions to another name. Refused while a daemon runs, or unasked."""
    from maild.work.runfile import runfile_of

    runfile = runfile_of(settings)
    if not runfile.database.exists():
        return
    if not replaced:
        raise Refused(f"{runfile.database} exists already: --replace moves it aside")
    runfile.lock()
    try:
        aside = runfile.database.with_name(f"{runfile.database.name}.{_name().removesuffix('.backup')}")
        for end in ("-wal", "-shm", ""):
            path = runfile.file(end)
            if path.exists():
                path.rename(aside.with_name(aside.name + end))
    finally:
        runfile.release()
    output.say(f"{runfile.database} stands under {aside} now")


def _files(here: Session) -> DeskFiles:
    """The configuration, and the operator's own templates."""
    from maild import config

    settings = here.settings
    files = {_CONFIG: _read(config.find(here.config, os.environ))}
    if settings.templates:
        folder = settings.path(settings.templates)
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                files[_TEMPLATES + path.relative_to(folder).as_posix()] = _read(path)
    return files


def _read(path: Path) -> DeskFile:
    from maild.store.backup import DeskFile

    return DeskFile(path.stat().st_mode & 0o777, path.read_bytes())


def _write_files(files: DeskFiles, places: dict[str, Path]) -> None:
    """Only where there is none: a file that somebody wrote since stays."""
    for name, path in places.items():
        if any(part == ".." for part in Path(name).parts) or Path(name).is_absolute():
            raise Refused(f"the backup names a file outside of its folder: {output.safe_line(name)}")
        if path.exists():
            output.say(f"{path} exists already and was left as it is")
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        with fresh_file(path) as target:
            os.fchmod(target.fileno(), files[name].mode)
            target.write(files[name].content)
        output.say(f"{path} written")


def _silent(_what: str, _count: int) -> None:
    """Nobody watches."""


@contextmanager
def _progress() -> Iterator[Told]:
    """What is being done, on a terminal."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _silent
        return
    with console.status("") as status:
        yield lambda what, count: status.update(f"{what} {count or ''}")
