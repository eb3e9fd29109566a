"""A folder that lies beside its original is told of once, and read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook_tools.files.sources import find_sources

NAMES = ("甲局/一.xlsx", "甲局/二.xlsx", "甲局/佐证材料/票据.pdf")


def lay(folder: Path, *names: str, content: str = "") -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content or name.rpartition("/")[2])


def look(folder: Path) -> tuple[list[str], list[tuple[str, str]]]:
    sources, findings = find_sources(folder)
    return [source.name for source in sources], [(f.code, f.file) for f in findings]


@pytest.mark.parametrize(
    "copy",
    [
        "甲局 - 副本",
        "甲局 - 副本 (2)",
        "甲局 - Copy",
        "甲局 副本 2",
        "甲局(副本)",
        "甲局（1）",
        "复件 甲局",
        "复件 (2) 甲局",
    ],
)
def test_a_copied_folder_is_told_once(tmp_path: Path, copy: str) -> None:
    lay(tmp_path, *NAMES, *(name.replace("甲局", copy) for name in NAMES))
    assert look(tmp_path) == (["甲局/一.xlsx", "甲局/二.xlsx"], [("FILE45", copy)])


def test_what_differs_in_it_is_read(tmp_path: Path) -> None:
    lay(tmp_path, *NAMES, *(name.replace("甲局", "甲局 - 副本") for name in NAMES))
    lay(tmp_path, "甲局 - 副本/一.xlsx", content="改过")
    lay(tmp_path, "甲局 - 副本/三.xlsx")
    files, told = look(tmp_path)
    assert sorted(files) == sorted([*NAMES[:2], "甲局 - 副本/一.xlsx", "甲局 - 副本/三.xlsx"])
    assert told == [("FILE45", "甲局 - 副本")]


def test_a_folder_of_other_files_or_without_an_original_is_no_copy(tmp_path: Path) -> None:
    lay(tmp_path, "甲局/一.xlsx", "乙局 - 副本/二.xlsx")
    lay(tmp_path, "甲局(2)/一.xlsx", content="乙")
    files, told = look(tmp_path)
    assert (len(files), told) == (3, [])


@pytest.mark.parametrize("ending", [".html", ".mht", ".xml"])
def test_a_form_that_was_saved_as_a_page_is_no_unknown_file(tmp_path: Path, ending: str) -> None:
    lay(tmp_path, f"一{ending}")
    assert look(tmp_path) == ([], [("FILE41", f"一{ending}")])


def test_a_copied_archive_is_read_once(tmp_path: Path) -> None:
    lay(tmp_path, "甲局.zip", "甲局 - 副本.zip", content="PK")
    assert look(tmp_path) == ([], [("FILE14", "甲局.zip"), ("FILE45", "甲局 - 副本.zip")])
