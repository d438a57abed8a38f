"""Large blocks go back to the system as soon as they are free.

glibc raises the size from which it maps blocks by themselves to that of the largest block freed so far (up to
32 MB), so that after one large mail the blocks of the next come from the heap, which then never shrinks
(mallopt(3), M_MMAP_THRESHOLD). A threshold that is set stays.
"""

from __future__ import annotations

import ctypes

# <malloc.h>
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
#: a block of this size or more is mapped by itself: bodies of mail, not the objects of every day
LARGE_BLOCK = 262_144
#: free bytes at the heap's end that are kept
KEPT = 2_097_152
#: threads that read and write large mails share the heaps
ARENAS = 2


def give_back_large_blocks() -> bool:
    """Set this process up so; False where the C library is not glibc (its allocator knows no such trouble)."""
    try:
        library = ctypes.CDLL(None)
        library.gnu_get_libc_version  # noqa: B018  musl has an empty mallopt and not this
        mallopt = library.mallopt
    except (OSError, AttributeError):
        return False
    mallopt.argtypes, mallopt.restype = (ctypes.c_int, ctypes.c_int), ctypes.c_int
    wanted = ((_M_MMAP_THRESHOLD, LARGE_BLOCK), (_M_TRIM_THRESHOLD, KEPT), (_M_ARENA_MAX, ARENAS))
    done = [mallopt(what, value) for what, value in wanted]
    return all(done)
