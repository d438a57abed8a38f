"""Which deadline means what: type -> handler. See `deadlines.Handler` for what a handler is."""

from __future__ import annotations

from collections.abc import Mapping

from maild.work.deadlines import Handler

HANDLERS: Mapping[str, Handler] = {}
