"""The processes that read files are copies of one that has read forms: what a reader makes at its first file is not made again in each.

A command starts such processes anew, and tests run commands a thousand times, on one or two files each. What has read nothing yet is the
real program, which other tests start.
"""

from __future__ import annotations

import os
from multiprocessing import forkserver
from pathlib import Path
from unittest.mock import patch


def start() -> None:
    """Start the server from which they are forked; it gets ready while whoever calls this goes on. Not on Windows.

    Raises RuntimeError if it runs already, and so has read nothing: then a module of tests reviews files while it is loaded.
    """
    if forkserver._forkserver._forkserver_pid is not None:  # type: ignore[attr-defined]
        raise RuntimeError("processes that read files were started while tests were collected: make it a fixture")
    forkserver.set_forkserver_preload(["workbook_tools.review.workers", "first_reading"])
    here = os.pathsep.join(filter(None, (str(Path(__file__).parent), os.environ.get("PYTHONPATH"))))
    with patch.dict(os.environ, PYTHONPATH=here):
        forkserver.ensure_running()
