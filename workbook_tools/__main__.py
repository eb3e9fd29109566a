"""``wbt``, and ``python -m workbook_tools``: the command line."""

from __future__ import annotations

import gc
import os
import sys

_OBJECTS = 20_000
"""So many new objects, and unreachable ones are looked for: not by the 700, as Python does by itself."""


def main() -> None:
    """Load the command line and run it. Ctrl+C while the libraries are being loaded ends it like later on."""
    _know_chinese_names()
    gc.set_threshold(_OBJECTS)
    gc.disable()  # what is loaded stays; the command that has been loaded begins with switching it on (commands/main.py)
    # numpy brings a library for matrices, of which we have none: it would start a thread for each processor, which waits busily.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # pydantic would look through all that is installed for its plugins, of which we have none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        from workbook_tools.commands import main as cli
    except KeyboardInterrupt:
        sys.exit(130)
    try:
        cli.main()
    finally:
        gc.freeze()  # at its end Python would look through everything once more, to free what the system takes back at once


def _know_chinese_names() -> None:
    """Begin anew in UTF-8 where the system's encoding (LANG=en_US, LC_ALL=C) has no Chinese: our folders are named so."""
    try:
        "审核".encode(sys.getfilesystemencoding())
    except UnicodeEncodeError:
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606 - ourselves, as we were called


if __name__ == "__main__":
    main()
