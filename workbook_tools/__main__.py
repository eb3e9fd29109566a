"""``wbt``, and ``python -m workbook_tools``: the command line."""

from __future__ import annotations

import gc
import os
import sys

_OBJECTS = 20_000
"""So many new objects, and unreachable ones are looked for. A start makes three times as many, nearly all of which stay: to look among them as
often as Python does by itself takes a tenth of it."""


def main() -> None:
    """Load the command line and run it. Ctrl+C while the libraries are being loaded ends it like later on."""
    gc.set_threshold(_OBJECTS)
    # numpy brings a library for matrices, of which we have none: it would start a thread for each processor, which waits busily.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        from workbook_tools.commands import main as cli
    except KeyboardInterrupt:
        sys.exit(130)
    cli.main()


if __name__ == "__main__":
    main()
