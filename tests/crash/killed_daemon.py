"""`maild serve` that kills itself (kill -9) before or after its Nth COMMIT once the file `armed` is there.

python -m tests.crash.killed_daemon CONFIG before|after N
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from maild import config, serving
from maild.store import Store, Tx


def main(file: str, when: str, count: int) -> None:
    armed = Path(file).parent / "armed"
    original = Store._transaction
    done = 0

    @contextmanager
    def transaction(self: Store, mode: str, *, if_free: bool = False, lane: int = 0) -> Iterator[Tx]:
        nonlocal done
        counts = mode != "read" and armed.exists()
        with original(self, mode, if_free=if_free, lane=lane) as tx:
            yield tx
            done += counts
            if counts and done == count and when == "before":
                os.kill(os.getpid(), signal.SIGKILL)
        if counts and done == count and when == "after":
            os.kill(os.getpid(), signal.SIGKILL)

    Store._transaction = transaction  # type: ignore[method-assign]
    serving.serve(config.load(file, {}), lambda: config.load(file, {}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
