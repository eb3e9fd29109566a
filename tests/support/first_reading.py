"""Loading this reads forms, ours and those of today, and loads what draws: in the server of ``reading_ahead``."""

from __future__ import annotations

import gc
from functools import partial
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from builders import KEYS, filled

from workbook_tools.files.sources import SourceFile
from workbook_tools.review.batches import pack_each, review_each

_GOLDEN = Path(__file__).parent.parent / "golden" / "legacy"
_OF_TODAY = (_GOLDEN / "商品和服务支出自评表.xlsx", _GOLDEN / "quwo-zhichao.docx")
_DRAWS = (
    "campaign.form_files",
    "campaign.merging",
    "campaign.reporting",
    "campaign.word_edits",
    "excel.loaded_book",
    "reports.filling",
    "results.workbook",
    "summary.listing_workbook",
    "summary.office_form",
    "summary.whole_workbook",
    "workbooks.stamping",
)

for module in _DRAWS:
    import_module(f"workbook_tools.{module}")
with TemporaryDirectory() as folder:
    files = [SourceFile(path, path.name) for path in (filled(Path(folder)), *_OF_TODAY)]
    pack_each(files, partial(review_each, keys=KEYS))
gc.collect()
gc.freeze()  # what copies of this process share
