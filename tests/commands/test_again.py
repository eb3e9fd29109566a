"""A command that is run again does only what has changed, tells so, and leaves the same to the last byte."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import docx
import pytest
from builders import MOF, answers, project
from judging import type_judgement

from workbook_tools.campaign import Campaign, Settings, kept_rooms
from workbook_tools.campaign.ledger.keeping import find_last_issues
from workbook_tools.core.model import IndicatorAnswer, ProjectList
from workbook_tools.workbooks import generating
from workbook_tools.workbooks.generating import generate

Wbt = Callable[..., tuple[int, str]]
LISTED = (
    project(),
    project(code="P002", name="候车亭维修", unit="示例县运输中心"),
    project(code="P003", name="校园周边巡逻", department="示例县公安局", unit="示例县公安局"),
)
LEFT = "没有变化，未重写"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test makes a working folder, which all copy."""
    return tmp_path_factory.mktemp("开始") / "自评"


@pytest.fixture
def campaign(prepared: Path, tmp_path: Path, wbt: Wbt, monkeypatch: pytest.MonkeyPatch) -> Campaign:
    """A working folder; two of its three projects have come back."""
    if not prepared.exists():
        settings = Settings(year=2024, authority="示例县财政局", checks={"CROSS02": "off", "CROSS03": "off"})
        made = Campaign.create(prepared, settings)
        text = ProjectList(year=2024, projects=LISTED).model_dump_json()
        (made.root / "项目清单.json").write_text(text, "utf-8")
        assert wbt("generate", cwd=prepared)[0] == 0
        for code in ("P001", "P003"):
            send(made, code)
    shutil.copytree(prepared, tmp_path / "自评")
    monkeypatch.chdir(tmp_path / "自评")
    return Campaign.open(tmp_path / "自评")


def send(campaign: Campaign, code: str, **changes: object) -> None:
    listed = next(p for p in LISTED if p.code == code).model_copy(update={"answers": answers(MOF, **changes)})
    last = find_last_issues(campaign, {2024}, [])
    key, inbox = campaign.signing_key(), campaign.folder("回收")
    generate([listed], inbox, key, campaign.notice, lambda _: MOF, last, prefill=True, overwrite=True)


def spent_less(campaign: Campaign, code: str) -> None:
    send(campaign, code, indicators=(IndicatorAnswer(actual=80.0), *answers().indicators[1:]))


def outputs(campaign: Campaign, *names: str) -> dict[str, bytes]:
    files = (
        path for name in names or ("审核", "汇总", "报告", "下发") for path in campaign.root.joinpath(name).rglob("*.*")
    )
    return {path.relative_to(campaign.root).as_posix(): path.read_bytes() for path in files}


def written(campaign: Campaign, *names: str) -> dict[str, int]:
    """Which file a name stands for: a file that is written is another one."""
    return {name: (campaign.root / name).stat().st_ino for name in outputs(campaign, *names)}


def changed(before: dict[str, int], after: dict[str, int]) -> list[str]:
    return sorted(name for name in after if after[name] != before.get(name))


# -- review -----------------------------------------------------------------------------------------------------------


def test_a_second_review_says_how_many_files_it_took_from_before(campaign: Campaign, wbt: Wbt) -> None:
    code, said = wbt("review")
    first, before = outputs(campaign), written(campaign)
    assert (code, "沿用" in said, LEFT in said) == (1, False, False)
    again, said = wbt("review")
    assert again == code
    assert "其中 2 个文件没有变化，沿用上次的审核。" in said
    assert LEFT in said
    assert changed(before, written(campaign)) == []
    spent_less(campaign, "P003")
    assert "其中 1 个文件没有变化" in wbt("review")[1]
    assert changed(before, written(campaign)) == ["审核/审核结果.json", "审核/审核结果.xlsx"]
    some = outputs(campaign)
    assert some != first
    assert "没有变化" not in wbt("review", "--fresh")[1]
    assert outputs(campaign) == some


def test_the_round_takes_them_too_and_does_all_where_that_is_wanted(campaign: Campaign, wbt: Wbt) -> None:
    assert "没有变化" not in wbt("run")[1]
    first = outputs(campaign)
    said = wbt("run")[1]
    assert "其中 2 个文件没有变化" in said
    assert said.count(LEFT) == 2
    assert "没有变化" not in wbt("run", "--fresh")[1]
    assert outputs(campaign) == first


