"""Notices as mails: words, looks, headers, bytes."""

from __future__ import annotations

from maild.render.compose import Enclosure, Outgoing, compose
from maild.render.loader import Templates, templates_for
from maild.render.notice import Rendered, render_notice

__all__ = [
    "Enclosure",
    "Outgoing",
    "Rendered",
    "Templates",
    "compose",
    "render_notice",
    "templates_for",
]
