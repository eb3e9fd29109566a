"""Small files that would take gigabytes or minutes: each is told, within bounds, and the good file beside them is read."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from builders import KEYS, filled
from hostile_files import HOSTILE_FILES
from old_workbooks import old_workbook

from workbook_tools.files.compound import find_flaw
from workbook_tools.files.sources import SourceFile
from workbook_tools.review.batches import review_files
from workbook_tools.review.folder import review_folder

GOLDEN = Path(__file__).parents[1] / "golden"
SEEN_AT_ONCE = {name: made for name, (made, code) in HOSTILE_FILES.items() if code in ("FILE03", "FILE31")}


@pytest.mark.parametrize("name", SEEN_AT_ONCE)
def test_what_is_too_large_is_seen_before_it_is_read(name: str, tmp_path: Path):
    """By the reader alone, without a process that bounds it."""
    path = tmp_path / name
    path.write_bytes(SEEN_AT_ONCE[name]())
    started = time.process_time()
    done = review_files([SourceFile(path, path.name)], {})
    assert [found.code for item in done for found in item.findings] == [HOSTILE_FILES[name][1]]
    assert time.process_time() - started < 10


@pytest.mark.slow
def test_hostile_files_cost_the_good_one_beside_them_nothing(tmp_path: Path):
    """In the process that has 10 seconds and 480 MB for each: none of them needs to be stopped."""
    for name, (made, _) in HOSTILE_FILES.items():
        (tmp_path / name).write_bytes(made())
    filled(tmp_path, name="好的.xlsx")
    review = review_folder(tmp_path, keys=KEYS)
    bad = [item for item in review.files if item.project is None]
    codes = {item.file: [found.code for found in item.findings] for item in bad}
    assert codes == {name: [code] for name, (_, code) in HOSTILE_FILES.items()}
    assert not [found for item in bad for found in item.findings if "已停止" in found.message]
    assert [row.code for row in review.result.projects] == ["P001"]


def test_chains_that_end_are_no_flaw():
    assert find_flaw((GOLDEN / "formats" / "form.xls").read_bytes()) == ""
    assert find_flaw(old_workbook({"表": [(0, 0, "自评表")]})) == ""
