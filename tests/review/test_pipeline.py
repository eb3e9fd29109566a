"""A folder as it really comes back: good files, bad files, and what the review says of each."""

import os
import zipfile
from pathlib import Path

import openpyxl
import pytest
import trapped_files
from builders import KEY, KEYS, MOF, answers, filled, project

from workbook_tools.core.errors import OutputError
from workbook_tools.core.model import FundingSource
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.sources import find_sources
from workbook_tools.form.fields import Notice
from workbook_tools.form.identity import SigningKey
from workbook_tools.results.facts import ResultEntry
from workbook_tools.results.output_links import OutputLinks
from workbook_tools.results.tables import project_columns, work_columns
from workbook_tools.review import batches as pipeline
from workbook_tools.review import many_files
from workbook_tools.review.batches import review_files
from workbook_tools.review.folder import review_folder
from workbook_tools.summary.office_form import list_all_projects
from workbook_tools.workbooks.generating import generate
from workbook_tools.workbooks.writing import build_workbook


def review(folder: Path, expected=None, keys=KEYS, workers=1) -> ReviewResult:
    return review_folder(folder, keys=keys, projects=expected, year=2024, workers=workers).result


def codes(result: ReviewResult) -> list[tuple[str, str]]:
    return [(f.code, f.file) for f in result.findings]


def test_a_correct_workbook_scores_in_full_and_has_no_findings(tmp_path):
    filled(tmp_path)
    result = review(tmp_path, [project()])
    (row,) = result.projects
    assert (row.total_score, row.grade, row.execution_rate) == (100.0, "优", 1.0)
    assert [f for f in result.findings if f.severity in ("error", "warning")] == []


