"""CPU microseconds a mail in each stage between the SMTP session and the file in the Maildir.

    python -m bench.stages [--mails N] [--size BYTES] [--profile [STAGE]]

Everything that a daemon does with a new request of 2 KB and its acknowledgement, in one thread, in batches of
32 as under load; the mails are those of `bench.load`. Figures are CPU time of this process, the mean of the
quarter of batches that went fastest, as others use the machine too; the event loop, the SMTP dialogue and the
hops between threads are not in it (see `bench.run`). The yardstick at the end, the SQLite driver alone with
five INSERTs and three SELECTs, says what this machine can do at the moment: compare ratios to it.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import pstats
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from bench.load import mail as mail_bytes
from bench.run import configured, with_customer
from bench.store_hot_path import yardstick
from maild.app.lookup import keys_of
from maild.config import load
from maild.mail.own_ids import Signer
from maild.mail.parse import needs_worker, parse_mail
from maild.model import Envelope, Facts, Plan
from maild.send.letter import Letter
from maild.send.maildir import MaildirSender
from maild.settings import Settings
from maild.steps import Steps, each_within, in_step
from maild.store import Claim, Delivery, OutboundWork, Store, Tx
from maild.ticket.phases import OutboundState
from maild.work.answers import AnswersAtOnce
from maild.work.authentication import Authenticator
from maild.work.compose import Composer
from maild.work.in_a_row import Decided, DecidesWith, SmallMail, in_a_row
from maild.work.mails_in_progress import MailsInProgress
from maild.work.nonces import nonce

BATCH = 32
LEASE = timedelta(minutes=10)
NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


class Stages:
    """CPU seconds by stage and batch; with a profile also which functions took them."""

    def __init__(self, profiled: str | None = None) -> None:
        self.batches: list[dict[str, float]] = []
        self.profile = cProfile.Profile(time.process_time)
        self._profiled = profiled

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        profiled = self._profiled in (name, "all")
        begun = time.process_time()
        if profiled:
            self.profile.enable()
        try:
            yield
        finally:
            if profiled:
                self.profile.disable()
            spent = self.batches[-1]
            spent[name] = spent.get(name, 0.0) + time.process_time() - begun

    def microseconds(self) -> dict[str, float]:
        """A mail's share by stage, of the fastest quarter of all batches."""
        count = max(1, len(self.batches) // 4)
        return {
            name: sum(sorted(batch[name] for batch in self.batches)[:count]) / count / BATCH * 1e6
            for name in self.batches[0]
        }


class _Staged(SmallMail):
    """A mail whose steps are timed."""

    __slots__ = ("_stage",)

    def __init__(self, stage: Stages, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._stage = stage

    def look(self, tx: Tx) -> Facts:
        with self._stage("facts"):
            return super().look(tx)

    def decide(self, facts: Facts) -> Plan:
        with self._stage("decide"):
            return super().decide(facts)

    def write(self, tx: Tx, facts: Facts, plan: Plan) -> Decided:
        with self._stage("apply"):
            return super().write(tx, facts, plan)


class _Answers:
    """Instead of `maild.work.answers.AnswersAtOnce`: composes them, without an outbox."""

    def __init__(self, desk: Desk, stage: Stages) -> None:
        self._desk, self._stage = desk, stage
        self.claim = Claim("bench", NOW + LEASE)

    def begin(self) -> None:
        pass

    def compose(self, tx: Tx, claimed: Sequence[OutboundWork], _now: datetime) -> Steps[None]:
        return self._desk.answer(tx, claimed, self._stage)


class Desk:
    """A desk without loops: each call takes one batch through one half of its way."""

    def __init__(self, folder: Path) -> None:
        self.settings: Settings = load(with_customer(configured(folder)))
        self.store = Store.open(self.settings)
        with self.store.read() as tx:
            secret = tx.secret()
        self.signer = Signer(secret, self.settings.desk.domain)
        self.compose = Composer(self.settings, self.signer, instance="bench")
        self.authenticate = Authenticator(self.settings)
        in_progress = MailsInProgress(folder / "now")
        self._with = DecidesWith(self.settings, self.signer, nonce, in_progress, "bench")
        self.maildir = MaildirSender(folder / "out")
        #: answers that were composed where their mail was decided, with their bytes
        self._answers: list[tuple[OutboundWork, bytes]] = []

    def take_in(self, raws: list[tuple[str, bytes]], stage: Stages) -> None:
        with stage("accept"), self.store.write() as tx:
            for sender, raw in raws:
                envelope = Envelope("smtp", NOW, sender, (self.settings.desk.address,), "127.0.0.1")
                tx.inbound.accept(envelope, raw, None, sha256(raw).hexdigest())

    def decide(self, stage: Stages) -> None:
        settings = self.settings
        with stage("claim"), self.store.write() as tx:
            works = tx.inbound.claim(BATCH, NOW, LEASE, "bench")
        with stage("needs_worker"):
            assert not any(work.raw is None or needs_worker(work.raw) for work in works)
        with stage("parse"):
            mails = [parse_mail(work.raw or b"", desk_addresses=settings.desk.addresses) for work in works]
        with stage("authenticate"):
            # the network is not measured: domains publish nothing
            auths = [
                self.authenticate.judge(
                    mail, work.envelope, work.raw or b"", dict.fromkeys(self.authenticate.questions(mail), ())
                )
                for mail, work in zip(mails, works, strict=True)
            ]
        with stage("keys"):
            keys = [keys_of(mail, work.envelope, settings) for mail, work in zip(mails, works, strict=True)]
        answers = _Answers(self, stage)
        jobs = [
            _Staged(stage, work, mail, key, auth, self._with, now=NOW, answers=cast("AnswersAtOnce", answers))
            for work, mail, key, auth in zip(works, mails, keys, auths, strict=True)
        ]
        with ExitStack() as open_until_committed:
            tx = open_until_committed.enter_context(self.store.write())
            in_a_row(tx, jobs)
            tx.run_last()
            with stage("commit"):
                open_until_committed.close()

    def answer(self, tx: Tx, works: Sequence[OutboundWork], stage: Stages) -> Steps[None]:
        for work in works:
            composed = yield from each_within(lambda: stage("compose"), self.compose(tx, work))
            yield
            with stage("save"):
                tx.outbound.save_bytes(
                    work.id, composed.raw, "", composed.subject, has_token=work.token is not None
                )
            self._answers.append((work, composed.raw))

    def send(self, stage: Stages) -> int:
        octets = 0
        while True:  # what was not answered at once is claimed where the answers are recorded
            answers, self._answers = self._answers, []
            letters = [
                Letter(work.id, "", work.pending, raw, work.message_id, "", False) for work, raw in answers
            ]
            with stage("write to the Maildir"):
                self.maildir._write_all(letters)
            with ExitStack() as open_until_committed:
                tx = open_until_committed.enter_context(self.store.write())
                with stage("record"):
                    for work, _ in answers:
                        done = [Delivery(address, "sent", "written") for address in work.pending]
                        tx.outbound.record(work.id, done, state=OutboundState.SENT, now=NOW, answer="written")
                with stage("outbox claim"):
                    works = tx.outbound.claim(BATCH, NOW, "bench", LEASE)
                in_step(self.answer(tx, [work], stage) for work in works)
                with stage("commit"):
                    open_until_committed.close()
            octets += sum(len(raw) for _, raw in answers)
            if not self._answers:
                return octets


def measure(
    desk: Desk, mails: int, size: int, prefix: str, profiled: str | None = None
) -> tuple[Stages, int]:
    """The stages' CPU, and bytes of the answers."""
    stage = Stages(profiled)
    octets = 0
    for start in range(0, mails, BATCH):
        stage.batches.append({})
        desk.take_in([mail_bytes(prefix, start + i, size) for i in range(BATCH)], stage)
        desk.decide(stage)
        octets += desk.send(stage)
    return stage, octets


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=960)
    parser.add_argument("--size", type=int, default=2048)
    parser.add_argument(
        "--profile", nargs="?", const="all", metavar="STAGE", help="functions instead of stages"
    )
    options = parser.parse_args()
    count = -(-options.mails // BATCH) * BATCH
    gc.set_threshold(20_000, 20, 20)  # as `maild` does (maild/commands/__init__.py)
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        measure(desk, BATCH * 2, options.size, "w")
        stage, octets = measure(desk, count, options.size, "b", options.profile)
        if options.profile:
            pstats.Stats(stage.profile).sort_stats("tottime").print_stats(45)
            return
        found = stage.microseconds()
        for name, value in found.items():
            print(f"{name:24}{value:8.1f}")
        bare = min(yardstick(folder, BATCH, f"y{i}") for i in range(40))
        together = sum(found.values())
        print(
            f"{'together':24}{together:8.1f} us a mail of {options.size} bytes, {together / bare:.1f} yardsticks"
        )
        print(f"{'yardstick':24}{bare:8.1f}; answers of {octets // count} bytes")


if __name__ == "__main__":
    main()
