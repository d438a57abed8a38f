"""Who a visitor is: links that are sent by mail, and the sessions that they begin."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from maild.mail.text.addresses import folded
from maild.model import NEW, Mailbox, Plan, SendNotice
from maild.notice import notices
from maild.notice.web_mails import WebLink
from maild.store import Tx
from maild.web.desk import Desk
from maild.web.guard import LINKS_PER_HOUR
from maild.web.visitor import Visitor, hashed, visitor_of


class SignIn:
    """Links and sessions of the visitors of a desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def visitor(self, cookie: str) -> Visitor | None:
        """Whose session it is. Its use is noted, now and then."""
        now = self._desk.now()
        visitor = await self._desk.read(
            partial(visitor_of, cookie=cookie, settings=self._desk.settings, now=now)
        )
        if visitor is not None and visitor.stale:
            await self._desk.writer.run(lambda tx: tx.web.touch(visitor.id_hash, now))
        return visitor

    async def mail_link(self, address: str) -> None:
        """A link for a known contact who asks for not too many; nothing for anybody else."""
        wanted, now = folded(address.strip()), self._desk.now()
        person = await self._desk.read(lambda tx: tx.contacts.find(wanted)) if "@" in wanted else None
        if person is None:
            return
        token = self._desk.secret()

        def write(tx: Tx) -> bool:
            if tx.web.links_since(wanted, now - timedelta(hours=1)) >= LINKS_PER_HOUR:
                return False
            tx.web.add_link(hashed(token), wanted, now)
            companies = tx.companies.cached([one.company for one in person.memberships])
            language = notices.language_of(person, next(iter(companies.values()), None), self._desk.settings)
            content = WebLink(url=f"{self._desk.url}/in/{token}")
            notice = notices.letter(content, NEW, (Mailbox(wanted, person.name),), language, secret=True)
            tx.apply(Plan((SendNotice(notice),)), now=now, signer=self._desk.signer, nonces=self._desk.nonce)
            return True

        if await self._desk.writer.run(write):
            self._desk.changed()

    async def link_of(self, token: str) -> str:
        """Whose session a link could begin now, "" where it could not; looking at it uses nothing."""
        return await self._desk.read(lambda tx: tx.web.holder(hashed(token), self._desk.now()))

    async def use(self, token: str) -> str | None:
        """Use a link up: the cookie of a new session, or None."""
        cookie, now = self._desk.secret(), self._desk.now()

        def write(tx: Tx) -> bool:
            address = tx.web.use_link(hashed(token), now)
            person = tx.contacts.find(address) if address else None
            if address is None or person is None:
                return False
            tx.web.sign_in(hashed(cookie), person.contact_id, address, now)
            return True

        return cookie if await self._desk.writer.run(write) else None

    async def leave(self, visitor: Visitor) -> None:
        """This browser's session ends."""
        await self._desk.writer.run(lambda tx: tx.web.sign_out(visitor.id_hash))
