"""Many files are looked at one after the other, while others are read: what is known of them is not asked for all of them first."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from workbook_tools.files.sources import SourceFile
from workbook_tools.review import many_files
from workbook_tools.review.many_files import BATCH, review_batches
from workbook_tools.review.packing import PackedFile, pack_file
from workbook_tools.review.reviewed_file import ReviewedFile


class Known:
    """Of every file but those of these places it is kept what came of it."""

    def __init__(self, new: Iterable[int] = (), gone: Iterable[int] = ()) -> None:
        self.new, self.gone = {*map(name, new)}, {*map(name, gone)}
        self.looked_at: list[str] = []
        self.kept: list[str] = []

    def locate(self, source: SourceFile) -> str | None:
        self.looked_at.append(source.name)
        return None if source.name in self.new else source.name

    def open(self, name: str) -> PackedFile | None:
        return None if name in self.gone else pack_file([ReviewedFile(name, 0.0)])

    def keep(self, reviewed: Iterable[tuple[SourceFile, PackedFile]]) -> None:
        self.kept += [source.name for source, _ in reviewed]


def name(place: int) -> str:
    return f"{place:04}.xlsx"


def list_sources(count: int, folder: Path) -> list[SourceFile]:
    return [SourceFile(folder / name(place), name(place)) for place in range(count)]


def test_of_files_that_are_known_only_those_of_a_batch_are_looked_at(tmp_path: Path) -> None:
    known = Known()
    batches = review_batches(list_sources(10 * BATCH, tmp_path), {}, earlier=known)
    next(batches)
    assert len(known.looked_at) == BATCH
    assert sum(map(len, batches)) == 9 * BATCH and len(known.looked_at) == 10 * BATCH


@pytest.mark.parametrize("ahead", [1, 16 * BATCH])
def test_files_stand_in_their_order_known_new_and_gone(
    ahead: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that are new are not there: what is said of them tells which they are."""
    monkeypatch.setattr(many_files, "_AHEAD", ahead)
    monkeypatch.setattr(many_files, "BATCH", 4)
    new, gone = [1, 2, 9, 10, 11, 12, 13, 14], [5, 15]
    known = Known(new, gone)
    batches = [*review_batches(list_sources(17, tmp_path), {}, workers=1, earlier=known)]
    assert [len(batch) for batch in batches] == [4, 4, 4, 4, 1]
    reviewed = [packed.unpack()[0] for batch in batches for packed in batch]
    assert [item.file for item in reviewed] == [name(place) for place in range(17)]
    assert [place for place, item in enumerate(reviewed) if item.findings] == sorted([*new, *gone])
    assert sorted(known.kept) == sorted(map(name, [*new, *gone]))
