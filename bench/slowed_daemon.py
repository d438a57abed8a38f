"""`maild serve` in which each decision takes so many milliseconds longer, without the processor.

python -m bench.slowed_daemon CONFIG MILLISECONDS
"""

from __future__ import annotations

import sys
import time
from typing import Any

from maild import config, serving
from maild.work import deciding


def main(file: str, milliseconds: float) -> None:
    original = deciding.decide

    def slowed(*facts: Any, **more: Any) -> Any:
        time.sleep(milliseconds / 1000)
        return original(*facts, **more)

    deciding.decide = slowed
    serving.serve(config.load(file, {}), lambda: config.load(file, {}))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
