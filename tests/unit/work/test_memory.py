"""What a large mail took goes back to the system."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from tests.timing import PATIENCE

SCRIPT = """
import sys
from pathlib import Path
from maild.work.memory import give_back_large_blocks

def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

if sys.argv[1] == "set":
    assert give_back_large_blocks()
keep = []
for size in (30, 8, 8, 8):
    block = bytearray(size * 1_000_000)
    del block
before = resident()
for _ in range(5):
    blocks = [bytearray(8_000_000)]
    keep.append(bytearray(300_000))  # stays behind it, at the heap's end
    blocks.append(bytearray(8_000_000))
    keep.append(bytearray(300_000))
    del blocks
print((resident() - before) // 1_000_000)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the allocator of glibc")
def test_blocks_freed_below_others_do_not_stay() -> None:
    def left(how: str) -> int:
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, how], capture_output=True, text=True, check=True, timeout=PATIENCE
        )
        return int(done.stdout)

    assert left("set") <= 4
    assert left("not") > 4  # or this test tells nothing
