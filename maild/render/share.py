"""Where the files that travel with maild lie: templates/ and config.toml."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import maild


@lru_cache(maxsize=1)
def share_dir() -> Path:
    """The folder that holds `templates/` and `config.toml`.

    In a wheel it is `maild/_share`; in a checkout, and in an editable install of one, the folder beside
    the package. FileNotFoundError when neither is there (a broken installation).
    """
    package = Path(maild.__file__).resolve().parent
    for folder in (package / "_share", package.parent):
        if (folder / "templates" / "layout").is_dir():
            return folder
    raise FileNotFoundError(
        f"maild's templates are neither in {package / '_share'} nor in {package.parent}: install maild again"
    )
