"""打包: one zip per department with what it must get, and nothing else."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from builders import KEY, project
from office import ooxml_errors_of, requires_ooxml_validator

from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.settings import Settings
from workbook_tools.core.model import Project, ProjectList
from workbook_tools.files import atomic
from workbook_tools.form.guide import list_steps

Wbt = Callable[..., tuple[int, str]]
ROADS, POLICE = "示例县交通运输局", "示例县公安局"
PROJECTS = (
    project(),
    project(code="P002", name="候车亭维修", unit="示例县运输中心"),
    project(code="P003", name="校园周边巡逻", department=POLICE, unit=POLICE),
)
ZIPS = {name: f"下发/{name}_2024年度绩效自评.zip" for name in (ROADS, POLICE)}
TOLD = {"authority": "示例县财政局", "deadline": "2099年3月31日", "contact": "绩效股 王强"}


def write_list(root: Path, *projects: Project) -> None:
    (root / "项目清单.json").write_text(ProjectList(year=2024, projects=projects).model_dump_json(), "utf-8")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test makes a working folder, which all copy."""
    return tmp_path_factory.mktemp("开始") / "自评"


@pytest.fixture
def office(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wbt: Wbt) -> Campaign:
    """A working folder, generated, in which we stand."""
    if not prepared.exists():
        campaign = Campaign.create(prepared, Settings(year=2024, **TOLD))
        campaign.key_file.write_text(KEY.text, "ascii")
        write_list(campaign.root, *PROJECTS)
        assert wbt("generate", cwd=prepared)[0] == 0
    shutil.copytree(prepared, tmp_path / "自评")
    monkeypatch.chdir(tmp_path / "自评")
    return Campaign.open(tmp_path / "自评")


def entries(path: str | Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path, metadata_encoding="gbk") as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def words(path: str | Path) -> str:
    document = docx.Document(str(path))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_each_department_gets_its_workbooks_the_notice_and_the_page(wbt: Wbt, office: Campaign) -> None:
    code, said = wbt("pack")
    assert code == 0, said
    found = entries(ZIPS[ROADS])
    assert list(found) == ["下发通知.docx", "怎样填.docx", "P001_农村道路养护经费.xlsx", "P002_候车亭维修.xlsx"]
    assert list(entries(ZIPS[POLICE])) == ["下发通知.docx", "怎样填.docx", "P003_校园周边巡逻.xlsx"]
    for name, data in found.items():
        assert data == (office.folder("下发") / ROADS / name).read_bytes()


def test_the_notice_says_to_whom_what_until_when_and_how(wbt: Wbt, office: Campaign) -> None:
    wbt("pack")
    notice, page = words(f"下发/{ROADS}/下发通知.docx"), words(f"下发/{ROADS}/怎样填.docx")
    for text in (
        ROADS,
        "2024年度",
        "P002",
        "候车亭维修",
        "示例县运输中心",
        "原样发回",
        *TOLD.values(),
    ):
        assert text in notice
    assert "P003" not in notice
    for text in (*list_steps(evidence=True), TOLD["deadline"], TOLD["contact"]):
        assert text in page


@requires_ooxml_validator
def test_notice_and_page_are_valid(wbt: Wbt, office: Campaign) -> None:
    wbt("pack")
    documents = list(office.folder("下发").rglob("*.docx"))
    assert len(documents) == 4
    assert set(map(tuple, ooxml_errors_of(documents).values())) == {()}


def test_a_second_run_writes_nothing(wbt: Wbt, office: Campaign) -> None:
    wbt("pack")
    files = [path for path in office.folder("下发").rglob("*") if path.is_file()]
    before = {path: path.stat().st_mtime_ns for path in files}
    code, said = wbt("pack")
    assert (code, "没有变化" in said) == (0, True), said
    assert {path: path.stat().st_mtime_ns for path in files} == before
    with office.open_ledger() as ledger:
        assert len(ledger.find_packed()) == 2


def test_only_what_the_list_and_the_ledger_know_gets_in(wbt: Wbt, office: Campaign) -> None:
    folder = office.folder("下发") / ROADS
    for name in (
        "~$P001_农村道路养护经费.xlsx",
        ".wbt-abc-1-x.tmp",
        "P009_别的项目.xlsx",
        "P003_校园周边巡逻.xlsx",
        "草稿.docx",
    ):
        (folder / name).write_bytes(b"x")
    assert wbt("pack")[0] == 0
    assert list(entries(ZIPS[ROADS])) == [
        "下发通知.docx",
        "怎样填.docx",
        "P001_农村道路养护经费.xlsx",
        "P002_候车亭维修.xlsx",
    ]


