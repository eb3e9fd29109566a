"""``wbt``, and ``python -m workbook_tools``: the command line."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Load the command line and run it. Ctrl+C while the libraries are being loaded ends it like later on."""
    # numpy brings a library for matrices, of which we have none: it would start a thread for each processor, which waits busily.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        from workbook_tools.commands import main as cli
    except KeyboardInterrupt:
        sys.exit(130)
    cli.main()


if __name__ == "__main__":
    main()
