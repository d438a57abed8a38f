"""The tables of words that maild ships: `words/<language>.toml`, and what no language owns."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources
from typing import Any


@lru_cache(maxsize=8)
def words_of(language: str) -> dict[str, Any]:
    """The shipped data table `words/<language>.toml`."""
    text = resources.files("maild.mail").joinpath("words", f"{language}.toml").read_text("utf-8")
    return tomllib.loads(text)
