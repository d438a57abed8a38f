"""A desk that finds what mails ask for by the tables of words that come with it."""

from __future__ import annotations

from maild.mail.keywords import default_keywords
from maild.settings import Settings

SETTINGS = Settings(keywords=default_keywords())
