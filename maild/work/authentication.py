"""Checks a mail's signature with keys from DNS, within a limit: an acknowledgement never waits longer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from maild.errors import ConfigError
from maild.mail.auth import evaluate, questions
from maild.mail.auth.dmarc import names, walk
from maild.model import AuthResult, CompanyFacts, Envelope, Mail, Reason
from maild.settings import Settings
from maild.work.dns import TxtLookup

#: bodies above this are hashed in a thread, so that other mails go on
LARGE = 262_144
#: of [authentication] timeout_seconds, the most that a check may delay an acknowledgement: the rest is for judging
FOR_DNS = 0.75


class Authenticator:
    """Judges mails; one a daemon, used in its event loop."""

    def __init__(self, settings: Settings, lookup: TxtLookup | None = None) -> None:
        self._settings = settings
        a = settings.authentication
        self._lookup = lookup or TxtLookup(a.resolver, a.timeout_seconds * FOR_DNS)

    def __call__(self, mail: Mail, envelope: Envelope, raw: bytes) -> AuthResult | Awaitable[AuthResult]:
        """The verdict itself where DNS has nothing to say (such mails keep their place), else an awaitable."""
        asked = questions(mail) if self._settings.authentication.verify_dkim else ()
        if not asked:
            return evaluate(raw, mail, envelope, {}, self._settings)
        return self._verified(asked, mail, envelope, raw)

    async def _verified(
        self, asked: tuple[str, ...], mail: Mail, envelope: Envelope, raw: bytes
    ) -> AuthResult:
        """The result is "temperror" when DNS did not answer in time. Raises nothing but cancellation."""
        try:
            answers = await self._lookup.many(asked)
        except ConfigError as error:
            return AuthResult("temperror", reasons=(Reason("dns-unusable", str(error)),))
        if len(raw) > LARGE:
            return await asyncio.to_thread(evaluate, raw, mail, envelope, answers, self._settings)
        return evaluate(raw, mail, envelope, answers, self._settings)

    async def close(self) -> None:
        await self._lookup.close()


Offline = Callable[[Mail, Envelope, bytes], AuthResult]


@contextmanager
def offline_evaluator(settings: Settings, *, dns: bool) -> Iterator[Offline]:
    """For `explain`: with `dns` the same verdicts as the daemon's, else only what the mail itself says."""
    if not dns:
        yield lambda mail, envelope, raw: AuthResult(
            "unchecked", reasons=(Reason("dns-not-asked", "--dns asks"),)
        )
        return
    with asyncio.Runner() as runner:
        authenticator = Authenticator(settings)
        try:

            async def now(mail: Mail, envelope: Envelope, raw: bytes) -> AuthResult:
                found = authenticator(mail, envelope, raw)
                return found if isinstance(found, AuthResult) else await found

            yield lambda mail, envelope, raw: runner.run(now(mail, envelope, raw))
        finally:
            runner.run(authenticator.close())


def resolver_state(settings: Settings) -> tuple[bool, str]:
    """Whether DNS answers, and a line about it."""
    name = settings.authentication.resolver or "the system's resolver"
    try:
        answers = _ask(settings, (f"_dmarc.{settings.desk.domain}",))
    except ConfigError as error:
        return False, str(error)
    if None in answers.values():
        return False, f"{name} does not answer: signatures cannot be checked, approvals by mail stay held"
    return True, f"{name} answers"


def unsigned_domains(company: CompanyFacts, settings: Settings) -> list[tuple[str, str]]:
    """(domain, what is missing) of the company's domains whose mail cannot pass `require = "dmarc"`."""
    if (company.require or settings.approval.require) != "dmarc":
        return []
    found: list[tuple[str, str]] = []
    for domain in company.domains:
        if domain.startswith("."):
            continue
        try:
            answers = _ask(settings, names(domain))
        except ConfigError:
            return found
        walked = walk(domain, answers)
        if walked.temporary:
            return found
        if walked.policy is None:
            found.append(
                (domain, "publishes no DMARC record, so its mail is probably not signed for the domain")
            )
    return found


def _ask(settings: Settings, wanted: tuple[str, ...]) -> dict[str, tuple[bytes, ...] | None]:
    async def run() -> dict[str, tuple[bytes, ...] | None]:
        lookup = TxtLookup(settings.authentication.resolver, settings.authentication.timeout_seconds)
        try:
            return await lookup.many(wanted)
        finally:
            await lookup.close()

    return asyncio.run(run())
