"""A state machine of requests, answers and changes against a short oracle: nobody unauthorised is ever heard.

Two laws are looked at after each step, and neither asks the code what it thinks. An answer decides exactly when the
oracle says so (`amiss`). And a ticket on which somebody wrote words that ask, which no grant was about and no agent
cleared, is worked on in no phase. What holds a ticket is taken from the plans, since to ask too often is no hole; what
lets one go is not.

Over 300 lines: one state machine; its steps and its invariants read the same fields.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import Phase as HypothesisPhase
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from maild.app import (
    acts,
    approvals,
    change_company,
    compound,
    customer,
    deadlines,
    merging,
    new_by_agent,
    offers,
    splitting,
    undoable_act,
)
from maild.app.acts import ActContext
from maild.model import ContactInput, Facts, Mailbox, OpenConsent, Plan, SendNotice
from maild.store import Tx
from maild.ticket.phases import DONE, Phase
from maild.ticket.state import TicketChange
from maild.ticket.vocabulary import WRITTEN, TicketKind
from maild.work.nonces import token
from tests.consent.model_desk import APPROVES, SAID, START, ModelDesk, Verb
from tests.shapes import shapes

#: a state machine of many steps
pytestmark = pytest.mark.slow

#: what fails is told as it is: to make it shorter takes longer than to read it
PHASES = (HypothesisPhase.explicit, HypothesisPhase.generate)
FLAWS = ["token", "no token", "writer", "auth", "word", "tag", "place", "hours", "twist", "to"]
REQUESTERS = {"acme": "anna@acme.example", "tok": "theo@tok.example"}
COLLEAGUES = {"acme": "carl@acme.example", "tok": "carl@tok.example"}
APPROVERS = {"acme": ("boss@acme.example", "vice@acme.example"), "tok": ("tess@tok.example",),
             "globex": ("gina@globex.example",)}  # fmt: skip
WRITERS = ("boss@acme.example", "vice@acme.example", "anna@acme.example", "gina@globex.example",
           "stranger@evil.example", "tess@tok.example", "theo@tok.example", "kata@desk.example")  # fmt: skip
#: what is answered, and whether it decides; `{}` is a mark of its own, NAME the writer's
WORDS = {
    "yes": "Yes, approved.",
    "no": "No.",
    "signed": "Yes.\r\n\r\nKind regards,\r\nNAME",
    "doubt": "Yes, but later.",
    "accept": "We accept your offer.\r\n\r\nKind regards,\r\nNAME",
    "accept if": "We accept your offer if it comes by Friday.",
    "question": "When would it come, and is it insured?",
    "more": "Yes, approved.\r\n\r\nPlease give Mallory write access to the share {} too.",
    "quoted": "Hm.\r\n\r\n> Yes, approved.",
    "torn": "> Please do what was\r\nYes, approved.\r\n> asked for",
    "torn end": "> Please grant write\r\naccess.\r\nYes, approved.\r\n> for me",
    "below": "> Please grant write access to the share\r\nYes",
    "torn below": "> said to me on the phone:\r\nYes, approved.",
    "html": "<p>Yes, approved.</p>",
    "struck": "<p><s>Yes, approved.</s></p>",
    "hidden": '<p style="display:none">Yes, approved.</p><p>Hm.</p>',
    "": "Hello",
}
DECIDES = {"yes": "granted", "signed": "granted", "html": "granted", "no": "refused", "below": "granted"}
#: the requester's words that a client may tear, so that the approver's quote ends before "Yes"
TEARS = "The boss said to me on the phone: Yes, approved."
#: words that take an offer, and say nothing of a permission
ACCEPTS = {"accept": "granted"}
OFFERED = ("quote", "cost")
#: words that ask for something, and words that do not
MORE = {True: "Please give Mallory write access to the share {}.", False: "And the payroll too."}
#: where an answer may be sent, and whether the desk is among them, in a field that they all sign
TO = {
    "carl@acme.example": False,
    "undisclosed:;": False,
    "Carl <carl@acme.example>, help@desk.example": True,
    "help@desk.example <carl@acme.example>": False,
    '"help@desk.example" <anna@acme.example>': False,
}
MARK = re.compile(r"mark[0-9]+z")
OFFER = offers.Quote("10.00", "EUR", "14d", "A share")
#: how an approver answers: most often as they should
ANSWERS = (*sorted(DECIDES), *sorted(DECIDES), *sorted(WORDS))


@dataclass
class Token:
    """What the oracle knows of a token that went out."""

    text: str
    ticket: int
    approver: str
    message_id: str
    ends: datetime
    live: bool = True


@dataclass
class Ask:
    """Words on a ticket that ask for something. `open`: nobody consented to them, and no agent cleared them. `spoken`: on
    the phone; what is asked for is what their speaker writes then, and these words themselves are never asked about."""

    mark: str
    author: str
    signed: bool
    open: bool = True
    spoken: bool = False
    of: str | None = None  # whose consent it has: of no other company


@dataclass
class Held:
    """What the oracle knows of a ticket."""

    number: int
    company: str | None
    state: str = "held"  # held, expired, refused, decided, unwritten (by phone), merged
    kind: str = "permission"
    asker: str = ""  # whose words are asked about
    verified: bool = False  # the approvers read that they were
    request: str = ""  # what is asked
    asked_at: datetime = START
    ends: datetime = START
    into: int = 0
    phone: bool = False  # asked for by phone: it may wait for its requester to write
    before: str = ""  # the phase in which it stood when it was held
    of: str | None = None  # the company that granted something last
    asks: list[Ask] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)


#: what happened in this process: a model in which nothing is ever granted or merged would prove nothing
SEEN: Counter[str] = Counter()


class Consents(RuleBasedStateMachine):
    tickets = Bundle("tickets")

    def __init__(self) -> None:
        super().__init__()
        self.desk = ModelDesk()
        self.approvers = {one for several in APPROVERS.values() for one in several}
        self.held: dict[int, Held] = {}
        self.all: list[Token] = []
        self.fresh: list[Token] = []  # of the last plan
        self.marks = 0
        self.undo: dict[int, tuple[Held, ...]] = {}  # of each act of the agent, how its tickets stood before

    def teardown(self) -> None:
        self.the_log_tells_of_each_decision()
        self.desk.close()

    # ------------------------------------------------------------------------------------ what is noted

    def mark(self) -> str:
        self.marks += 1
        return f"mark{self.marks}z"

    def survivor(self, number: int) -> Held:
        held = self.held[number]
        return held if held.state != "merged" else self.survivor(held.into)

    def settle(self, plan: Plan | None, number: int | None) -> None:
        """What a plan asks, and of whom: it may only ask more."""
        fresh = [self._token(c, number) for c in plan.changes if isinstance(c, SendNotice) and c.notice.token] \
            if plan is not None and number else []  # fmt: skip
        self.all += fresh
        self.fresh = fresh
        for change in plan.changes if plan is not None else ():
            if not isinstance(change, OpenConsent):
                continue
            key = change.ticket if change.ticket > 0 else number
            assert key is not None
            held = self.known(key)
            self.void(held)
            self.elsewhere(held)
            held.state, held.asker, held.request = "held", change.requester, change.request_text
            if change.kind in OFFERED:
                SEEN[f"{change.kind} replaced" if held.kind == change.kind else f"{change.kind} sent"] += 1
            held.kind, held.verified = change.kind, change.terms.requester_verified
            held.before = change.phase_before
            held.asked_at, held.ends = self.desk.now, change.expires_at
            if held.verified:
                asked = [one for one in held.asks if one.mark in change.request_text]
                assert all(one.signed for one in asked), "we say that unsigned words are the requester's"
        for one in fresh:
            its = self.held.get(one.ticket)
            if its is not None:
                one.ends = its.ends
                its.tokens.append(one)
                assert its.state == "held", "a token for what is not asked"

    def _token(self, change: SendNotice, number: int | None) -> Token:
        notice = change.notice
        ticket = notice.ticket if notice.ticket > 0 else number or 0
        assert notice.token
        message_id = self.desk.signer.message_id(ticket, notice.token)
        return Token(notice.token, ticket, notice.to[0].address, message_id, START)

    def known(self, number: int) -> Held:
        """The ticket; one that a mail opened is new."""
        if number not in self.held:
            with self.desk.store.read() as tx:
                self.held[number] = Held(number, tx.ticket(number).company, "decided")
        return self.held[number]

    def asked(self, number: int, mark: str, author: str, *, signed: bool) -> None:
        self.known(number).asks.append(Ask(mark, author, signed))

    @staticmethod
    def elsewhere(held: Held) -> bool:
        """Whether something was granted by another company: nobody of this one has consented to it."""
        there = held.of not in (None, held.company)
        for one in held.asks:
            if one.of not in (None, held.company):
                one.open, one.of, there = True, None, True
        held.of = held.of if held.of == held.company else None
        return there

    @staticmethod
    def void(held: Held) -> None:
        for one in held.tokens:
            one.live = False

    def act(self, number: int, verb: Verb, *others: int, recorded: bool = True) -> Plan | None:
        """None when it was refused. `others`: further tickets that it changes."""
        stood = self.stand(number, *others)
        plan = self.desk.act(number, verb, recorded=recorded)
        if plan is not None:
            self.settle(plan, number)
            if recorded:
                self.undo[self.last_act()[0]] = stood
        return plan

    def stand(self, *numbers: int) -> tuple[Held, ...]:
        return tuple(
            replace(held, asks=[replace(one) for one in held.asks], tokens=list(held.tokens))
            for held in (self.held[one] for one in numbers)
        )

    def last_act(self) -> tuple[int, int]:
        """The agent's last act, by its id, and its ticket."""
        with self.desk.store.read() as tx:
            last = tx.acts.last("kata", None)
        return (last.id, last.ticket) if last is not None else (0, 0)

    # ---------------------------------------------------------------------------------------- requests

    @rule(
        target=tickets, company=st.sampled_from(sorted(REQUESTERS)),
        way=st.sampled_from(["plain", "plain", "plain", "signed", "approver", "form", "two authors", "ordinary",
                             "approver's ordinary"]),
    )  # fmt: skip
    def request(self, company: str, way: str) -> int:
        """Each way in which a request comes; an ordinary ticket besides, of which more may be made."""
        way = "plain" if (company, way) == ("tok", "form") else way  # one company has forms
        boss = APPROVERS[company][0]
        sender = {"approver": boss, "approver's ordinary": boss, "form": "forms@acme.example",
                  "two authors": f"{REQUESTERS[company]}, x@{company}.example"}.get(way, REQUESTERS[company])  # fmt: skip
        mark, auth = self.mark(), SAID["all" if way == "signed" else "nothing"]
        more = "Auto-Submitted: auto-generated\r\n" if way == "form" else ""
        ordinary = way.endswith("ordinary")
        text = MORE[False] if ordinary else f"Please grant write access to the share {mark} for me. {TEARS}"
        plan, number = self.desk.take(self.desk.mail(sender, "Share", text, more=more), auth)
        assert number is not None
        opened = self.known(number)
        if not ordinary:
            opened.state = "held"
            self.asked(number, mark, sender.partition(",")[0], signed=way == "signed")
        self.settle(plan, number)
        return number

    @rule(target=tickets, company=st.sampled_from(sorted(REQUESTERS)))
    def somebody_calls(self, company: str) -> int:
        """A phone call starts nothing: it waits until it is written."""
        mark = self.mark()
        call = new_by_agent.Call(address=REQUESTERS[company], subject="Share",
                                 text=f"Please grant write access to the share {mark}.")  # fmt: skip
        self.desk.now += timedelta(seconds=1)
        with self.desk.store.write() as tx:
            person = tx.contacts.find(call.address)
            facts = Facts(
                people={call.address: person} if person else {},
                companies={company: tx.companies.get(company)},
            )
            plan = new_by_agent.new(facts, self.desk.settings, self.desk.now, "kata", call, token)
            number = tx.apply(plan, now=self.desk.now, signer=self.desk.signer, nonces=token).ticket
        assert number is not None
        self.known(number).state, self.known(number).phone = "unwritten", True
        self.held[number].asks.append(Ask(mark, REQUESTERS[company], signed=False, spoken=True))
        return number

    @rule(
        number=tickets, asks=st.booleans(), signed=st.booleans(),
        who=st.sampled_from(["asker", "requester", "colleague", "approver", "another company"]),
    )  # fmt: skip
    def somebody_writes_more(self, number: int, asks: bool, signed: bool, who: str) -> None:
        """Additions, before and after whatever was decided: by those whose it is, and by others."""
        held = self.survivor(number)
        company = held.company if held.company in REQUESTERS else "acme"
        writer = {"asker": held.asker, "requester": REQUESTERS[company], "colleague": COLLEAGUES[company],
                  "approver": APPROVERS[company][0]}.get(who) or "gina@globex.example"  # fmt: skip
        mark = self.mark()
        proven = (
            held.state == "held"
            and held.verified
            and held.kind not in OFFERED
            and writer == held.asker
            and not signed
        )
        offered = held.state == "held" and held.kind in OFFERED
        before = self.desk.consents(held.number)
        raw = self.desk.mail(writer, f"Re: [#{number}] Share", MORE[asks].format(mark))
        plan, joined = self.desk.take(raw, SAID["all" if signed else "nothing"])
        assert joined is not None
        alone = proven and joined == held.number  # of a verified request no unverified word is a part
        if alone:
            assert plan is not None
            assert not any(isinstance(c, OpenConsent) for c in plan.changes)
            SEEN["added unverified to a verified request"] += 1
        if offered:
            after = self.desk.consents(held.number)
            assert all(after[key] == state for key, state in before.items()), "words about an offer ended it"
            SEEN["words about an offer"] += 1
        SEEN["added"] += 1
        if asks and not alone:
            self.asked(joined, mark, writer, signed=signed)
        self.settle(plan, joined)

    # -------------------------------------------------------------------------------------- side ways

    @rule(
        number=tickets,
        way=st.sampled_from(["reopen", "progress", "scheduled", "customer", "resolved", "rejected", "close", "take", "done",
                             "reply", "note", "set kind", "set other kind", "set subject", "auto close"]),
    )  # fmt: skip
    def an_agent_goes_round(self, number: int, way: str) -> None:
        """No verb leads out of a hold, or past one."""

        def verb(tx: Tx, act: ActContext) -> Plan:
            ticket = tx.ticket(number)
            phases = {"progress": Phase.IN_PROGRESS, "scheduled": Phase.SCHEDULED, "customer": Phase.WAITING_CUSTOMER,
                      "resolved": Phase.RESOLVED, "rejected": Phase.REJECTED}  # fmt: skip
            if way in phases:
                at = self.desk.now + timedelta(days=2) if way == "scheduled" else None
                return approvals.phase(act, ticket, phases[way], "So it is.", token, at=at)
            plans = {
                "reopen": lambda: approvals.reopen(act, ticket, "", token),
                "close": lambda: acts.close(act, ticket),
                "take": lambda: acts.take(act, ticket),
                "done": lambda: compound.answer(act, ticket, compound.AgentReply("Done.", Phase.CLOSED)),
                "reply": lambda: compound.answer(act, ticket, compound.AgentReply("We look at it.", None)),
                "note": lambda: acts.note(act, ticket, "Please grant access."),
                "set kind": lambda: approvals.change(
                    act, ticket, TicketChange(kind=TicketKind.PERMISSION), token
                ),
                "set other kind": lambda: approvals.change(
                    act, ticket, TicketChange(kind=TicketKind.QUESTION), token
                ),
                "set subject": lambda: approvals.change(
                    act, ticket, TicketChange(subject=f"Share {act.now}"), token
                ),
                "auto close": lambda: deadlines.auto_close(act, ticket),
            }
            return plans[way]()

        held = self.held[number]
        SEEN[f"tried: {way} when {held.state}"] += 1
        if self.act(number, verb, recorded=way != "auto close") is None:
            SEEN[f"refused to an agent: {way}"] += 1
            return
        SEEN[f"done: {way}"] += 1
        if way == "rejected" and held.state == "expired":
            held.state = "refused"

    @rule(
        number=tickets, pick=st.integers(0, 10**6), first=st.sampled_from(["", "no", "expiry", "yes"]),
        end=st.sampled_from(["resolved", "closed"]),
        words=st.sampled_from(["", "Once more.", "Please grant write access to the share for them."]),
        then=st.sampled_from(["", "", "asks", "asks signed", "asks nothing", "thanks"]),
        word=st.sampled_from(["", *ANSWERS]), old=st.booleans(),
    )  # fmt: skip
    def an_agent_reopens(
        self, number: int, pick: int, first: str, end: str, words: str, then: str, word: str, old: bool
    ) -> None:
        """After a refusal, an expiry, a grant: what nobody consented to is asked about again, what somebody did goes on.
        The agent's words ask for nothing; the customer's do, and the answers that come then are to what is asked now."""
        if self.held[number].state == "held":
            if first == "expiry":
                self.time_passes(number, 8)
            elif first:
                self.an_approver_answers(number, pick, first)
        held = self.held[number]
        was = held.state
        if was == "expired":
            self.an_agent_goes_round(number, "rejected")
        elif was == "decided":
            self.an_agent_goes_round(number, "close" if end == "closed" else "resolved")
        stood = self.desk.phases()[number]
        if stood not in DONE:
            return

        def verb(tx: Tx, act: ActContext) -> Plan:
            return approvals.reopen(act, tx.ticket(number), words, token)

        if self.act(number, verb) is None:
            SEEN[f"refused to an agent: reopen after {was}"] += 1
            return
        SEEN[f"reopened after {was}"] += 1
        phase = self.desk.phases()[number]
        left = self.elsewhere(held) or [one for one in held.asks if one.open]
        if left:
            assert phase == "awaiting_approval", (phase, stood, held)
        elif (
            was == "decided" or held.kind in OFFERED
        ):  # what an agent asked for without anybody's words stays asked for
            assert phase == "in_progress", (phase, stood, held)
            self.off(
                held
            )  # an offer that was refused is over: it may be merged, moved, closed like any other
        if phase == "awaiting_approval":
            assert held.state == "held"
            assert all(one.live is (one in self.fresh) for one in held.tokens), (
                "an earlier answer would count"
            )
        if then == "thanks":
            plan, joined = self.desk.take(
                self.desk.mail(REQUESTERS["acme"], f"Re: [#{number}] Share", "Thank you!"), SAID["nothing"]
            )
            self.settle(plan, joined)
        elif then:
            self.somebody_writes_more(number, then != "asks nothing", then == "asks signed", "requester")
        if word:
            granted = SEEN["granted"]
            flaws = ["word", "token"] if old else ["word"]
            target = number if old else self.lively(number, pick)
            self.answer(target, pick, "", flaws, "", "all", word, "", "", 0, "")
            SEEN["granted after reopening"] += SEEN["granted"] - granted

    @rule(number=tickets, kind=st.sampled_from(OFFERED), amount=st.sampled_from(["10.00", "20.00"]))
    def an_agent_offers(self, number: int, kind: str, amount: str) -> None:
        """An offer, or another one in its place."""

        def verb(tx: Tx, act: ActContext) -> Plan:
            ticket = tx.ticket(number)
            if kind == "cost":
                return offers.cost(act, ticket, 45, "It is beyond the contract", token)
            return offers.quote(act, ticket, replace(OFFER, amount=amount), token)

        if self.act(number, verb) is None:
            SEEN[f"refused to an agent: {kind}"] += 1

    @rule(number=tickets, reopen=st.booleans())
    def the_customer_on_the_page(self, number: int, reopen: bool) -> None:
        def verb(tx: Tx, act: ActContext) -> Plan:
            does = customer.reopen if reopen else customer.close
            nobody = replace(act, agent="", person=None)
            return does(nobody, tx.ticket(number), Mailbox("anna@acme.example"), token)

        SEEN[f"page: {'reopen' if reopen else 'close'} when {self.held[number].state}"] += 1
        self.act(number, verb, recorded=False)

    @rule(number=tickets, auth=st.sampled_from(sorted(SAID)),
          line=st.sampled_from(["#close", "#progress", "#kind question", "#note", "Yes, approved.", "#take"]))  # fmt: skip
    def an_agents_mail(self, number: int, auth: str, line: str) -> None:
        """Genuine or in their name: it goes by the same law, and one that is not proven moves nothing."""
        was, stood = self.desk.phases(), self.stand(number)
        acts_before = self.last_act()
        raw = self.desk.mail(
            "kata@desk.example", f"Re: [#{number}] Share", f"{line}\r\n\r\nPlease grant access."
        )
        plan, joined = self.desk.take(raw, SAID[auth])
        SEEN[f"agent's mail: {auth}"] += 1
        if auth != "all":
            now = self.desk.phases()
            assert all(now[one] == phase for one, phase in was.items()), "a forged agent moved a ticket"
        self.settle(plan, joined)
        if (after := self.last_act()) != acts_before and after[1] == number:
            self.undo[after[0]] = stood

    @rule(number=tickets, text=st.booleans(), pick=st.integers(0, 50))
    def an_agent_splits(self, number: int, text: bool, pick: int) -> None:
        made: list[int] = []
        mark, went = self.mark(), list[str]()

        def verb(tx: Tx, act: ActContext) -> Plan:
            ticket = tx.ticket(number)
            written = [entry for entry in ticket.entries if entry.type in WRITTEN]
            entries = () if text or not written else (written[pick % len(written)].id,)
            went.extend(m for e in written if e.id in entries for m in MARK.findall(e.text))
            part = splitting.SplitPart(
                "Share", entries, MORE[True].format(mark) if not entries else "", "change", None
            )
            made.append(tx.counters.next_number())
            return splitting.split(act, ticket, part, made[-1], token)

        plan = self.act(number, verb)
        if plan is None:
            return
        SEEN["split"] += 1
        part, held = self.known(made[0]), self.held[number]
        part.asks = [replace(one) for one in held.asks if one.mark in went]
        for one in part.asks:
            one.open, one.of = True, None  # the consent was for the other ticket
        held.asks = [one for one in held.asks if one.mark not in went]
        if not went and text:
            part.asks = [Ask(mark, part.asker, False)]

    @rule(number=tickets, into=tickets)
    def an_agent_merges(self, number: int, into: int) -> None:
        def verb(tx: Tx, act: ActContext) -> Plan:
            ticket = tx.ticket(number)
            return merging.merge(act, ticket, tx.ticket(into), ticket.state.outages)

        was = self.held[number].state
        if self.act(number, verb, into) is None:
            return
        SEEN["merged"] += 1
        held, other = self.held[number], self.held[into]
        assert was == "decided", f"a {was} ticket was merged"
        held.state, held.into = "merged", into
        for one in held.asks:
            one.of = held.company
        other.asks += held.asks

    @rule(number=tickets, company=st.sampled_from(["acme", "globex", None]), granted=st.booleans())
    def an_agent_moves(self, number: int, company: str | None, granted: bool) -> None:
        if granted:  # one that was granted, if any
            number = next((held.number for held in self.held.values() if held.of is not None), number)

        def verb(tx: Tx, act: ActContext) -> Plan:
            ticket = tx.ticket(number)
            boxes = (ticket.requester, *(p.address for p in ticket.participants))
            people = {a: p for a in boxes if a and (p := tx.contacts.find(a)) is not None}
            target = tx.companies.get(company) if company else None
            return change_company.move(act, ticket, target, people, token)

        if self.held[number].company == "tok":
            return
        plan = self.act(number, verb)
        if plan is not None:
            held = self.held[number]
            held.company = company
            SEEN["moved"] += 1
            if self.desk.phases()[number] not in DONE and self.elsewhere(held):
                SEEN["moved after a grant"] += 1
            if held.kind in OFFERED and not any(isinstance(c, OpenConsent) for c in plan.changes):
                self.void(held)  # an offer to others means nothing here
                self.off(held)

    @rule()
    def the_agent_takes_back(self) -> None:
        """Then it is as it was, and nobody's answer to what it asked counts."""
        key, number = self.last_act()
        if key not in self.undo:
            return

        def verb(tx: Tx, act: ActContext) -> Plan:
            newest = tx.acts.last("kata", None)
            assert newest is not None
            assert newest.id == key
            return undoable_act.undo(act.agent, newest)

        with self.desk.store.read() as tx:
            last = tx.acts.last("kata", None)
            newest_opened = last.opened if last is not None else ()
        if self.desk.act(number, verb, recorded=False) is None:
            return
        SEEN["undone"] += 1
        for part in (one for one in newest_opened if one in self.held):
            empty = self.held[part]  # it is closed, and what was said there is elsewhere
            self.void(empty)
            empty.state, empty.asks = "decided", []
        for old in self.undo[key]:
            held = self.held[old.number]
            kept = {one.text for one in old.tokens}
            for one in held.tokens:
                one.live = one.live and one.text in kept
            # who said meanwhile that they asked has said so
            said = {one.mark for one in held.asks if one.signed}
            asks = [replace(one, signed=one.signed or one.mark in said) for one in old.asks]
            self.held[old.number] = replace(old, tokens=held.tokens, asks=asks)

    # ---------------------------------------------------------------------------------------- answers

    @rule(number=tickets, pick=st.integers(0, 10**6), word=st.sampled_from(ANSWERS))
    def an_approver_answers(self, number: int, pick: int, word: str) -> None:
        self.answer(self.lively(number, pick), pick, "", ["word"], "", "all", word, "", "", 0, "")

    def lively(self, number: int, pick: int) -> int:
        """That ticket, or where nobody is asked about it one of those of which somebody is."""
        if any(one.live for one in self.held[number].tokens):
            return number
        asked = [held.number for held in self.held.values() if any(one.live for one in held.tokens)]
        return asked[pick % len(asked)] if asked else number

    @rule(
        number=tickets, pick=st.integers(0, 10**6), to=st.sampled_from(sorted(TO)),
        flaws=st.sampled_from(FLAWS).map(lambda one: [one]) | st.lists(st.sampled_from(FLAWS), max_size=3),
        writer=st.sampled_from(WRITERS), auth=st.sampled_from(sorted(SAID)), word=st.sampled_from(sorted(WORDS)),
        tag=st.sampled_from(["none", "other"]), place=st.sampled_from(["field", "body", "to", "references"]),
        hours=st.sampled_from([-30, -1, 30]), twist=st.sampled_from(["auto", "twice", "cr"]),
    )  # fmt: skip
    def somebody_answers(
        self, number: int, pick: int, to: str, flaws: list[str], writer: str, auth: str, word: str, tag: str, place: str,
        hours: int, twist: str,
    ) -> None:  # fmt: skip
        number = number if "token" in flaws else self.lively(number, pick)
        self.answer(number, pick, to, flaws, writer, auth, word, tag, place, hours, twist)

    def answer(
        self, number: int, pick: int, to: str, flaws: list[str], writer: str, auth: str, word: str, tag: str, place: str,
        hours: int, twist: str,
    ) -> None:  # fmt: skip
        """All in order, but for the flaws: in each of them what is drawn stands instead."""
        pool = [t for t in self.held[number].tokens if t.live] or self.held[number].tokens
        pool = self.all if "token" in flaws else pool
        used = pool[pick % len(pool)] if pool and "no token" not in flaws else None
        writer = writer if "writer" in flaws or used is None else used.approver
        auth, word = auth if "auth" in flaws else "all", word if "word" in flaws else "yes"
        tag, twist = tag if "tag" in flaws else "right", twist if "twist" in flaws else ""
        hours, place = hours if "hours" in flaws else 0, place if "place" in flaws else "field"
        to = to if "to" in flaws else "help@desk.example"
        subject = {"right": f"[#{number}]", "none": "", "other": f"[#{number + 1}]"}[tag] + " Share"
        more = {
            "auto": "Auto-Submitted: auto-replied\r\n",
            "twice": f"Subject: {subject}\r\n",
            "cr": "X-A: b\rc\r\n",
        }.get(twist, "")
        mark = self.mark()
        text = WORDS[word].format(mark).replace("NAME", writer.partition("@")[0].capitalize())
        if used is not None and place == "field":
            more = f"In-Reply-To: {used.message_id}\r\n{more}"
        elif used is not None and place == "references":
            more = f"References: {used.message_id} <other@mail.example>\r\n{more}"
        elif used is not None and place == "body":
            text += f"\r\n\r\n> maild-{used.text}"
        elif used is not None:
            more = f"Cc: help+{used.text}@desk.example\r\n{more}"
        date = self.desk.now + timedelta(hours=hours)
        kind = "text/html" if text.startswith("<") else "text/plain"
        raw = self.desk.mail(writer, subject, text, date=date, more=more, to=to, kind=kind)
        held = self.held.get(used.ticket) if used else None
        there = TO.get(to, True) or place == "to"
        token_mode = held is not None and held.company == "tok"
        outcome = self.outcome(held, word)
        amiss: set[str] = {"token"}
        if used is not None and held is not None:
            holds = {
                "token": used.live and held.state == "held",
                "ticket": held.number == number or token_mode,  # there the tag is not asked for
                "time": self.desk.now <= used.ends,
                "writer": writer == used.approver,
                "entitled": self.entitled(held, writer),
                # the reference line is part of the HTML then
                f"word {word}": outcome != "" and not (word == "html" and place == "body"),
                f"twist {twist}": twist == "",
                "place references": place != "references",
                "redirected": there,
                "signature": token_mode or self.proven(held, auth, place, tag, hours, date),
            }
            amiss = {name for name, it_holds in holds.items() if not it_holds}
        before = self.desk.consents()
        plan, joined = self.desk.take(raw, SAID[auth])
        after = self.desk.consents()
        changed = [s for key, s in after.items() if s in ("granted", "refused") and before.get(key) != s]
        if word == "more" and joined is not None and twist != "auto":  # a program asks for nothing
            self.note_words(joined, writer, mark, signed=auth == "all")
        if not amiss:
            assert changed == [outcome], (changed, used, held, word, place, to)
            self.decided(held, changed[0])
        else:
            assert not changed, (changed, writer, auth, word, tag, place, hours, twist, to)
            if len(amiss) == 1:  # all in order but for this
                SEEN[f"only {next(iter(amiss))}"] += 1
            if amiss == {"word question"} and held is not None and held.kind in OFFERED:
                assert all(after[key] == state for key, state in before.items()), "a question ended an offer"
                SEEN["question about an offer"] += 1
        self.settle(plan, joined)

    @staticmethod
    def outcome(held: Held | None, word: str) -> str:
        """What the word says about that; "" for nothing."""
        if word == "torn below":  # no tear where the request does not hold the words
            return "" if held is not None and TEARS in held.request else "granted"
        offered = held is not None and held.kind in OFFERED
        return DECIDES.get(word) or (ACCEPTS.get(word, "") if offered else "")

    def note_words(self, joined: int, writer: str, mark: str, *, signed: bool) -> None:
        held = self.known(joined)
        alone = (
            held.state == "held"
            and held.verified
            and held.kind not in OFFERED
            and writer == held.asker
            and not signed
        )
        if not alone and writer != "kata@desk.example":
            self.asked(joined, mark, writer, signed=signed)

    def entitled(self, held: Held, writer: str) -> bool:
        if held.kind == "confirm":
            return writer == held.asker and writer in self.approvers
        if writer == held.asker and held.kind not in OFFERED:
            return False
        if held.kind in OFFERED and writer not in APPROVES:
            return False  # money is approved by who is named for it
        return writer in self.approvers and writer in APPROVERS.get(held.company or "", ())

    def decided(self, held: Held | None, outcome: str) -> None:
        assert held is not None
        SEEN[outcome] += 1
        SEEN[f"{held.kind} {outcome}"] += 1
        if held.kind in OFFERED and held.tokens and held.asker in APPROVES:
            SEEN["own offer decided"] += 1
        self.void(held)
        if outcome == "refused":
            held.state = "refused"
            return
        if held.kind in ("permission", "device"):
            held.of = held.company
        for one in held.asks:
            if held.kind == "confirm":  # they said themselves that they asked
                one.signed = one.signed or one.mark in held.request
            elif held.kind in ("permission", "device"):
                about = one.mark in held.request and one.author == held.asker
                if one.open and (about or one.spoken):
                    one.open, one.of = False, held.company
        self.off(held)

    @staticmethod
    def off(held: Held) -> None:
        """Its consent is over; other words may hold it still."""
        left = [one for one in held.asks if one.open]
        waits = held.phone and held.before == "waiting_customer" and all(one.spoken for one in left)
        held.state = "decided" if not left else "unwritten" if waits else "held"
        # of what is held on, nobody is asked whether they take an offer
        held.kind = "" if held.state == "decided" or held.kind in OFFERED else held.kind

    @staticmethod
    def proven(held: Held, auth: str, place: str, tag: str, hours: int, date: datetime) -> bool:
        """What is asked for only where signatures are: in the desk's mail `To` is what they all sign."""
        signed = auth == "all" and (place != "to" or "cc" in SAID[auth].signed)
        dated = abs(hours) != 30 and date >= held.asked_at - timedelta(minutes=2)
        return signed and tag == "right" and dated

    # ------------------------------------------------------------------------------ the desk's own steps

    @rule(number=tickets)
    def a_reminder(self, number: int) -> None:
        def remind(tx: Tx, act: ActContext) -> Plan:
            return deadlines.consent_remind(act, tx.ticket(number), tx.consents.waiting(number), token)

        self.act(number, remind, recorded=False)

    @rule(number=tickets)
    def the_agent_asks_again(self, number: int) -> None:
        def again(tx: Tx, act: ActContext) -> Plan:
            found = tx.consents.of_ticket(number)
            return approvals.request(
                act, tx.ticket(number), found[-1] if found else None, "", "Urgent.", token
            )

        self.act(number, again)

    @rule(number=tickets)
    def the_agent_withdraws(self, number: int) -> None:
        """They say that the words ask for nothing; of an offer, that it is none any more."""
        held = self.held[number]
        kind = held.kind

        def withdraw(tx: Tx, act: ActContext) -> Plan:
            found = tx.consents.of_ticket(number)
            return approvals.withdraw(act, tx.ticket(number), found[-1] if found else None, "a mistake")

        if self.act(number, withdraw) is None:
            return
        SEEN["withdrawn"] += 1
        self.void(held)
        offer = kind in OFFERED and held.state in ("held", "expired")
        for one in held.asks if not offer else ():
            one.open, one.of = False, None
        held.of = held.of if offer else None
        self.off(held)

    @rule(number=tickets, days=st.sampled_from([0, 1, 1, 3, 8]))
    def time_passes(self, number: int, days: int) -> None:
        self.desk.now += timedelta(days=days, minutes=5)
        held = self.held[number]

        def expire(tx: Tx, act: ActContext) -> Plan:
            return deadlines.consent_expire(act, tx.ticket(number), tx.consents.waiting(number))

        self.act(number, expire, recorded=False)
        if (
            held.state == "held" and self.newest_state(number) == "expired"
        ):  # also where nobody could be asked
            held.state = "expired"
            self.void(held)

    @rule(who=st.sampled_from(["boss@acme.example", "vice@acme.example"]), there=st.booleans())
    def an_approver_comes_or_goes(self, who: str, there: bool) -> None:
        with self.desk.store.write() as tx:
            if there:
                approves = APPROVES.get(who, ())
                tx.contacts.save(
                    "acme", ContactInput((who,), name="Boss", roles=("approver",), approves=approves)
                )
                self.approvers.add(who)
            elif who in self.approvers:
                tx.contacts.leave(who, "acme")
                self.approvers.discard(who)

    # ---------------------------------------------------------------------------------------- the laws

    def newest_state(self, number: int) -> str:
        with self.desk.store.read() as tx:
            found = tx.consents.of_ticket(number)
        return found[-1].state if found else ""

    def the_log_tells_of_each_decision(self) -> None:
        with self.desk.store.read() as tx:
            assert tx.consents.verify().ok
            decided = [c for c in tx.consents.all() if c.state in ("granted", "refused")]
            for consent in decided:
                rows = [r for r in shapes(tx.consents.log(consent.id)) if r["event"] == consent.state]
                assert len(rows) == 1
                assert len(rows[0]["data"]["sha256"]) == 64

    @invariant()
    def nothing_is_worked_on_that_nobody_consented_to(self) -> None:
        SEEN["steps"] += 1
        phases = self.desk.phases()
        for held in self.held.values():
            phase = phases[held.number]
            left = [one for one in held.asks if one.open]
            if left:
                assert phase in ("awaiting_approval", "waiting_customer", "rejected", "merged"), (phase, left)
            waits = held.phone and phase in (
                "waiting_customer",
                "rejected",
            )  # no approver is asked about what was said
            if left and held.state != "refused" and not waits:
                assert phase in ("awaiting_approval", "merged"), (phase, left, held.state)

    @invariant()
    def a_ticket_is_held_as_long_as_nobody_decided(self) -> None:
        phases = self.desk.phases()
        waiting = {number for number, phase in phases.items() if phase == "awaiting_approval"}
        held = {h.number for h in self.held.values() if h.state in ("held", "expired")}
        assert waiting == held, [(self.held[one], phases[one]) for one in waiting ^ held if one in self.held]


