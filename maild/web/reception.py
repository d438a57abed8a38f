"""Every request of the customers' page: who it is from, whether its form is this session's, and how it is answered."""

from __future__ import annotations

import time
from typing import Any

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from maild.errors import Temporary
from maild.settings import Settings
from maild.values import dataclass
from maild.web import guard
from maild.web.desk import Desk
from maild.web.forms import SentForm
from maild.web.look import Look, PageWords, language_of
from maild.web.sign_in import SignIn
from maild.web.visitor import Visitor

COOKIE = "maild_session"
SESSION_SECONDS = 30 * 24 * 3600
#: of a form's fields that are no files
MAX_FIELD_BYTES = 400_000
#: which words go with a status; what one may not see is a 404 like what there is not
MESSAGES = {403: "forbidden", 410: "gone", 413: "too_large", 429: "too_many", 503: "failed"}


@dataclass(slots=True)
class PageVisit:
    """One request: who it is, in which language, and the token of the forms on its page."""

    visitor: Visitor | None
    say: PageWords
    cookie: str
    fresh: bool  # the cookie is new and has to be set
    csrf: str


class Reception:
    """What every request of the page goes through."""

    def __init__(self, desk: Desk, sign_in: SignIn, settings: Settings, key: bytes) -> None:
        self._desk, self._sign_in, self._settings, self._key = desk, sign_in, settings, key
        self.look = Look(settings)
        self._clients = guard.Rate(guard.REQUESTS_PER_MINUTE, 60.0, time.monotonic)
        self._sessions = guard.Rate(guard.REQUESTS_PER_MINUTE, 60.0, time.monotonic)

    # ------------------------------------------------------------------------------------ who it is

    async def visit(self, request: Request) -> PageVisit:
        """Raises 429 for too many, and 503 where the database does not answer."""
        client = self.client(request)
        if not self._clients.allows(client):
            raise HTTPException(429)
        cookie = request.cookies.get(COOKIE, "")
        if not (20 <= len(cookie) <= 64 and cookie.isascii()):
            cookie = ""
        visitor = await self._sign_in.visitor(cookie) if cookie else None
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
            return self.look.words(visitor.language(self._settings))
        accepted = request.headers.get("accept-language", "")
        return self.look.words(language_of(accepted, self._settings.desk.language))

    async def signed_in(self, request: Request) -> tuple[PageVisit, Visitor]:
        visit = await self.visit(request)
        if visit.visitor is None:
            raise HTTPException(303, headers={"Location": "/"})
        return visit, visit.visitor

    async def form(self, request: Request, visit: PageVisit, files: bool = False) -> SentForm:
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

    def page(
        self, request: Request, visit: PageVisit, name: str, here: str = "", status: int = 200, **values: Any
    ) -> Response:
        text = self.look.page(
            name, {"say": visit.say, "visitor": visit.visitor, "csrf": visit.csrf, "here": here, **values}
        )  # fmt: skip
        answer = HTMLResponse(text, status)
        if visit.fresh:
            self.set_cookie(request, answer, visit.cookie)
        return answer

    def set_cookie(self, request: Request, answer: Response, cookie: str) -> None:
        https = request.url.scheme == "https" or self._settings.web.url.startswith("https://")
        answer.set_cookie(
            COOKIE, cookie, max_age=SESSION_SECONDS, httponly=True, samesite="lax", secure=https, path="/"
        )  # fmt: skip

    async def refused(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code in (301, 302, 303, 307, 308):
            return RedirectResponse(error.headers["Location"] if error.headers else "/", error.status_code)
        return self._message(request, MESSAGES.get(error.status_code, "missing"), error.status_code)

    async def failed(self, request: Request, error: Exception) -> Response:
        if not isinstance(error, Temporary):
            self._desk.log_failure(request.url.path, error)
        return self._message(request, "failed", 503 if isinstance(error, Temporary) else 500)

    def _message(self, request: Request, key: str, status: int) -> Response:
        say, limits = self._words(request, None), self.limits()
        back = {"gone": "/", "missing": "/tickets"}.get(
            key, request.url.path if request.method == "GET" else "/tickets"
        )
        visit = PageVisit(None, say, "", False, "")
        return self.page(
            request, visit, "message", status=status, heading=say(f"{key}.title"),
            text=say(f"{key}.text", n=limits["files"], mb=limits["mb"]), way_on=back, way_on_name=say(f"{key}.way_on"),
        )  # fmt: skip

    def limits(self) -> dict[str, int]:
        web = self._settings.web
        return {"files": web.max_files, "mb": web.max_upload_bytes // 1_048_576}


def back(where: str, note: str) -> Response:
    """303 to a page that says what was done."""
    return RedirectResponse(f"{where}?done={note}", 303)


#: notes that a page may be asked to show: nobody else's words
NOTES = frozenset(
    {"ticket.sent", "ticket.taken", "ticket.closed", "ticket.reopened", "ticket.not_now", "rating.thanks", "reply.empty",
     "approvals.decided", "approvals.not_now", "approvals.choose"}
)  # fmt: skip


def note_of(request: Request, say: PageWords) -> str:
    asked = request.query_params.get("done", "")
    return say(asked) if asked in NOTES else ""


def page_number(text: str) -> int:
    return min(int(text), 10_000) if text.isascii() and text.isdigit() and len(text) < 6 else 0
