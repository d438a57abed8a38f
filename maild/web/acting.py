"""What a visitor does: words go the way of a mail, and what is pressed is an act of the customer's."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from starlette.datastructures import UploadFile

from maild.app import customer, telling
from maild.app.acts import ActContext
from maild.consent.decision_word import words_for
from maild.consent.hiding import token_hash
from maild.consent.wanted import token_of
from maild.errors import Refused
from maild.mail.envelope import WEB_SOURCE
from maild.model import AddTokens, ConsentFacts, Envelope, Mailbox, Plan
from maild.render.compose import Enclosure
from maild.render.web_mail import web_mail
from maild.store import Tx
from maild.ticket.phases import ConsentState, InboundState
from maild.web import forms
from maild.web.desk import Desk, asked_of
from maild.web.forms import SentForm
from maild.web.look import PageWords
from maild.web.visitor import Visitor

#: the mode of a consent in which the token alone is asked for
TOKEN = "token"
#: so long a form waits for its mail to be decided, looking this often
PATIENCE_SECONDS, LOOK_SECONDS = 4.0, 0.05


class VisitorActs:
    """The acts of visitors on a desk. Whether they may see the ticket is asked before (`Desk.sees`)."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def decide(self, visitor: Visitor, key: int, yes: bool, client: str) -> bool:
        """The visitor's decision, where a token alone is asked for: a mail of theirs that answers one of ours, with a
        token of its own, judged like every other. Whether it counted."""
        now, token = self._desk.now(), token_of(self._desk.secret)

        def write(tx: Tx) -> ConsentFacts | None:
            consent = next((one for one in asked_of(tx, visitor) if one.id == key), None)
            if consent is None or consent.require != TOKEN:
                return None
            approver = next(one for one in visitor.addresses if one in consent.approvers)
            plan = Plan((AddTokens(consent.id, ((approver, token_hash(token)),), consent.expires_at),))
            tx.apply(plan, now=now, signer=self._desk.signer, nonces=self._desk.nonce)
            return consent

        consent = await self._desk.writer.run(write)
        if consent is None:
            return False
        words = words_for("en", self._desk.settings.approval)[0 if yes else 1]
        number = consent.ticket
        ticket = await self._desk.read(lambda tx: tx.tickets.brief(number))
        subject = f"Re: {self._desk.settings.threading.subject_tag.format(number=number)} {ticket.subject}"
        answers = self._desk.signer.message_id(number, token)
        mail = await self._hand_in(visitor, subject, words[0], (), client, answers=answers)
        await self._decided(mail)
        after = await self._desk.read(lambda tx: tx.consents.get(consent.id))
        return after.state in (ConsentState.GRANTED, ConsentState.REFUSED)

    async def reply(
        self, visitor: Visitor, number: int, text: str, files: Sequence[UploadFile], client: str
    ) -> bool:
        """The visitor's words on a ticket; whether they stand on it already."""
        ticket = await self._desk.read(lambda tx: tx.tickets.brief(number))
        subject = f"Re: {self._desk.settings.threading.subject_tag.format(number=number)} {ticket.subject}"
        key = await self._hand_in(visitor, subject, text, files, client, answers=ticket.root_message_id)
        return await self._decided(key) is not None

    def problem_of(self, given: SentForm, say: PageWords) -> str:
        """What is missing in a form for a new request, or ""."""
        form = forms.form_for(given.of("kind"), self._desk.settings, say)
        if not given.of("subject").strip():
            return say("new.missing", field=say("new.subject"))
        if not given.of("text").strip():
            return say("new.missing", field=say("new.text"))
        label = forms.missing(form, given.texts())
        return say("new.missing", field=label) if label else ""

    async def new(
        self,
        visitor: Visitor,
        given: SentForm,
        say: PageWords,
        client: str,
    ) -> int | None:
        """A new request; its number, or None where it is not decided yet."""
        form = forms.form_for(given.of("kind"), self._desk.settings, say)
        text = forms.written(form, given.texts(), given.of("text"))
        key = await self._hand_in(visitor, given.of("subject").strip()[:200], text, given.files, client)
        return await self._decided(key)

    async def _hand_in(
        self,
        visitor: Visitor,
        subject: str,
        text: str,
        files: Sequence[UploadFile],
        client: str,
        answers: str = "",
    ) -> int:
        """The visitor's words as a mail of theirs, taken in like any other: committed and synced."""
        now = self._desk.now()
        enclosures = [
            Enclosure(f.filename or "file", f.content_type or "application/octet-stream", await f.read())
            for f in files
        ]
        message_id = f"<web.{self._desk.secret()}@{self._desk.settings.desk.domain}>"
        raw = await asyncio.to_thread(
            web_mail, Mailbox(visitor.address, visitor.name), self._desk.settings.desk.address, subject, text,
            message_id=message_id, date=now, answers=answers, files=enclosures,
        )  # fmt: skip
        envelope = Envelope(WEB_SOURCE, now, visitor.address, (self._desk.settings.desk.address,), client)
        return await self._desk.accept(envelope, raw, f"web:{message_id}")

    async def _decided(self, key: int) -> int | None:
        """The ticket of a mail, when it is decided soon enough to be shown."""
        for _ in range(int(PATIENCE_SECONDS / LOOK_SECONDS)):
            mail = await self._desk.read(lambda tx: tx.inbound.get(key).mail)
            if mail.state != InboundState.RECEIVED:
                return mail.ticket
            await asyncio.sleep(LOOK_SECONDS)
        return None

    async def close(self, visitor: Visitor, number: int) -> bool:
        """The visitor says that it is solved; False where that cannot be."""
        return await self._act(visitor, number, customer.close)

    async def reopen(self, visitor: Visitor, number: int) -> bool:
        """The visitor says that it is not solved."""
        return await self._act(visitor, number, customer.reopen)

    async def _act(self, visitor: Visitor, number: int, act: customer.CustomerAct) -> bool:
        now = self._desk.now()

        def write(tx: Tx) -> None:
            ticket = tx.ticket(number)
            company = tx.companies.find(ticket.company)
            by = Mailbox(visitor.address, visitor.name)
            consents = tuple(tx.consents.of_ticket(number))
            facts = ActContext(self._desk.settings, now, "", company, consents=consents)
            plan = act(facts, ticket, by, self._desk.nonce)
            companies = {company.key: company} if company is not None else {}
            cause = telling.Cause(self._desk.settings, now, visitor.address, visitor.person, companies)
            plan = telling.told(plan, {number: ticket}, cause)
            tx.apply(plan, now=now, signer=self._desk.signer, nonces=self._desk.nonce)

        try:
            await self._desk.writer.run(write)
        except Refused:
            return False
        self._desk.changed()
        return True
