"""`python -m tests.unit.house` prints each breach of the shape, the rooms and their borders, and fails where there is any
(`make check`)."""

from __future__ import annotations

import sys

from tests.unit.house import borders, compilable, rooms, shape


def main() -> int:
    product = shape.sources(shape.PRODUCT)
    breaches = [
        *shape.named_twice(product),
        *shape.too_long((*product, *shape.sources(shape.TESTS))),
        *rooms.breaches(product),
        *borders.breaches(product),
        *compilable.breaches(product),
    ]
    sys.stdout.writelines(f"{one}\n" for one in breaches)
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