def run(examples: int, steps: int, part: int = 0) -> None:
    machine = seed(part)(type(f"Consents{part}", (Consents,), {}))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck),
            print_blob=False, database=None, phases=PHASES,
        ),
    )  # fmt: skip


def test_nobody_unauthorised_is_heard() -> None:
    SEEN.clear()
    run(12, 30)
    assert SEEN["granted"] >= 1


#: what a long walk meets; `only`: all of an answer was in order but for this
REACHED = (
    "only redirected", "only word torn", "only word torn end", "only word torn below", "only word struck",
    "only word hidden",
    "only signature", "only time", "only entitled", "only place references", "quote refused",
    "quote replaced", "cost granted",
    "reopened after refused", "reopened after expired", "reopened after decided", "granted after reopening",
    "own offer decided", "words about an offer", "agent's mail: all", "agent's mail: nothing", "page: reopen when held",
)  # fmt: skip
#: a hundred thousand steps, in parts that may run beside each other
PARTS, STEPS = 4, 25_000


@pytest.mark.torture
@pytest.mark.parametrize("part", range(1, PARTS + 1))
def test_nobody_unauthorised_is_heard_in_a_hundred_thousand_steps(part: int) -> None:
    SEEN.clear()
    run(STEPS // 100, 100, part)
    again = part
    # walks that ended early; and what came up too seldom by chance is walked for, up to as many steps again
    while SEEN["steps"] < STEPS or (_too_seldom() and SEEN["steps"] < 2 * STEPS):
        again += PARTS
        run(20, 100, again)
    print(dict(SEEN))
    assert SEEN["steps"] >= STEPS, SEEN
    assert _too_seldom() == [], SEEN


def _too_seldom() -> list[str]:
    """What the walks have to meet and have not met, or not often enough to tell anything."""
    often = (
        "granted",
        "refused",
        "merged",
        "split",
        "undone",
        "withdrawn",
        "added",
        "moved",
        "moved after a grant",
        "quote sent",
        "quote granted",
    )
    rare = [what for what in often if SEEN[what] <= STEPS // 1_000]
    return rare + [what for what in REACHED if not SEEN[what]]
