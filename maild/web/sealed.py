"""Around the customers' page: what holds for each request and each answer, whatever the route."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from maild.web import guard

Handler = Callable[[Request], Awaitable[Response]]


def closing(handler: Handler) -> Handler:
    """The handler, after which the temporary files of an upload are gone."""

    async def handled(request: Request) -> Response:
        try:
            return await handler(request)
        finally:
            await request.close()

    return handled


class Sealed:
    """Around the application: a limit of bytes that holds while they arrive, and the headers of every answer."""

    def __init__(self, inner: ASGIApp, max_bytes: int) -> None:
        self._inner, self._max = inner, max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._max:
                raise HTTPException(413)
            return message

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                there = {name.lower() for name, _ in message["headers"]}
                more = [(k.lower().encode(), v.encode()) for k, v in guard.HEADERS.items()]
                message["headers"] = [*message["headers"], *((k, v) for k, v in more if k not in there)]
            await send(message)

        await self._inner(scope, counted, sealed)
