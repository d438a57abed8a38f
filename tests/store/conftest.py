"""Each test of the store runs on SQLite and on the distribution's PostgreSQL, each on a fresh database."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from maild.settings import Database, DeskSettings, Settings
from maild.store import Store
from tests.store import postgres

_numbers = itertools.count(1)


def settings_for(url: str, folder: Path) -> Settings:
    database = Database(url=url, folder=folder / "mails", busy_timeout_seconds=5.0, large_mail_bytes=2000)
    return replace(
        Settings(), base=folder, database=database, desk=replace(DeskSettings(), first_number=15789)
    )


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A running server. Without the package: a failure in CI, a skip at home."""
    with postgres.running(postgres.needed()) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated database that others are copied from."""
    settings = settings_for(
        postgres.new_database(postgres_url, "maild_template"), tmp_path_factory.mktemp("template")
    )
    Store.open(settings, create=True).close()
    return "maild_template"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    path = folder / "maild.db"
    Store.open(settings_for(f"sqlite:///{path}", folder), create=True).close()
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a fresh database with the schema."""
    if request.param == "sqlite":
        path = tmp_path / "maild.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield settings_for(f"sqlite:///{path}", tmp_path)
        return
    url: str = request.getfixturevalue("postgres_url")
    template: str = request.getfixturevalue("postgres_template")
    name = f"maild_{next(_numbers)}"
    with psycopg.connect(f"{url}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
    yield settings_for(f"{url}/{name}", tmp_path)
    with psycopg.connect(f"{url}/postgres", autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with Store.open(settings) as opened:
        yield opened


@pytest.fixture
def sqlite_settings(sqlite_template: Path, tmp_path: Path) -> Settings:
    """For what is SQLite's own."""
    path = tmp_path / "maild.db"
    shutil.copy(sqlite_template, path)
    return settings_for(f"sqlite:///{path}", tmp_path)


@pytest.fixture
def reopened(settings: Settings) -> Callable[[], Store]:
    """Opens the same database once more, as another process would."""
    return lambda: Store.open(settings)