def test_a_workbook_that_is_not_as_it_was_issued_keeps_its_department_back(wbt: Wbt, office: Campaign) -> None:
    path = office.folder("下发") / ROADS / "P002_候车亭维修.xlsx"
    path.write_bytes(path.read_bytes() + b"\0")
    code, said = wbt("pack")
    assert (code, "P002" in said, "被改动过" in said) == (1, True, True)
    assert not Path(ZIPS[ROADS]).exists()
    assert Path(ZIPS[POLICE]).is_file()
    assert wbt("generate", "--overwrite")[0] == 0
    assert wbt("pack")[0] == 0
    assert "P002_候车亭维修.xlsx" in entries(ZIPS[ROADS])


def test_a_workbook_that_is_missing_keeps_its_department_back(wbt: Wbt, office: Campaign) -> None:
    (office.folder("下发") / POLICE / "P003_校园周边巡逻.xlsx").unlink()
    code, said = wbt("pack", "--department", POLICE)
    assert (code, "wbt generate" in said) == (1, True)
    assert not list(office.folder("下发").glob("*.zip"))


def test_two_workbooks_of_one_project_keep_its_department_back(wbt: Wbt, office: Campaign) -> None:
    wbt("generate", "--macros", "--project", "P003")
    code, said = wbt("pack")
    assert (code, "请移走不发的那一个" in said) == (1, True)
    (office.folder("下发") / POLICE / "P003_校园周边巡逻.xlsx").unlink()
    assert wbt("pack")[0] == 0
    assert list(entries(ZIPS[POLICE]))[2:] == ["P003_校园周边巡逻.xlsm"]


def test_an_older_issue_that_was_put_back_does_not_go_out(wbt: Wbt, office: Campaign) -> None:
    path = office.folder("下发") / POLICE / "P003_校园周边巡逻.xlsx"
    old = path.read_bytes()
    write_list(office.root, *PROJECTS[:2], PROJECTS[2].model_copy(update={"unit": "示例县特警大队"}))
    assert wbt("generate", "--overwrite")[0] == 0
    path.write_bytes(old)
    code, said = wbt("pack", "--department", POLICE)
    assert (code, "以前下发的" in said) == (1, True)


def test_status_knows_what_was_packed_and_what_changed_since(wbt: Wbt, office: Campaign) -> None:
    wbt("pack")
    _, said = wbt("status")
    assert "打包" in said
    assert "改过" not in said
    write_list(office.root, PROJECTS[0], PROJECTS[1].model_copy(update={"unit": "示例县公路段"}), PROJECTS[2])
    wbt("generate", "--overwrite")
    _, said = wbt("status")
    assert "1 个改过" in said
    assert "重新打包" in said
    code, said = wbt("pack")
    assert (code, "另有 1 个没有变化" in said) == (0, True)
    assert "改过" not in wbt("status")[1]


def test_a_project_that_was_added_to_the_list_is_not_in_the_zip_yet(wbt: Wbt, office: Campaign) -> None:
    wbt("pack")
    write_list(office.root, *PROJECTS, project(code="P004", name="桥梁检测"))
    wbt("generate")
    assert "1 个改过" in wbt("status")[1]


def test_what_somebody_wrote_into_the_notice_is_packed_as_it_is(wbt: Wbt, office: Campaign) -> None:
    wbt("pack")
    path = office.folder("下发") / POLICE / "下发通知.docx"
    document = docx.Document(str(path))
    document.add_paragraph("另请派人参加三月三日的培训。")
    document.core_properties.last_modified_by = "王强"
    document.save(str(path))
    edited = path.read_bytes()
    code, said = wbt("pack")
    assert (code, "手工改动" in said) == (0, True)
    assert path.read_bytes() == edited == entries(ZIPS[POLICE])["下发通知.docx"]


def test_a_zip_that_somebody_changed_is_kept_under_another_name(wbt: Wbt, office: Campaign) -> None:
    wbt("pack")
    path = Path(ZIPS[POLICE])
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("extra.txt", "x")
    changed = path.read_bytes()
    code, said = wbt("pack")
    assert (code, "另存为" in said) == (0, True)
    assert (path.parent / f"{POLICE}_2024年度绩效自评（手工修改稿1）.zip").read_bytes() == changed
    assert "extra.txt" not in entries(path)


