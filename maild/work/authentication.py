"""Checks a mail's signature with keys from DNS, within a limit: an acknowledgement never waits longer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from maild.errors import ConfigError
from maild.mail.auth import evaluate, questions
from maild.mail.auth.dmarc import names, walk
from maild.mail.auth.signatures import Answers
from maild.model import UNKNOWN, AuthOutcome, AuthResult, CompanyFacts, Envelope, Mail, Reason
from maild.settings import Settings
from maild.work.dns import TxtLookup

#: of [authentication] timeout_seconds, the most that a check may delay an acknowledgement: the rest is for judging
FOR_DNS = 0.75


class Authenticates(Protocol):
    """What the loop needs to know who wrote: the names to ask DNS for, its answers, and a verdict on both."""

    settings: Settings

    def questions(self, mail: Mail) -> tuple[str, ...]:
        """The DNS names that the verdict needs; () where it can be given at once."""

    def at_once(self, names: tuple[str, ...]) -> Answers | None:
        """What `answers` would give, where that waits for nobody; else None."""

    async def answers(self, names: tuple[str, ...]) -> Answers:
        """What DNS says, None for what it does not say in time. Raises `ConfigError` where none can be asked."""

    def judge(self, mail: Mail, envelope: Envelope, raw: bytes, answers: Answers) -> AuthResult:
        """The verdict. Takes time that grows with the mail."""


class NoAuthentication:
    """What is known without looking at signatures: nothing."""

    settings = Settings()

    def questions(self, _mail: Mail) -> tuple[str, ...]:
        return ()

    def at_once(self, _names: tuple[str, ...]) -> Answers | None:
        return {}

    async def answers(self, _names: tuple[str, ...]) -> Answers:
        return {}

    def judge(self, _mail: Mail, _envelope: Envelope, _raw: bytes, _answers: Answers) -> AuthResult:
        return AuthResult()


class Authenticator:
    """Judges mails; one a daemon, used in its event loop."""

    def __init__(self, settings: Settings, lookup: TxtLookup | None = None) -> None:
        a = settings.authentication
        self.settings = Settings(authentication=a, smtp=settings.smtp, imap=settings.imap)
        self._lookup = lookup or TxtLookup(a.resolver, a.timeout_seconds * FOR_DNS)

    def questions(self, mail: Mail) -> tuple[str, ...]:
        return questions(mail) if self.settings.authentication.verify_dkim else ()

    def at_once(self, names: tuple[str, ...]) -> Answers | None:
        return self._lookup.at_once(names)

    async def answers(self, names: tuple[str, ...]) -> Answers:
        return await self._lookup.many(names) if names else {}

    def judge(self, mail: Mail, envelope: Envelope, raw: bytes, answers: Answers) -> AuthResult:
        return evaluate(raw, mail, envelope, answers, self.settings)

    async def close(self) -> None:
        await self._lookup.close()


Offline = Callable[[Mail, Envelope, bytes], AuthResult]


@contextmanager
def offline_evaluator(settings: Settings, *, dns: bool) -> Iterator[Offline]:
    """For `explain`: with `dns` the same verdicts as the daemon's, else only what the mail itself says."""
    if not dns:
        yield lambda _mail, _envelope, _raw: AuthResult(
            "unchecked", reasons=(Reason("dns-not-asked", "--dns asks"),)
        )
        return
    with asyncio.Runner() as runner:
        authenticator = Authenticator(settings)
        try:

            async def now(mail: Mail, envelope: Envelope, raw: bytes) -> AuthResult:
                try:
                    answers = await authenticator.answers(authenticator.questions(mail))
                except ConfigError as error:
                    return no_dns(error)
                return authenticator.judge(mail, envelope, raw, answers)

            yield lambda mail, envelope, raw: runner.run(now(mail, envelope, raw))
        finally:
            runner.run(authenticator.close())


def no_dns(error: ConfigError) -> AuthResult:
    """The verdict where no DNS server can be asked: it may be another one later."""
    return not_told(Reason("dns-unusable", str(error)))


def not_told(why: Reason, result: AuthOutcome = "temperror") -> AuthResult:
    """The verdict on a mail of which nothing was found out, nor what its domain says of such mail."""
    return AuthResult(result, reasons=(why,), policy=UNKNOWN)


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
    domains: list[tuple[str, str]] = []
    for domain in company.domains:
        if domain.startswith("."):
            continue
        try:
            answers = _ask(settings, names(domain))
        except ConfigError:
            return domains
        walked = walk(domain, answers)
        if walked.temporary:
            return domains
        if walked.policy is None:
            domains.append(
                (domain, "publishes no DMARC record, so its mail is probably not signed for the domain")
            )
    return domains


def _ask(settings: Settings, wanted: tuple[str, ...]) -> dict[str, tuple[bytes, ...] | None]:
    async def run() -> dict[str, tuple[bytes, ...] | None]:
        lookup = TxtLookup(settings.authentication.resolver, settings.authentication.timeout_seconds)
        try:
            return await lookup.many(wanted)
        finally:
            await lookup.close()

    return asyncio.run(run())
