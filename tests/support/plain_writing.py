"""The same workbook by XlsxWriter alone: everything that writes directly is taken away for a while."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from workbook_tools.excel.direct_sheet import DirectBook, DirectSheet


@contextmanager
def by_xlsxwriter_alone() -> Iterator[None]:
    """Inside the block no method of ours stands before one of XlsxWriter's."""
    with pytest.MonkeyPatch.context() as patch:
        for ours, theirs in ((DirectSheet, Worksheet), (DirectBook, xlsxwriter.Workbook)):
            for name in [name for name in vars(ours) if not name.startswith("__")]:
                if hasattr(theirs, name):
                    patch.delattr(ours, name)
        patch.setattr(DirectBook, "add_known_format", lambda self, _, properties: self.add_format(properties))
        yield


def list_different_parts(draw: Callable[[], bytes]) -> list[str]:
    """The parts in which a workbook differs that is drawn twice, by us and by XlsxWriter alone; "" where the packages do."""
    ours = draw()
    with by_xlsxwriter_alone():
        theirs = draw()
    found = [
        name
        for name in {*read_parts(ours), *read_parts(theirs)}
        if read_parts(ours).get(name) != read_parts(theirs).get(name)
    ]
    return sorted(found) or ([""] if ours != theirs else [])


def read_parts(data: bytes) -> dict[str, bytes]:
    """Name → content of each part of a package."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}