def test_the_zip_of_a_department_that_left_the_list_is_told(wbt: Wbt, office: Campaign) -> None:
    wbt("pack")
    write_list(office.root, *PROJECTS[:2])
    code, said = wbt("pack")
    assert (code, f"{POLICE}_2024年度绩效自评.zip" in said, "不要再发" in said) == (0, True, True)


def test_names_that_old_programs_lack_are_written_in_a_readable_way_and_told(wbt: Wbt, office: Campaign) -> None:
    write_list(office.root, project(name="䶮龙村道路", department="𠮷祥街道办"))
    wbt("generate")
    code, said = wbt("pack")
    assert (code, "P001_□龙村道路.xlsx" in said) == (0, True), said
    (path,) = office.folder("下发").glob("□祥街道办*.zip")
    assert list(entries(path))[2:] == ["P001_□龙村道路.xlsx"]


def test_names_that_become_alike_stay_apart(wbt: Wbt, office: Campaign) -> None:
    write_list(
        office.root, project(code="𠮷", name="路", department="甲局"), project(code="䶮", name="路", department="甲局")
    )
    wbt("generate")
    assert wbt("pack")[0] == 0
    names = list(entries("下发/甲局_2024年度绩效自评.zip"))[2:]
    assert len(set(names)) == 2
    assert names[0] == "□_路.xlsx"


def test_what_the_notice_leaves_blank_is_told(wbt: Wbt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = Campaign.create(tmp_path / "空", Settings(year=2024))
    write_list(campaign.root, PROJECTS[0])
    monkeypatch.chdir(campaign.root)
    wbt("generate")
    code, said = wbt("pack")
    assert (code, "authority" in said, "deadline" in said, "contact" in said) == (0, True, True, True)
    assert "尽快" in words(f"下发/{ROADS}/下发通知.docx")


def test_without_a_list_or_a_working_folder_one_sentence_is_said(
    wbt: Wbt, office: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert wbt("pack", "--department", "示例县农业农村局")[0] == 2
    (office.root / "项目清单.json").unlink()
    code, said = wbt("pack")
    assert (code, "找不到项目清单" in said) == (2, True)
    monkeypatch.chdir(tmp_path)
    code, said = wbt("pack")
    assert (code, "不是工作文件夹" in said) == (2, True)


@pytest.mark.parametrize(
    ("number", "told"), [(errno.ENOSPC, "磁盘已满"), (errno.EACCES, "打开"), (errno.EROFS, "磁盘是只读的")]
)
def test_a_disk_that_takes_nothing_leaves_all_as_it_was(
    wbt: Wbt, office: Campaign, monkeypatch: pytest.MonkeyPatch, number: int, told: str
) -> None:
    def fail(path: Path, data: bytes) -> None:
        path.write_bytes(data[: len(data) // 2])
        raise OSError(number, os.strerror(number), str(path))

    before = sorted(office.folder("下发").rglob("*"))
    with monkeypatch.context() as patched:
        patched.setattr(atomic, "_write", fail)
        code, said = wbt("pack")
    assert (code, told in said) == (2, True), said
    assert sorted(office.folder("下发").rglob("*")) == before
    assert wbt("pack")[0] == 0


def test_a_form_that_the_office_changed_is_used(wbt: Wbt, office: Campaign, tmp_path: Path) -> None:
    wbt("templates", "模板")
    path = office.root / "模板" / "下发通知.docx"
    document = docx.Document(str(path))
    document.add_paragraph("{{ 部门 }}共{{ 项目数 }}个")
    document.save(str(path))
    assert wbt("pack")[0] == 0
    assert f"{ROADS}共2个" in words(f"下发/{ROADS}/下发通知.docx")


def test_the_ledger_says_which_zip_went_out(wbt: Wbt, office: Campaign) -> None:
    wbt("pack")
    with office.open_ledger() as ledger:
        found = {zipped.file: zipped for zipped in ledger.find_packed()}
    assert {file: zipped.sha256 for file, zipped in found.items()} == {
        file: hashlib.sha256((office.root / file).read_bytes()).hexdigest() for file in ZIPS.values()
    }
    assert [(year, code) for year, code, _ in found[ZIPS[ROADS]].issues] == [(2024, "P001"), (2024, "P002")]
    assert wbt("ledger", "verify")[0] == 0
    assert "打包" in wbt("ledger", "log")[1]
