"""Reports in old formats (.doc, .wps) among the files that came: read as .docx, where LibreOffice is there to convert them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.core.faces import LateModule
from workbook_tools.desk.program import DeskError
from workbook_tools.files.leftovers import temporary_folder
from workbook_tools.files.sources import SourceFile

if TYPE_CHECKING:
    from workbook_tools.desk import convert
else:  # most of what comes is in formats of today
    convert = LateModule("workbook_tools.desk.convert")


class OldDocuments:
    """Converts what it is given; the converted files last as long as the ``with`` block. What was sent stays as it is."""

    def __init__(self) -> None:
        self._place = temporary_folder()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._place.cleanup()

    def convert(self, sources: Sequence[SourceFile]) -> list[SourceFile]:
        """The sources, old documents converted; those that cannot be are left, and say so when they are read."""
        jobs: dict[Path, tuple[SourceFile, Path, str]] = {}
        for number, source in enumerate(source for source in sources if source.is_old_document):
            try:
                data = source.read()
            except UnreadableWorkbook:
                continue
            folder = Path(self._place.name, str(number))
            folder.mkdir()
            copy = folder / f"原件{Path(source.name).suffix.lower()}"
            copy.write_bytes(data)
            jobs[copy] = source, folder / "文档.docx", hashlib.sha256(data).hexdigest()
        done: dict[SourceFile, SourceFile] = {}
        try:
            for made in convert.save_as_docx([(copy, target) for copy, (_, target, _) in jobs.items()]) if jobs else ():
                source, target, digest = jobs[made.source]
                if not made.trouble:
                    done[source] = replace(source, path=target, inside=(), packed=source.clock, original=digest)
        except DeskError:
            pass
        return [done.get(source, source) for source in sources]
