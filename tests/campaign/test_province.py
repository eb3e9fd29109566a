"""The maker of a province (``tools/province.py``): what it fills in is what a program fills in, its mistakes are found, and nothing is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import filling
import province
import pytest
from builders import KEY
from filled_workbook import fill_workbook
from locations import ROOT
from office import fill_with_libreoffice, requires_uno
from province_answers import FOUND_BY, Answers, Return, Slip
from province_projects import Province

from workbook_tools.core.model import Value
from workbook_tools.form.fields import Layout, Role
from workbook_tools.form.layout import build_layout
from workbook_tools.review.folder import review_folder
from workbook_tools.rules.scheme import load_scheme
from workbook_tools.workbooks.generating import generate

PROVINCE = Province(2_000, seed=1)
SAVED = datetime(2025, 1, 20, 9)


def find_numbers(is_wanted: Callable[[Answers], bool], count: int) -> list[int]:
    found = (number for number in range(len(PROVINCE)) if is_wanted(Answers(PROVINCE, number)))
    return [next(found) for _ in range(count)]


def issue(number: int, folder: Path) -> tuple[Path, Layout]:
    project = PROVINCE.project(number)
    [issued] = generate([project], folder, KEY)
    return issued.path, build_layout(project, load_scheme(project.scheme))


def review(folder: Path, **files: Path | bytes) -> list[object]:
    """What comes of files, but for their names, times and bytes."""
    folder.mkdir()
    for name, data in files.items():
        (folder / f"{name}.xlsx").write_bytes(data if isinstance(data, bytes) else data.read_bytes())
    found = review_folder(folder, keys={KEY.id: KEY}, workers=1).files
    return [
        replace(
            item,
            file="",
            modified=0,
            clock=0,
            sha256="",
            saved_at=None,
            runs=[],
            findings=[replace(one, file="") for one in item.findings],
            project=item.project and item.project.model_copy(update={"file": ""}),
            indicators=[
                row.model_copy(update={"file": ""}) if hasattr(row, "file") else row for row in item.indicators
            ],
        )
        for item in found
    ]


def test_a_project_follows_from_its_number():
    again = Province(2_000, seed=1)
    assert [again.project(n) for n in (0, 7, 1_999)] == [PROVINCE.project(n) for n in (0, 7, 1_999)]
    assert PROVINCE.project(7) != Province(2_000, seed=2).project(7)
    assert len({PROVINCE.project(number).code for number in range(2_000)}) == 2_000


@pytest.mark.parametrize("number", [0, 420, 911, 1_303, 1_777])
def test_what_is_filled_in_is_reviewed_as_what_openpyxl_fills_in(number: int, tmp_path: Path):
    issued, layout = issue(number, tmp_path)
    typed = Answers(PROVINCE, number).fill(layout)
    filled = fill_workbook(issued.read_bytes(), layout, typed, "王芳", SAVED)
    other = filling.fill(issued, layout, typed, tmp_path / "other.xlsx")
    assert review(tmp_path / "ours", a=filled) == review(tmp_path / "theirs", a=other)


@requires_uno
def test_what_is_filled_in_is_reviewed_as_what_is_typed_in_libreoffice(tmp_path: Path):
    issued, layout = issue(420, tmp_path)
    typed = Answers(PROVINCE, 420).fill(layout)
    filled = fill_workbook(issued.read_bytes(), layout, typed, "王芳", SAVED)
    steps = [
        {"sheet": item.sheet, "cell": item.cell, "type": kind_of(typed[item.name]), "content": typed[item.name]}
        for item in layout.role(Role.INPUT)
        if typed.get(item.name) not in (None, "")
    ]
    assert fill_with_libreoffice(issued, steps, tmp_path / "typed.xlsx") == []
    assert review(tmp_path / "ours", a=filled) == review(tmp_path / "theirs", a=tmp_path / "typed.xlsx")


def kind_of(value: Value) -> str:
    return "value" if isinstance(value, float) else "text"


def test_every_mistake_is_found(tmp_path: Path):
    inbox = tmp_path / "回收"
    inbox.mkdir()
    wanted: dict[str, Slip] = {}
    projects = []
    for slip in Slip:
        [number] = find_numbers(lambda one, slip=slip: one.slips == [slip] and one.how is Return.ONCE, 1)
        numbers = [number - 1, number] if slip is Slip.COPIED else [number]
        for each in numbers:
            issued, layout = issue(each, tmp_path)
            answers = Answers(PROVINCE, each)
            data = fill_workbook(
                issued.read_bytes(),
                layout,
                answers.fill(layout),
                answers.saved_by,
                answers.saved_at,
                answers.find_locked(layout),
            )
            (inbox / issued.name).write_bytes(data)
            projects.append(PROVINCE.project(each))
        wanted[PROVINCE.project(number).code] = slip
    result = review_folder(inbox, keys={KEY.id: KEY}, projects=projects, workers=1).result
    have = {(row.project_code, row.code) for row in result.findings}
    missed = [slip for code, slip in wanted.items() if not any((code, one) in have for one in FOUND_BY[slip])]
    assert missed == []


def test_a_check_that_does_not_finish_is_told_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "province_check.py").write_text("raise ImportError('cannot import name')")
    (tmp_path / "1" / ".wbt").mkdir(parents=True)
    monkeypatch.setattr(province, "_HERE", tmp_path)
    run = province.Run(tmp_path, 1, Namespace(seed=1, again=""))
    with pytest.raises(
        SystemExit, match=r"^check 没有完成（退出码 1），见 .*check.log：ImportError: cannot import name$"
    ):
        run.do_check()
    assert "check" not in run.measured


@pytest.mark.long
@pytest.mark.slow
def test_a_province_is_made_and_goes_through_all_commands(tmp_path: Path):
    """In two runs: the second goes on where the first has stopped."""
    command = [
        sys.executable,
        ROOT / "tools" / "province.py",
        tmp_path,
        "--workbooks",
        "80",
        "--base",
        "0",
        "--reports",
        "3",
    ]
    for until in ("fill", "check"):
        subprocess.run([*command, "--until", until], check=True, stdout=subprocess.DEVNULL)
        if until == "fill":
            returned = {path: path.stat().st_mtime_ns for path in (tmp_path / "80" / "回收").rglob("*.xlsx")}
    assert returned == {path: path.stat().st_mtime_ns for path in (tmp_path / "80" / "回收").rglob("*.xlsx")}
    measured = json.loads((tmp_path / "80.json").read_text("utf-8"))
    check = measured["check"]["checked"]
    assert check["faults"] == []
    assert check["counts"]["项目"] + check["counts"]["未报"] == 80
    assert check["opened"]["xlsx"] > 40 and check["opened"]["docx"] == measured["report"]["reports"]
    assert all(made == found for made, found in check["slips"].values())
    assert all(
        measured[phase]["processor"] > 0 and measured[phase]["first"] > 0 for phase in ("generate", "review", "merge")
    )
