"""`maild serve` in which each decision takes so many milliseconds longer, without the processor.

python -m bench.slowed_daemon CONFIG MILLISECONDS
"""

from __future__ import annotations

import sys
import time
from typing import Any

from maild import config, serving
from maild.app import handle_mail
from maild.work import in_a_row


def main(file: str, milliseconds: float) -> None:
    original = handle_mail.decide

    def slowed(*facts: Any, **more: Any) -> Any:
        time.sleep(milliseconds / 1000)
        return original(*facts, **more)

    setattr(in_a_row, "decide", slowed)  # noqa: B010  what the writer calls
    serving.serve(config.load(file, {}), lambda: config.load(file, {}))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
