"""Mutants of sound files, 1,000 in every run: no fault, nothing over the bounds, one reading, and what was changed is named.

docs/坏文件核对.md has the record of the large run (``python tests/fuzz/run.py --count 100000``).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import KEYS, filled
from corpus_files import load_seeds
from long_run import LONG
from many_mutants import MutantNumber, make, run_mutants
from oracle import judge

from workbook_tools.campaign.importing import import_forms
from workbook_tools.files.sources import find_sources
from workbook_tools.legacy.importing import Importing
from workbook_tools.review.folder import review_folder

COUNT, DOZENS = (2_000, 60) if LONG else (1_000, 30)
SEED = 20261128
OVER = "已停止"


@pytest.mark.parametrize("seed", load_seeds(), ids=lambda seed: seed.name)
def test_the_files_that_mutants_are_made_of_are_read(seed, tmp_path: Path):
    path = tmp_path / seed.name
    path.write_bytes(seed.data)
    verdict = judge(path)
    assert (verdict.accepted, verdict.failures) == ("ours" if seed.ours else "form", [])


def test_a_mutant_is_the_same_whenever_it_is_made():
    numbers = [MutantNumber(SEED, number) for number in range(40)]
    assert [make(item) for item in numbers] == [make(item) for item in numbers]


@pytest.mark.slow
def test_no_mutant_brings_a_reader_down_or_is_read_in_two_ways():
    tally = run_mutants(range(COUNT), SEED, cores=2)
    assert tally.failures == {}
    assert set(tally.kinds) == {seed.name for seed in load_seeds()}
    assert min(tally.accepted[what] for what in ("ours", "form", "refused")) > COUNT / 50
    assert tally.compared > COUNT / 10


@pytest.mark.slow
def test_mutants_cost_the_good_file_beside_them_nothing(tmp_path: Path):
    """Each as the commands read it, in the processes that the product starts."""
    for number in range(COUNT, COUNT + DOZENS):
        name, data = make(MutantNumber(SEED, number))
        (tmp_path / f"{number}-{name}").write_bytes(data)
    filled(tmp_path, name="好的.xlsx")
    review = review_folder(tmp_path, keys=KEYS)
    imported = import_forms(find_sources(tmp_path)[0], Importing())
    assert [item.fault for item in review.files if item.fault] == []
    findings = [*review.result.findings, *imported.findings]
    assert [found.file for found in findings if found.code == "FILE13" or OVER in found.message] == []
    assert "P001" in {item.project.code for item in review.files if item.project and item.file == "好的.xlsx"}
