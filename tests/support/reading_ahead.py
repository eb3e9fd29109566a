"""The processes that read files are copies of one that has read a form: what a reader makes at its first file is not made again in each.

A command starts such processes anew, and tests run commands a thousand times, on one or two files each. What has read nothing yet is the
real program, which other tests start.
"""

from __future__ import annotations

import os
from multiprocessing import forkserver
from pathlib import Path
from unittest.mock import patch


def start() -> None:
    """Start the server from which they are forked; it gets ready while whoever calls this goes on. Not on Windows."""
    forkserver.set_forkserver_preload(["workbook_tools.review.batches", "first_reading"])
    here = os.pathsep.join(filter(None, (str(Path(__file__).parent), os.environ.get("PYTHONPATH"))))
    with patch.dict(os.environ, PYTHONPATH=here):
        forkserver.ensure_running()