@pytest.fixture
def bad_folder(tmp_path):
    folder = tmp_path / "回收 2024 年"
    (folder / "二级 目录").mkdir(parents=True)
    good = filled(folder / "二级 目录", name="好的.xlsx").read_bytes()
    (folder / "空.xlsx").write_bytes(b"")
    (folder / "文本.xlsx").write_text("这不是工作簿", "utf-8")
    (folder / "截断.xlsx").write_bytes(good[: len(good) // 2])
    (folder / "加密.xlsx").write_bytes(encrypted())
    with zipfile.ZipFile(folder / "别的.xlsx", "w") as archive:
        archive.writestr("a.txt", "x")
    openpyxl.Workbook().save(folder / "自制.xlsx")
    (folder / "~$好的.xlsx").write_bytes(b"lock")
    (folder / "说明.txt").write_text("x")
    old = openpyxl.load_workbook(folder / "二级 目录" / "好的.xlsx")
    old["标识"]["B2"] = "0"
    old.save(folder / "旧版.xlsx")
    other = project(code="P999", name="别的项目", answers=answers())
    (folder / "别的项目.xlsx").write_bytes(build_workbook(other, MOF, KEY))
    return folder


def encrypted() -> bytes:
    """The head of an OLE file with the stream that an encrypted workbook has."""
    directory = "EncryptedPackage".encode("utf-16-le")
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(1000) + directory + bytes(2000)


def test_each_bad_file_is_a_finding_and_none_stops_the_others(bad_folder):
    result = review(bad_folder, [project()])
    assert [p.file for p in result.projects] == ["二级 目录/好的.xlsx"]
    assert result.projects[0].total_score == 100.0
    found = {file: code for code, file in codes(result)}
    assert found | {} == found
    expected = {
        "空.xlsx": "FILE02",
        "文本.xlsx": "FILE01",
        "截断.xlsx": "FILE03",
        "加密.xlsx": "FILE04",
        "别的.xlsx": "FILE01",
        "自制.xlsx": "FILE05",
        "~$好的.xlsx": "FILE09",
        "说明.txt": "FILE09",
        "旧版.xlsx": "FILE06",
        "别的项目.xlsx": "FILE07",
    }
    assert {file: code for file, code in found.items() if file in expected} == expected


def test_of_two_files_of_one_project_the_newer_counts(tmp_path):
    old, new = (
        filled(tmp_path, name="旧.xlsx"),
        filled(tmp_path, name="新.xlsx", answers=answers(execution_reason="无")),
    )
    os.utime(old, (1_000_000, 1_000_000))
    os.utime(new, (2_000_000, 2_000_000))
    result = review(tmp_path, [project()])
    assert [p.file for p in result.projects] == ["新.xlsx"]
    assert ("FILE21", "旧.xlsx") in codes(result), "nobody but the folder's clock says which is newer"


def test_who_has_not_submitted_is_listed(tmp_path):
    filled(tmp_path)
    absent = project(code="P002", name="没报的项目")
    result = review(tmp_path, [project(), absent])
    assert [m.code for m in result.missing] == ["P002"]
    assert [f.project_code for f in result.findings if f.code == "CROSS01"] == ["P002"]


def test_projects_stand_as_in_the_list_with_departments_together(tmp_path):
    """汇总表 goes to the next level up: sorted by the names of files it is of no use there."""
    listed = [
        project(code=code, department=department, answers=answers())
        for code, department in (
            ("P9", "交通局"),
            ("P1", "公安局"),
            ("P5", "交通局"),
            ("P3", "公安局"),
            ("P4", "教育局"),
        )
    ]
    for number, item in enumerate(listed):
        if item.code not in ("P1", "P4"):
            (tmp_path / f"{9 - number}.xlsx").write_bytes(build_workbook(item, MOF, KEY))
    result = review(tmp_path, expected=listed)
    assert [(row.code, row.place) for row in result.projects] == [("P9", 1), ("P5", 2), ("P3", 4)]
    assert [(row.code, row.place) for row in result.missing] == [("P1", 3), ("P4", 5)]
    assert [row.project_code for row in result.indicators] == sorted(
        (row.project_code for row in result.indicators), key=["P9", "P5", "P3"].index
    )
    assert [row.code for row in list_all_projects(result)] == ["P9", "P5", "P1", "P3", "P4"]


def test_a_project_is_counted_under_the_department_and_unit_that_the_list_has_now(tmp_path):
    filled(tmp_path)
    result = review(tmp_path, [project(department="改名局", unit="改名站")])
    assert [(p.department, p.unit, p.signed_name) for p in result.projects] == [("改名局", "改名站", "")]
    assert "FILE17" in [f.code for f in result.findings]


def test_a_project_is_called_as_the_list_has_it_now_and_what_the_unit_signed_is_told_beside(tmp_path):
    filled(tmp_path)
    result = review(tmp_path, [project(name="新的名称")])
    assert [(p.name, p.signed_name) for p in result.projects] == [("新的名称", project().name)]
    (told,) = (f for f in result.findings if f.code == "FILE17")
    assert f"{project().name} → 新的名称" in told.message
    for columns in (columns(result, OutputLinks(tmp_path)) for columns in (project_columns, work_columns)):
        (shown,) = (column for column in columns if column.key == "signed_name")
        assert [shown.value(entry) for entry in [ResultEntry(1, result.projects[0])]] == [project().name]


def test_a_project_with_money_from_several_sources_is_the_one_that_was_issued(tmp_path):
    money = {FundingSource.PROVINCIAL: 15.0, FundingSource.COUNTY: 45.0, FundingSource.CENTRAL: 5.0}
    paid = answers(received=money, executed=money)
    filled(tmp_path, annual_budget=money, answers=paid)
    assert "FILE17" not in [code for code, _file in codes(review(tmp_path, [project(annual_budget=money)]))]


def test_without_the_key_the_signature_cannot_be_verified_but_everything_else_is(tmp_path):
    filled(tmp_path)
    result = review(tmp_path, keys={})
    assert "TAMPER08" in [f.code for f in result.findings]
    assert result.projects[0].total_score == 100.0


def test_another_offices_signature_does_not_pass(tmp_path):
    filled(tmp_path)
    stranger = SigningKey(bytes(32))
    result = review(tmp_path, keys={KEY.id: stranger})
    assert "TAMPER01" in [f.code for f in result.findings]


def test_a_program_fault_in_one_file_is_a_finding(tmp_path, monkeypatch):
    filled(tmp_path, name="a.xlsx")
    filled(tmp_path, name="b.xlsx", code="P002")
    monkeypatch.setattr(pipeline, "review_each", trapped_files.review_with_a_fault)
    result = review(tmp_path)
    assert ("FILE13", "a.xlsx") in codes(result)
    assert [p.code for p in result.projects] == ["P002"]


def test_many_files_give_the_same_result_on_one_core_and_on_several(tmp_path, monkeypatch):
    """More batches than processes: nothing depends on which ends first."""
    for i in range(25):
        code = f"P{i:03d}"
        filled(tmp_path, name=f"{code}.xlsx", code=code, answers=answers(execution_reason=f"原因{i}"))
    monkeypatch.setattr(many_files, "BATCH", 5)
    monkeypatch.setattr(many_files, "_SINGLE_PROCESS", 0)
    result = review(tmp_path, workers=1)
    assert [row.execution_reason for row in result.projects] == [f"原因{i}" for i in range(25)]
    assert review(tmp_path, workers=2) == result


def run_generate(projects, folder, **options):
    return generate(projects, folder, KEY, Notice(), lambda _: MOF, **options)


def test_generating_twice_changes_nothing(tmp_path):
    (first,) = run_generate([project()], tmp_path)
    before = first.path.read_bytes()
    (again,) = run_generate([project()], tmp_path)
    assert not again.kept
    assert again.path.read_bytes() == before


def test_another_content_is_not_overwritten_unless_asked(tmp_path):
    (first,) = run_generate([project()], tmp_path)
    before = first.path.read_bytes()
    changed = project(annual_goal="改过的目标")
    (kept,) = run_generate([changed], tmp_path)
    assert kept.kept
    assert first.path.read_bytes() == before
    (written,) = run_generate([changed], tmp_path, overwrite=True)
    assert not written.kept
    assert first.path.read_bytes() != before


@pytest.mark.parametrize("name", ['a/b\\c:d*e?f"g<h>i|j', "长" * 200, "CON", "尾部. "])
def test_any_project_name_gives_a_file_that_can_be_reviewed(tmp_path, name):
    given = project(name=name, answers=answers())
    (made,) = run_generate([given], tmp_path, prefill=True)
    assert made.path.is_file()
    assert not set(made.path.name) & set('<>:"/\\|?*')
    result = review(tmp_path, [given])
    assert result.projects[0].name == name
    assert [f.code for f in result.findings if f.severity == "error"] == []


def test_an_unwritable_folder_is_said_in_chinese(tmp_path):
    blocked = tmp_path / "下发"
    blocked.write_text("这里是文件，不是文件夹")
    with pytest.raises(OutputError, match="无法写入"):
        run_generate([project()], blocked)


def test_a_project_that_fits_no_cell_does_not_stop_the_others(tmp_path):
    made = run_generate([project(annual_goal="长" * 40000), project(code="P002")], tmp_path)
    assert [item.finding.code if item.finding else "" for item in made] == ["LIST18", ""]
    assert made[1].path.is_file()


def test_wbt_toml_switches_a_check_off_or_changes_its_severity(tmp_path):
    filled(tmp_path, answers=answers(executed={}))

    def severities(checks):
        result = review_folder(tmp_path, keys=KEYS, checks=checks).result
        return {f.severity.value for f in result.findings if f.code == "FUND05"}, result.projects[0].findings.error

    (usual, errors), (milder, fewer) = severities({}), severities({"FUND05": "warning"})
    assert (usual, milder) == ({"error"}, {"warning"})
    assert fewer < errors
    assert severities({"FUND05": "off"})[0] == set()


# -- faults of the program --------------------------------------------------------------------------------------------


def test_a_submission_that_brings_the_checks_down_does_not_stop_the_others(tmp_path, monkeypatch):
    for code in ("P001", "P002", "P003"):
        filled(tmp_path, code=code, name=f"{code}.xlsx")

    def run_checks(scored):
        if scored.submission.project.code == "P002":
            raise RuntimeError("a fault of the program")
        return [], []

    monkeypatch.setattr(pipeline, "run_checks", run_checks)
    done = review_files(find_sources(tmp_path)[0], KEYS)
    assert [item.project.code if item.project else [f.code for f in item.findings] for item in done] == [
        "P001",
        ["FILE13"],
        "P003",
    ]
    assert [("a fault of the program" in item.fault) for item in done] == [False, True, False]
