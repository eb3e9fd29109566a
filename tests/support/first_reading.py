"""Loading this reads a form, and reviews it: in the server of ``reading_ahead``."""

from __future__ import annotations

import gc
from pathlib import Path
from tempfile import TemporaryDirectory

from builders import KEYS, filled

from workbook_tools.files.sources import SourceFile
from workbook_tools.review.batches import review_files

with TemporaryDirectory() as folder:
    path = filled(Path(folder))
    review_files([SourceFile(path, path.name)], KEYS)
gc.collect()
gc.freeze()  # what copies of this process share
