"""Frequent words and telling letters of many languages, for `maild.mail.parse.language`: `words.toml`."""

from __future__ import annotations

from maild.mail.languages.table import read

_TABLES: dict[str, dict[str, str]] = read("words")
#: of each language: its words, between blanks
WORDS = _TABLES["words"]
#: letters that few other languages have
LETTERS = _TABLES["letters"]
#: ends of longer words, half a word each
ENDINGS = _TABLES["endings"]