def test_what_came_between_two_equal_reviews_is_not_taken_for_unreviewed(campaign: Campaign, wbt: Wbt) -> None:
    wbt("review")
    path = next(campaign.folder("回收").rglob("P001*"))
    later = campaign.result_file.stat().st_mtime + 1
    os.utime(path, (later, later))
    time.sleep(max(0.0, later - time.time()) + 0.01)
    assert LEFT in wbt("review")[1]
    assert campaign.result_file.stat().st_mtime > later
    assert "先" not in wbt("return", "--by", "2099年1月1日")[1].partition("审核以后")[2]


def test_a_judged_workbook_is_handled_as_ever(campaign: Campaign, wbt: Wbt) -> None:
    wbt("review")
    workbook = campaign.result_file.with_suffix(".xlsx")
    type_judgement(workbook, 12)
    assert "手工修改稿1" in wbt("review")[1]
    assert LEFT in wbt("review")[1]
    judged = outputs(campaign, "审核")
    wbt("review", "--fresh")
    assert outputs(campaign, "审核") == judged
    workbook.unlink()
    assert LEFT not in wbt("review")[1]
    assert workbook.is_file()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="a command is killed with all its processes")
def test_a_review_that_was_killed_goes_on_where_it_stopped(campaign: Campaign, wbt: Wbt) -> None:
    inbox = campaign.folder("回收")
    first = next(inbox.rglob("P001*")).read_bytes()
    for number in range(250):
        (inbox / f"第{number}份.xlsx").write_bytes(first)
    command = [sys.executable, "-m", "workbook_tools", "review", "-q", "--workers", "1"]
    running = subprocess.Popen(command, cwd=campaign.root, start_new_session=True)
    while running.poll() is None and count_kept(campaign) < 100:
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL
    assert not campaign.result_file.exists()
    done = count_kept(campaign) - 1  # one is the scheme
    assert done >= 99
    said = [line for line in wbt("review")[1].splitlines() if "没有变化" in line]
    assert said == [f"其中 {done} 个文件没有变化，沿用上次的审核。要全部重新审核，加 --fresh。"]
    again = outputs(campaign, "审核")
    wbt("review", "--fresh")
    assert outputs(campaign, "审核") == again


def count_kept(campaign: Campaign) -> int:
    """How many entries there are of the inbox."""
    file = campaign.root / kept_rooms.FILE
    if not file.is_file():
        return 0
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=10)) as database:
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'kept'").fetchone():
            return 0
        return int(database.execute("SELECT count(*) FROM kept WHERE room = 'review:回收'").fetchone()[0])


# -- merge, report, generate ------------------------------------------------------------------------------------------


def test_a_department_whose_results_are_the_same_is_not_drawn_again(campaign: Campaign, wbt: Wbt) -> None:
    wbt("review")
    assert LEFT not in wbt("merge")[1]
    before = written(campaign, "汇总")
    assert len(before) == 6
    assert "其中 6 个没有变化，未重写" in wbt("merge")[1]
    spent_less(campaign, "P003")
    wbt("review")
    assert "其中 2 个没有变化，未重写" in wbt("merge")[1]
    assert "示例县交通运输局" not in "".join(changed(before, written(campaign, "汇总")))
    some = outputs(campaign, "汇总")
    wbt("merge", "--fresh")
    assert outputs(campaign, "汇总") == some


def test_a_report_is_written_where_its_figures_or_form_have_changed(campaign: Campaign, wbt: Wbt) -> None:
    wbt("review")
    assert LEFT not in wbt("report")[1]
    before = written(campaign, "报告")
    reports = [name for name in before if name.endswith(".docx")]
    assert f"其中 {len(reports)} 个没有变化，未重写" in wbt("report")[1]
    spent_less(campaign, "P003")
    wbt("review")
    wbt("report")
    new = changed(before, written(campaign, "报告"))
    assert any("P003" in name for name in new)
    assert not any("P001" in name for name in new)
    some = outputs(campaign, "报告")
    wbt("report", "--fresh")
    assert outputs(campaign, "报告") == some
    campaign.forms.mkdir(exist_ok=True)
    wbt("templates", campaign.forms)
    wbt("report")
    form = campaign.forms / "部门汇总报告.docx"
    edited = docx.Document(str(form))
    edited.add_paragraph("改过的模板")
    edited.save(str(form))
    before = written(campaign, "报告")
    wbt("report", "--no-projects")
    new = changed(before, written(campaign, "报告"))
    assert {Path(name).name for name in new} == {"部门汇总报告.docx"}


