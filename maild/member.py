"""One of several daemons under a parent (`maild.parent`), which runs it as `python -m maild.member`.

Each line of standard input asks for something: `beat`, `health` or `metrics`. Standard output is a JSON object a
line: `{"ready": true}` first, then an answer to each question in its order. When standard input ends, so does this
process: the parent is gone.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from maild import config
from maild.daemon import Daemon, Member, loop_factory
from maild.errors import MaildError
from maild.settings import Settings
from maild.work import logs
from maild.work.health import ChildAnswer
from maild.work.memory import give_back_large_blocks
from maild.work.runfile import RunFile

log = logs.Log("maild.member")


async def _serve(settings: Settings, member: Member, answers: int) -> None:
    daemon = Daemon(settings, member=member)
    pipe = os.fdopen(answers, "w", encoding="utf-8")

    def tell(answer: ChildAnswer) -> None:
        try:
            print(answer.line(), file=pipe, flush=True)
        except OSError:  # the parent is gone: the questions end, too
            daemon.end()

    asked = asyncio.create_task(_answer(daemon, tell))
    try:
        await daemon.run(ready=lambda: tell(ChildAnswer()))
    finally:
        asked.cancel()


async def _answer(daemon: Daemon, tell: Callable[[ChildAnswer], None]) -> None:
    """Until the parent's questions end."""
    questions = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(questions), sys.stdin)
    while line := await questions.readline():
        match line.strip():
            case b"health":
                status, health = await daemon.status.look()
                tell(ChildAnswer(os.getpid(), status, health))
            case b"metrics":
                tell(ChildAnswer(metrics=(await daemon.status.metrics())[2].decode()))
            case _:
                tell(ChildAnswer())
    log.warning("the parent is gone")
    daemon.end()


def main() -> int:
    """Exit code 0 after a clean stop, 1 when it could not start."""
    given = _arguments()
    # what a library prints must not end up among the answers
    answers = os.dup(1)
    os.dup2(2, 1)
    try:
        settings = config.load(given.config)
        logs.set_up(settings.server.log, settings.server.log_level)
        give_back_large_blocks()
        member = Member(
            RunFile(given.beside).of(given.number),
            [socket.socket(fileno=descriptor) for descriptor in given.smtp],
            socket.socket(fileno=given.web) if given.web is not None else None,
        )
        with asyncio.Runner(loop_factory=loop_factory(settings)) as runner:
            runner.run(_serve(settings, member, answers))
    except MaildError as error:
        log.error(str(error))
        return 1
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "maild.member", description="Started by `maild serve --processes N` only."
    )
    parser.add_argument("--number", type=int, required=True)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--beside", type=Path, required=True, help="what the parent's files stand beside")
    parser.add_argument("--smtp", type=int, nargs="*", default=[], help="descriptors of listening sockets")
    parser.add_argument("--web", type=int, help="the page's")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
