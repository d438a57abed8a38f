"""`/healthz` and `/metrics`, for probes and Prometheus, on a port of their own."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from maild.work.status import MakePage


def probes(pages: Mapping[str, MakePage]) -> ASGIApp:
    """An application over a table path -> page."""

    def route(path: str, make: MakePage) -> Route:
        async def answer(_request: Request) -> Response:
            status, kind, body = await make()
            return Response(body, status, {"Cache-Control": "no-store"}, kind)

        return Route(path, answer, methods=["GET"])

    async def missing(_request: Request, _error: Exception) -> Response:
        return PlainTextResponse(f"there are: {' '.join(pages)}\n", 404)

    return Starlette(routes=[route(*one) for one in pages.items()], exception_handlers={404: missing})