def test_a_report_that_was_edited_or_deleted_is_handled_as_ever(campaign: Campaign, wbt: Wbt) -> None:
    wbt("review")
    wbt("report")
    first, before = outputs(campaign, "报告"), written(campaign, "报告")
    edited, deleted = (next(campaign.folder("报告").rglob(f"{code}*.docx")) for code in ("P001", "P003"))
    edited.write_bytes(edited.read_bytes().replace(b"docProps/core.xml", b"docProps/cora.xml"))
    # Were it unlinked, the disk might give its number to the one that takes its place.
    deleted.rename(campaign.root / deleted.name)
    wbt("report")
    new = {Path(name).name for name in changed(before, written(campaign, "报告")) if name.endswith(".docx")}
    assert new == {edited.name, f"{edited.stem}（手工修改稿1）.docx", deleted.name}
    assert {name: data for name, data in outputs(campaign, "报告").items() if "手工修改稿" not in name} == first


def test_workbooks_that_stand_as_issued_are_not_even_drawn(
    campaign: Campaign, wbt: Wbt, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    draw = generating.Drawing.__call__

    def watch(self: generating.Drawing, order: generating.Order) -> generating.Drawn:
        drawn.append(order.project.code)
        return draw(self, order)

    monkeypatch.setattr(generating.Drawing, "__call__", watch)
    first = outputs(campaign, "下发")
    code, said = wbt("generate")
    assert (code, drawn, "没有变化：3 个工作簿" in said) == (0, [], True)
    edited, deleted = (next(campaign.folder("下发").rglob(f"{code}*")) for code in ("P001", "P002"))
    edited.write_bytes(b"saved by another program")
    deleted.unlink()
    code, said = wbt("generate")
    assert (code, drawn, "没有覆盖" in said) == (1, ["P001", "P002"], True)
    wbt("generate", "--overwrite")
    assert outputs(campaign, "下发") == first
    drawn.clear()
    wbt("generate", "--fresh")
    assert drawn == ["P001", "P002", "P003"]
    changed_list = (LISTED[0].model_copy(update={"annual_goal": "改了"}), *LISTED[1:])
    (campaign.root / "项目清单.json").write_text(
        ProjectList(year=2024, projects=changed_list).model_dump_json(), "utf-8"
    )
    drawn.clear()
    assert "没有覆盖" in wbt("generate")[1]
    assert drawn == ["P001"]
    assert wbt("ledger", "verify")[0] == 0


# -- the file ---------------------------------------------------------------------------------------------------------


def spoil_all(path: Path) -> None:
    path.write_bytes(b"no database" * 100)


def spoil_middle(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[100 : len(data) : 7] = bytes(len(data[100 : len(data) : 7]))
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def renumber(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()


@pytest.mark.parametrize("spoil", [spoil_all, spoil_middle, cut, renumber, Path.unlink])
def test_a_damaged_file_is_begun_anew(campaign: Campaign, wbt: Wbt, spoil: Callable[[Path], object]) -> None:
    file = campaign.root / kept_rooms.FILE
    wbt("review")
    first = outputs(campaign)
    spoil(file)
    code, said = wbt("review")
    assert (code, "意外" in said) == (1, False)
    assert outputs(campaign) == first
    wbt("review")
    assert "其中 2 个文件没有变化" in wbt("review")[1]
    assert outputs(campaign) == first


def test_a_file_that_somebody_holds_or_that_cannot_be_written_stops_nothing(
    campaign: Campaign, wbt: Wbt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_rooms, "_WAIT", 0.05)
    wbt("review")
    first = outputs(campaign)
    with sqlite3.connect(campaign.root / kept_rooms.FILE, isolation_level=None) as database:
        database.execute("BEGIN EXCLUSIVE")
        code, said = wbt("review")
    database.close()
    assert (code, "意外" in said, "沿用" in said) == (1, False, False)
    assert outputs(campaign) == first
    assert "沿用" in wbt("review")[1]


def test_what_is_kept_of_a_folder_goes_with_the_folder(campaign: Campaign, wbt: Wbt) -> None:
    other = campaign.root / "另收"
    shutil.copytree(campaign.folder("回收"), other)
    wbt("review")
    wbt("review", "另收", "--out", "另审")
    rooms = "SELECT room, count(*) FROM kept WHERE room LIKE 'review:%' GROUP BY room"

    def count() -> dict[str, int]:
        database = sqlite3.connect(campaign.root / kept_rooms.FILE)
        found = dict(database.execute(rooms).fetchall())
        database.close()
        return found

    # two files with their scheme; of two departments which files count, and what they come to
    of_each = 7
    assert count() == {"review:另收": of_each, "review:回收": of_each}
    shutil.rmtree(other)
    wbt("review")
    assert count() == {"review:回收": of_each}
