"""The customers' page as a Starlette application: its routes, and who may use them.

Whatever a customer writes here goes the way of a mail (`render/web_mail.py`): the same intake, the same decision,
the same acknowledgement. Database work runs in threads; the event loop belongs to everybody.

Over 300 lines: the table of routes and who may use each stand together, so that none is left out.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from maild.errors import Temporary
from maild.settings import Settings
from maild.ticket.vocabulary import RatingValue
from maild.web import guard
from maild.web.desk import Desk
from maild.web.forms import SentForm
from maild.web.look import Look, PageWords, language_of
from maild.web.visitor import Visitor

COOKIE = "maild_session"
SESSION_SECONDS = 30 * 24 * 3600
#: of a form's fields that are no files
MAX_FIELD_BYTES = 400_000


@dataclass(slots=True)
class PageVisit:
    """One request: who it is, in which language, and the token of the forms on its page."""

    visitor: Visitor | None
    say: PageWords
    cookie: str
    fresh: bool  # the cookie is new and has to be set
    csrf: str


Handler = Callable[[Request], Awaitable[Response]]
#: which words go with a status; what one may not see is a 404 like what there is not
MESSAGES = {403: "forbidden", 410: "gone", 413: "too_large", 429: "too_many", 503: "failed"}


class Site:
    """Routes over one desk."""

    def __init__(self, desk: Desk, settings: Settings, key: bytes) -> None:
        self._desk, self._settings, self._key = desk, settings, key
        self._look = Look(settings)
        self._clients = guard.Rate(guard.REQUESTS_PER_MINUTE, 60.0, time.monotonic)
        self._sessions = guard.Rate(guard.REQUESTS_PER_MINUTE, 60.0, time.monotonic)
        self._background: set[asyncio.Task[None]] = set()

    def app(self) -> ASGIApp:
        """The application, with everything that keeps it shut around it."""
        get, post = ["GET"], ["POST"]

        def route(path: str, handler: Handler, methods: list[str]) -> Route:
            return Route(path, _closing(handler), methods=methods)

        routes = [
            route("/", self.sign_in, get),
            route("/sign-in", self.send_link, post),
            route("/in/{token}", self.enter, [*get, *post]),
            route("/tickets", self.tickets, get),
            route("/tickets/{number:int}", self.ticket, get),
            route("/tickets/{number:int}/files/{index:int}", self.file, get),
            route("/tickets/{number:int}/reply", self.reply, post),
            route("/tickets/{number:int}/rating", self.rate, post),
            route("/tickets/{number:int}/close", self.close, post),
            route("/tickets/{number:int}/reopen", self.reopen, post),
            route("/approvals/{key:int}", self.approval, get),
            route("/approvals/{key:int}", self.decide, post),
            route("/new", self.new, get),
            route("/new", self.send_new, post),
            route("/company", self.company, get),
            route("/sign-out", self.sign_out, post),
            route("/status", self.status, get),
            route("/status.atom", self.atom, get),
            route("/status.json", self.feed, get),
            route("/style.css", self.style, get),
        ]
        made = Starlette(
            routes=routes,
            exception_handlers={HTTPException: self._refused, Exception: self._failed},
        )
        web = self._settings.web
        return _Outer(made, web.max_upload_bytes + MAX_FIELD_BYTES)

    async def finish(self) -> None:
        """Wait for links that are being written."""
        if self._background:
            await asyncio.wait(self._background, timeout=5.0)

    # ------------------------------------------------------------------------------------ who it is

    async def _visit(self, request: Request) -> PageVisit:
        """Raises 429 for too many, and 503 where the database does not answer."""
        client = self.client(request)
        if not self._clients.allows(client):
            raise HTTPException(429)
        cookie = request.cookies.get(COOKIE, "")
        if not (20 <= len(cookie) <= 64 and cookie.isascii()):
            cookie = ""
        visitor = await self._desk.visitor(cookie) if cookie else None
        if visitor is not None and not self._sessions.allows(visitor.id_hash):
            raise HTTPException(429)
        fresh = not cookie
        cookie = cookie or self._desk.secret()
        say = self._words(request, visitor)
        return PageVisit(visitor, say, cookie, fresh, guard.form_token(self._key, cookie))

    def client(self, request: Request) -> str:
        """The client's IP, through proxies that are trusted."""
        peer = request.client.host if request.client else ""
        forwarded = request.headers.getlist("x-forwarded-for")
        return guard.client_address(peer, forwarded, self._settings.web.trusted_proxies)

    def _words(self, request: Request, visitor: Visitor | None) -> PageWords:
        if visitor is not None:
            return self._look.words(visitor.language(self._settings))
        accepted = request.headers.get("accept-language", "")
        return self._look.words(language_of(accepted, self._settings.desk.language))

    async def _signed_in(self, request: Request) -> tuple[PageVisit, Visitor]:
        visit = await self._visit(request)
        if visit.visitor is None:
            raise HTTPException(303, headers={"Location": "/"})
        return visit, visit.visitor

    async def _form(self, request: Request, visit: PageVisit, files: bool = False) -> SentForm:
        """The fields of a form that came from a page of this session. Raises 403, and 413 for too much."""
        web = self._settings.web
        limit = web.max_files + 1 if files else 0
        try:
            form = await request.form(max_files=limit, max_fields=60, max_part_size=MAX_FIELD_BYTES)
        except HTTPException as error:
            raise HTTPException(413) from error
        given = {name: value for name, value in form.items() if isinstance(value, str)}
        sent = [f for f in form.getlist("files") if isinstance(f, UploadFile) and (f.filename or f.size)]
        if not guard.fits(self._key, visit.cookie, given.pop("csrf", "")):
            raise HTTPException(403)
        if len(sent) > web.max_files or sum(f.size or 0 for f in sent) > web.max_upload_bytes:
            raise HTTPException(413)
        return SentForm(given, tuple(sent))

    # --------------------------------------------------------------------------------------- answers

    def _page(
        self, request: Request, visit: PageVisit, name: str, here: str = "", status: int = 200, **values: Any
    ) -> Response:
        text = self._look.page(
            name, {"say": visit.say, "visitor": visit.visitor, "csrf": visit.csrf, "here": here, **values}
        )  # fmt: skip
        answer = HTMLResponse(text, status)
        if visit.fresh:
            self._set_cookie(request, answer, visit.cookie)
        return answer

    def _set_cookie(self, request: Request, answer: Response, cookie: str) -> None:
        https = request.url.scheme == "https" or self._settings.web.url.startswith("https://")
        answer.set_cookie(
            COOKIE, cookie, max_age=SESSION_SECONDS, httponly=True, samesite="lax", secure=https, path="/"
        )  # fmt: skip

    async def _refused(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code in (301, 302, 303, 307, 308):
            return RedirectResponse(error.headers["Location"] if error.headers else "/", error.status_code)
        return self._message(request, MESSAGES.get(error.status_code, "missing"), error.status_code)

    async def _failed(self, request: Request, error: Exception) -> Response:
        if not isinstance(error, Temporary):
            self._desk.log_failure(request.url.path, error)
        return self._message(request, "failed", 503 if isinstance(error, Temporary) else 500)

    def _message(self, request: Request, key: str, status: int) -> Response:
        say = self._words(request, None)
        web = self._settings.web
        limits = {"n": web.max_files, "mb": web.max_upload_bytes // 1_048_576}
        back = {"gone": "/", "missing": "/tickets"}.get(
            key, request.url.path if request.method == "GET" else "/tickets"
        )
        visit = PageVisit(None, say, "", False, "")
        return self._page(
            request, visit, "message", status=status, heading=say(f"{key}.title"),
            text=say(f"{key}.text", **limits), way_on=back, way_on_name=say(f"{key}.way_on"),
        )  # fmt: skip

    def _limits(self) -> dict[str, int]:
        web = self._settings.web
        return {"files": web.max_files, "mb": web.max_upload_bytes // 1_048_576}

    # --------------------------------------------------------------------------------------- sign-in

    async def sign_in(self, request: Request) -> Response:
        visit = await self._visit(request)
        if visit.visitor is not None:
            return RedirectResponse("/tickets", 303)
        outages = await self._desk.public_outages(visit.say)
        return self._page(request, visit, "sign_in", outages=outages, sent=False)

    async def send_link(self, request: Request) -> Response:
        """The same page for whoever asks; the link is made beside it, so that its time tells nothing either."""
        visit = await self._visit(request)
        given = await self._form(request, visit)
        work = asyncio.create_task(self._desk.mail_link(given.of("address")))
        self._background.add(work)
        work.add_done_callback(self._background.discard)
        outages = await self._desk.public_outages(visit.say)
        return self._page(request, visit, "sign_in", outages=outages, sent=True)

    async def enter(self, request: Request) -> Response:
        visit = await self._visit(request)
        token = str(request.path_params["token"])
        if request.method == "POST":
            await self._form(request, visit)
            cookie = await self._desk.sign_in(token)  # another one than before: nobody can have planted it
            if cookie is None:
                raise HTTPException(410)
            answer = RedirectResponse("/tickets", 303)
            self._set_cookie(request, answer, cookie)
            return answer
        address = await self._desk.link_of(token)
        if not address:
            raise HTTPException(410)
        # whose link it is stands there: a link of somebody else's, sent to sign one in as them, is seen
        return self._page(request, visit, "enter", token=token, address=address)

    async def sign_out(self, request: Request) -> Response:
        visit = await self._visit(request)
        await self._form(request, visit)
        if visit.visitor is not None:
            await self._desk.sign_out(visit.visitor)
        answer = RedirectResponse("/", 303)
        answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
        return answer

    # --------------------------------------------------------------------------------------- looking

    async def tickets(self, request: Request) -> Response:
        visit, visitor = await self._signed_in(request)
        ended = request.query_params.get("closed") == "1"
        page = _page_number(request.query_params.get("page", "0"))
        shown = await self._desk.tickets(visitor, visit.say, ended=ended, page=page)

        def at(number: int) -> str:
            return urlencode({**({"closed": "1"} if ended else {}), "page": number})

        return self._page(
            request, visit, "tickets", "tickets", note=_note(request, visit.say), ended=ended,
            earlier=at(page - 1) if page > 0 else None, later=at(page + 1) if shown.more else None,
            tickets=shown.tickets, outages=shown.outages, approvals=shown.approvals,
        )  # fmt: skip

    async def ticket(self, request: Request) -> Response:
        visit, visitor = await self._signed_in(request)
        page = await self._desk.ticket(visitor, request.path_params["number"], visit.say)
        if page is None:
            raise HTTPException(404)
        return self._page(
            request, visit, "ticket", "tickets", ticket=page, note=_note(request, visit.say), limits=self._limits(),
            rating=request.query_params.get("rating", ""),
        )  # fmt: skip

    async def file(self, request: Request) -> Response:
        _, visitor = await self._signed_in(request)
        wanted = await self._desk.file(visitor, request.path_params["number"], request.path_params["index"])
        if wanted is None:
            raise HTTPException(404)
        # whatever the customer called it, a browser stores it and never shows it (RFC 6266, RFC 8187)
        return Response(
            wanted.content, media_type="application/octet-stream",
            headers={"Content-Disposition": guard.disposition(wanted.name)},
        )  # fmt: skip

    async def company(self, request: Request) -> Response:
        visit, visitor = await self._signed_in(request)
        if not visitor.reference:
            raise HTTPException(404)
        companies = await self._desk.companies(visitor, visit.say)
        return self._page(request, visit, "company", "company", companies=companies)

    async def approval(self, request: Request) -> Response:
        visit, visitor = await self._signed_in(request)
        consent = await self._desk.approval(visitor, request.path_params["key"], visit.say)
        if consent is None:
            raise HTTPException(404)
        return self._page(
            request, visit, "approval", "tickets", approval=consent, note=_note(request, visit.say)
        )

    # ---------------------------------------------------------------------------------------- acting

    async def decide(self, request: Request) -> Response:
        visit, visitor = await self._signed_in(request)
        key = request.path_params["key"]
        consent = await self._desk.approval(visitor, key, visit.say)
        if consent is None:
            raise HTTPException(404)
        given = await self._form(request, visit)
        if not consent["here"]:  # the contract asks for a signed mail: no press of a button is one
            raise HTTPException(403)
        if given.of("decision") not in ("yes", "no"):
            return _back(f"/approvals/{key}", "approvals.choose")
        counted = await self._desk.decide(visitor, key, given.of("decision") == "yes", self.client(request))
        return _back("/tickets", "approvals.decided" if counted else "approvals.not_now")

    async def reply(self, request: Request) -> Response:
        visit, visitor = await self._signed_in(request)
        number = request.path_params["number"]
        if not await self._desk.sees(visitor, number):
            raise HTTPException(404)
        given = await self._form(request, visit, files=True)
        text = given.of("text").strip()
        if not text and not given.files:
            return _back(f"/tickets/{number}", "reply.empty")
        decided = await self._desk.reply(visitor, number, text, given.files, self.client(request))
        return _back(f"/tickets/{number}", "ticket.sent" if decided else "ticket.taken")

    async def rate(self, request: Request) -> Response:
        """How content the visitor is: what a link of the closing mail would have written."""
        visit, visitor = await self._signed_in(request)
        number = request.path_params["number"]
        if not await self._desk.sees(visitor, number):
            raise HTTPException(404)
        given = await self._form(request, visit)
        value = given.of("value")
        if value not in tuple(RatingValue):
            return _back(f"/tickets/{number}", "ticket.not_now")
        text = f"{visit.say(f'rating.{value}')}.\n\n{given.of('text').strip()}".strip()
        await self._desk.reply(visitor, number, text, [], self.client(request))
        return _back(f"/tickets/{number}", "rating.thanks")

    async def close(self, request: Request) -> Response:
        return await self._act(request, self._desk.close, "ticket.closed")

    async def reopen(self, request: Request) -> Response:
        return await self._act(request, self._desk.reopen, "ticket.reopened")

    async def _act(
        self, request: Request, act: Callable[[Visitor, int], Awaitable[bool]], done: str
    ) -> Response:
        visit, visitor = await self._signed_in(request)
        number = request.path_params["number"]
        if not await self._desk.sees(visitor, number):
            raise HTTPException(404)
        await self._form(request, visit)
        return _back(f"/tickets/{number}", done if await act(visitor, number) else "ticket.not_now")

    async def new(self, request: Request) -> Response:
        visit, visitor = await self._signed_in(request)
        return await self._new_page(request, visit, visitor, SentForm(dict(request.query_params)))

    async def _new_page(
        self, request: Request, visit: PageVisit, visitor: Visitor, given: SentForm, problem: str = ""
    ) -> Response:
        values = await self._desk.new_page(visitor, visit.say, given)
        return self._page(
            request, visit, "new", "new", 422 if problem else 200, problem=problem, limits=self._limits(), **values
        )  # fmt: skip

    async def send_new(self, request: Request) -> Response:
        visit, visitor = await self._signed_in(request)
        given = await self._form(request, visit, files=True)
        problem = self._desk.problem_of(given, visit.say)
        if problem:
            return await self._new_page(request, visit, visitor, given, problem)
        number = await self._desk.new(visitor, given, visit.say, self.client(request))
        return _back(f"/tickets/{number}", "ticket.sent") if number else _back("/tickets", "ticket.taken")

    # ---------------------------------------------------------------------------------------- public

    async def status(self, request: Request) -> Response:
        visit = await self._visit(request)
        values = await self._desk.status(visit.say)
        return self._page(request, visit, "status", "status", **values)

    async def atom(self, request: Request) -> Response:
        await self._visit(request)
        return Response(await self._desk.atom(), media_type="application/atom+xml")

    async def feed(self, request: Request) -> Response:
        await self._visit(request)
        return Response(await self._desk.feed(), media_type="application/feed+json")

    async def style(self, _request: Request) -> Response:
        return Response(
            self._look.style, media_type="text/css", headers={"Cache-Control": "public, max-age=86400"}
        )


def _closing(handler: Handler) -> Handler:
    """The handler, after which the temporary files of an upload are gone."""

    async def handled(request: Request) -> Response:
        try:
            return await handler(request)
        finally:
            await request.close()

    return handled


def _back(where: str, note: str) -> Response:
    """303 to a page that says what was done."""
    return RedirectResponse(f"{where}?done={note}", 303)


#: notes that a page may be asked to show: nobody else's words
NOTES = frozenset(
    {
        "ticket.sent",
        "ticket.taken",
        "ticket.closed",
        "ticket.reopened",
        "ticket.not_now",
        "rating.thanks",
        "reply.empty",
        "approvals.decided",
        "approvals.not_now",
        "approvals.choose",
    }
)


def _note(request: Request, say: PageWords) -> str:
    asked = request.query_params.get("done", "")
    return say(asked) if asked in NOTES else ""


def _page_number(text: str) -> int:
    return min(int(text), 10_000) if text.isascii() and text.isdigit() and len(text) < 6 else 0


class _Outer:
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
