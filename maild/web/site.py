"""The customers' page as a Starlette application: its routes, and who may use them.

Whatever a customer writes here goes the way of a mail (`render/web_mail.py`): the same intake, the same decision,
the same acknowledgement. Database work runs in threads; the event loop belongs to everybody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from maild.settings import Settings
from maild.ticket.vocabulary import RatingValue
from maild.web import guard
from maild.web.acting import VisitorActs
from maild.web.desk import Desk
from maild.web.forms import SentForm
from maild.web.reception import COOKIE, MAX_FIELD_BYTES, PageVisit, Reception, back, note_of, page_number
from maild.web.sealed import Handler, Sealed, closing
from maild.web.shown import ShownDesk
from maild.web.sign_in import SignIn
from maild.web.visitor import Visitor


class Site:
    """Routes over one desk."""

    def __init__(self, desk: Desk, settings: Settings, key: bytes) -> None:
        self._desk, self._settings = desk, settings
        self._sign_in, self._shown, self._acts = SignIn(desk), ShownDesk(desk), VisitorActs(desk)
        self._at = Reception(desk, self._sign_in, settings, key)
        self._background: set[asyncio.Task[None]] = set()

    def app(self) -> ASGIApp:
        """The application, with everything that keeps it shut around it."""
        get, post = ["GET"], ["POST"]

        def route(path: str, handler: Handler, methods: list[str]) -> Route:
            return Route(path, closing(handler), methods=methods)

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
            exception_handlers={HTTPException: self._at.refused, Exception: self._at.failed},
        )
        web = self._settings.web
        return Sealed(made, web.max_upload_bytes + MAX_FIELD_BYTES)

    async def finish(self) -> None:
        """Wait for links that are being written."""
        if self._background:
            await asyncio.wait(self._background, timeout=5.0)

    # --------------------------------------------------------------------------------------- sign-in

    async def sign_in(self, request: Request) -> Response:
        visit = await self._at.visit(request)
        if visit.visitor is not None:
            return RedirectResponse("/tickets", 303)
        outages = await self._shown.public_outages(visit.say)
        return self._at.page(request, visit, "sign_in", outages=outages, sent=False)

    async def send_link(self, request: Request) -> Response:
        """The same page for whoever asks; the link is made beside it, so that its time tells nothing either."""
        visit = await self._at.visit(request)
        given = await self._at.form(request, visit)
        work = asyncio.create_task(self._sign_in.mail_link(given.of("address")))
        self._background.add(work)
        work.add_done_callback(self._background.discard)
        outages = await self._shown.public_outages(visit.say)
        return self._at.page(request, visit, "sign_in", outages=outages, sent=True)

    async def enter(self, request: Request) -> Response:
        visit = await self._at.visit(request)
        token = str(request.path_params["token"])
        if request.method == "POST":
            await self._at.form(request, visit)
            cookie = await self._sign_in.use(token)  # another one than before: nobody can have planted it
            if cookie is None:
                raise HTTPException(410)
            answer = RedirectResponse("/tickets", 303)
            self._at.set_cookie(request, answer, cookie)
            return answer
        address = await self._sign_in.link_of(token)
        if not address:
            raise HTTPException(410)
        # whose link it is stands there: a link of somebody else's, sent to sign one in as them, is seen
        return self._at.page(request, visit, "enter", token=token, address=address)

    async def sign_out(self, request: Request) -> Response:
        visit = await self._at.visit(request)
        await self._at.form(request, visit)
        if visit.visitor is not None:
            await self._sign_in.leave(visit.visitor)
        answer = RedirectResponse("/", 303)
        answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
        return answer

    # --------------------------------------------------------------------------------------- looking

    async def tickets(self, request: Request) -> Response:
        visit, visitor = await self._at.signed_in(request)
        ended = request.query_params.get("closed") == "1"
        page = page_number(request.query_params.get("page", "0"))
        shown = await self._shown.tickets(visitor, visit.say, ended=ended, page=page)

        def at(number: int) -> str:
            return urlencode({**({"closed": "1"} if ended else {}), "page": number})

        return self._at.page(
            request, visit, "tickets", "tickets", note=note_of(request, visit.say), ended=ended,
            earlier=at(page - 1) if page > 0 else None, later=at(page + 1) if shown.more else None,
            tickets=shown.tickets, outages=shown.outages, approvals=shown.approvals,
        )  # fmt: skip

    async def ticket(self, request: Request) -> Response:
        visit, visitor = await self._at.signed_in(request)
        page = await self._shown.ticket(visitor, request.path_params["number"], visit.say)
        if page is None:
            raise HTTPException(404)
        return self._at.page(
            request, visit, "ticket", "tickets", ticket=page, note=note_of(request, visit.say), limits=self._at.limits(),
            rating=request.query_params.get("rating", ""),
        )  # fmt: skip

    async def file(self, request: Request) -> Response:
        _, visitor = await self._at.signed_in(request)
        wanted = await self._shown.file(visitor, request.path_params["number"], request.path_params["index"])
        if wanted is None:
            raise HTTPException(404)
        # whatever the customer called it, a browser stores it and never shows it (RFC 6266, RFC 8187)
        return Response(
            wanted.content, media_type="application/octet-stream",
            headers={"Content-Disposition": guard.disposition(wanted.name)},
        )  # fmt: skip

    async def company(self, request: Request) -> Response:
        visit, visitor = await self._at.signed_in(request)
        if not visitor.reference:
            raise HTTPException(404)
        companies = await self._shown.companies(visitor, visit.say)
        return self._at.page(request, visit, "company", "company", companies=companies)

    async def approval(self, request: Request) -> Response:
        visit, visitor = await self._at.signed_in(request)
        consent = await self._shown.approval(visitor, request.path_params["key"], visit.say)
        if consent is None:
            raise HTTPException(404)
        return self._at.page(
            request, visit, "approval", "tickets", approval=consent, note=note_of(request, visit.say)
        )

    # ---------------------------------------------------------------------------------------- acting

    async def decide(self, request: Request) -> Response:
        visit, visitor = await self._at.signed_in(request)
        key = request.path_params["key"]
        consent = await self._shown.approval(visitor, key, visit.say)
        if consent is None:
            raise HTTPException(404)
        given = await self._at.form(request, visit)
        if not consent["here"]:  # the contract asks for a signed mail: no press of a button is one
            raise HTTPException(403)
        if given.of("decision") not in ("yes", "no"):
            return back(f"/approvals/{key}", "approvals.choose")
        counted = await self._acts.decide(
            visitor, key, given.of("decision") == "yes", self._at.client(request)
        )
        return back("/tickets", "approvals.decided" if counted else "approvals.not_now")

    async def _on_ticket(self, request: Request) -> tuple[PageVisit, Visitor, int]:
        """Who acts on which ticket. Raises 404 for what they may not see."""
        visit, visitor = await self._at.signed_in(request)
        number: int = request.path_params["number"]
        if not await self._desk.sees(visitor, number):
            raise HTTPException(404)
        return visit, visitor, number

    async def reply(self, request: Request) -> Response:
        visit, visitor, number = await self._on_ticket(request)
        given = await self._at.form(request, visit, files=True)
        text = given.of("text").strip()
        if not text and not given.files:
            return back(f"/tickets/{number}", "reply.empty")
        decided = await self._acts.reply(visitor, number, text, given.files, self._at.client(request))
        return back(f"/tickets/{number}", "ticket.sent" if decided else "ticket.taken")

    async def rate(self, request: Request) -> Response:
        """How content the visitor is: what a link of the closing mail would have written."""
        visit, visitor, number = await self._on_ticket(request)
        given = await self._at.form(request, visit)
        value = given.of("value")
        if value not in tuple(RatingValue):
            return back(f"/tickets/{number}", "ticket.not_now")
        text = f"{visit.say(f'rating.{value}')}.\n\n{given.of('text').strip()}".strip()
        await self._acts.reply(visitor, number, text, [], self._at.client(request))
        return back(f"/tickets/{number}", "rating.thanks")

    async def close(self, request: Request) -> Response:
        return await self._act(request, self._acts.close, "ticket.closed")

    async def reopen(self, request: Request) -> Response:
        return await self._act(request, self._acts.reopen, "ticket.reopened")

    async def _act(
        self, request: Request, act: Callable[[Visitor, int], Awaitable[bool]], done: str
    ) -> Response:
        visit, visitor, number = await self._on_ticket(request)
        await self._at.form(request, visit)
        return back(f"/tickets/{number}", done if await act(visitor, number) else "ticket.not_now")

    async def new(self, request: Request) -> Response:
        visit, visitor = await self._at.signed_in(request)
        return await self._new_page(request, visit, visitor, SentForm(dict(request.query_params)))

    async def _new_page(
        self, request: Request, visit: PageVisit, visitor: Visitor, given: SentForm, problem: str = ""
    ) -> Response:
        values = await self._shown.new_page(visitor, visit.say, given)
        return self._at.page(
            request, visit, "new", "new", 422 if problem else 200, problem=problem, limits=self._at.limits(), **values
        )  # fmt: skip

    async def send_new(self, request: Request) -> Response:
        visit, visitor = await self._at.signed_in(request)
        given = await self._at.form(request, visit, files=True)
        problem = self._acts.problem_of(given, visit.say)
        if problem:
            return await self._new_page(request, visit, visitor, given, problem)
        number = await self._acts.new(visitor, given, visit.say, self._at.client(request))
        return back(f"/tickets/{number}", "ticket.sent") if number else back("/tickets", "ticket.taken")

    # ---------------------------------------------------------------------------------------- public

    async def status(self, request: Request) -> Response:
        visit = await self._at.visit(request)
        values = await self._shown.status(visit.say)
        return self._at.page(request, visit, "status", "status", **values)

    async def atom(self, request: Request) -> Response:
        await self._at.visit(request)
        return Response(await self._shown.atom(), media_type="application/atom+xml")

    async def feed(self, request: Request) -> Response:
        await self._at.visit(request)
        return Response(await self._shown.feed(), media_type="application/feed+json")

    async def style(self, _request: Request) -> Response:
        return Response(
            self._at.look.style, media_type="text/css", headers={"Cache-Control": "public, max-age=86400"}
        )
