"""Workbooks opened with openpyxl without what takes half of its time: the border of a merged area put into each of its cells."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from unittest.mock import patch

import openpyxl
from openpyxl.worksheet.merge import MergedCellRange


def load_quickly(file: Path | bytes, **options: bool) -> openpyxl.Workbook:
    """The workbook; only the first cell of a merged area has its border. ``options`` as openpyxl takes them."""
    with patch.object(MergedCellRange, "format", lambda area: None):
        return openpyxl.load_workbook(BytesIO(file) if isinstance(file, bytes) else file, **options)
