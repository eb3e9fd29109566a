"""开始: working folders are made, opened and found again; settings are saved; one run per folder."""

import http.client
import json
import re
import sys
import threading
import time
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from campaign_story import listed_project
from page_visitor import PageVisitor, text_of

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.settings import read_settings
from workbook_tools.commands.page import find_start
from workbook_tools.core.errors import OutputError
from workbook_tools.core.model import ProjectList
from workbook_tools.page import display, start_pages, visiting
from workbook_tools.page.open_folders import OpenElsewhere, find_running
from workbook_tools.page.serving import serve

ODD = "2024年 自评'&\"#%?😀"
"""Blanks, quotes, signs that mean something in addresses, an emoji."""


@pytest.fixture
def visitor(tmp_path: Path) -> PageVisitor:
    return PageVisitor(tmp_path)


def test_a_folder_is_made_as_the_command_makes_it(visitor: PageVisitor, tmp_path: Path, wbt) -> None:
    given = {"authority": "某县财政局", "scheme": "quwo", "deadline": "2025年3月31日", "contact": "绩效股 0000-1234567"}
    answer = visitor.post("/make", {"path": str(tmp_path / "页" / "2024年自评"), **given})
    assert answer.status_code == 303
    options = [part for name, value in given.items() for part in (f"--{name}", value)]
    wbt("init", "令/2024年自评", *options, cwd=tmp_path)
    page, command = (
        {p.relative_to(root).as_posix(): p for p in root.rglob("*") if p.is_file()}
        for root in (tmp_path / "页", tmp_path / "令")
    )
    assert set(page) - set(command) == {"2024年自评/.wbt/page.json"}
    for name in set(command) - {"2024年自评/.wbt/signing.key"}:
        assert page[name].read_bytes() == command[name].read_bytes(), name


def test_odd_names_are_opened_and_shown(visitor: PageVisitor, tmp_path: Path) -> None:
    root = tmp_path / ODD
    place = visitor.post("/make", {"path": str(root), "year": "2024"}).headers["location"].partition("?")[0]
    assert ODD in text_of(visitor.get(place))
    assert str(root) in text_of(visitor.get("/"))
    assert visitor.post("/open", {"path": str(root)}).headers["location"] == place


def test_what_is_no_folder_of_ours_is_refused_in_words(visitor: PageVisitor, tmp_path: Path) -> None:
    answer = visitor.post("/open", {"path": str(tmp_path)})
    assert answer.status_code == 409 and "没有办成" in text_of(answer)
    for data in (
        {"path": "自评"},
        {"path": str(tmp_path / "a"), "year": "二〇二四"},
        {"path": str(tmp_path / "b"), "deadline": "月底"},
    ):
        assert visitor.post("/make", data).status_code == 409
    assert not (tmp_path / "a").exists() and not (tmp_path / "b").exists()


def test_no_folder_is_begun_in_another_or_around_one(visitor: PageVisitor, tmp_path: Path, wbt) -> None:
    earlier = Campaign.create(tmp_path / "自评" / "2024年自评", Settings(year=2024)).root
    for path, told in (
        (earlier / "2025年自评", f"请放在它旁边，如 {tmp_path / '自评' / '2025年自评'}"),
        (earlier / "回收" / "2025年自评", "在工作文件夹"),
        (tmp_path / "自评", "里面已经有工作文件夹“2024年自评”"),
    ):
        for answer in (
            visitor.post("/make", {"path": str(path)}),
            visitor.post("/next", {"path": str(path), "earlier": str(earlier)}),
        ):
            assert answer.status_code == 409 and told in text_of(answer)
        assert wbt("init", str(path))[0] == 2
    assert sorted(path.name for path in tmp_path.rglob("wbt.toml")) == ["wbt.toml"]
    (earlier / "wbt.toml").unlink()  # lost: it is begun again where it was
    assert visitor.post("/make", {"path": str(earlier)}).status_code == 303


def test_a_deadline_that_is_hardly_meant_is_asked_about(visitor: PageVisitor, tmp_path: Path, wbt) -> None:
    path = tmp_path / "2024年自评"
    for wrong in ("2023年3月31日", "2052年3月31日"):
        answer = visitor.post("/make", {"path": str(path), "deadline": wrong})
        assert answer.status_code == 409 and f"报送截止日期“{wrong}”" in text_of(answer) and not path.exists()
    place = visitor.post("/make", {"path": str(path), "deadline": "2024年3月31日"}).headers["location"]
    assert "在 2024 年度结束以前，请核对年份" in text_of(visitor.get(place))
    visitor.base = place.partition("?")[0]
    answer = visitor.post("settings", {"deadline": "2024年4月1日"})
    assert "2024年4月1日 在 2024 年度结束以前" in text_of(visitor.get(answer.headers["location"]))
    (path / "项目清单.json").write_text(
        ProjectList(year=2024, projects=(listed_project("P01"),)).model_dump_json(), "utf-8"
    )
    (path / "项目清单.xlsx").unlink()
    assert "请核对年份。它印在填报说明和通知上" in text_of(visitor.get("issue"))
    assert "年度结束以前，请核对年份" in wbt("init", "另/2024年自评", "--deadline", "2024年3月31日", cwd=tmp_path)[1]


def test_a_place_is_taken_as_windows_copies_it_and_a_year_as_people_write_it(
    visitor: PageVisitor, tmp_path: Path
) -> None:
    root = tmp_path / "自评"
    place = visitor.post("/make", {"path": f'"{root}"', "year": "2024年"}).headers["location"]
    told = text_of(visitor.get(place))
    assert f"建好了 2024 年度的工作文件夹：{root}。" in told and "不要外发" in told
    assert 'placeholder="如 2025年3月31日"' in visitor.get(place).text
    for copied in (f'"{root}"', f"“{root}”", str(root / "wbt.toml"), str(root / "回收")):
        assert visitor.post("/open", {"path": copied}).headers["location"] == place.partition("?")[0]


def test_the_page_begins_beside_the_unpacked_program_not_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who brings the program up to date deletes its old folder, with all that lies in it."""
    program = tmp_path / "workbook-tools-0.1.0-windows-x64"
    (program / "python").mkdir(parents=True)
    monkeypatch.setattr(sys, "base_prefix", str(program / "python"))
    for here, start in ((program, tmp_path), (tmp_path, tmp_path), (program / "python", program / "python")):
        monkeypatch.chdir(here)
        assert find_start() == start


def test_a_folder_that_is_not_there_is_said_to_be_gone(visitor: PageVisitor, tmp_path: Path) -> None:
    told = text_of(visitor.post("/open", {"path": str(tmp_path / "U盘" / "自评")}))
    assert f"找不到文件夹“{tmp_path / 'U盘' / '自评'}”" in told and "没有连上" in told


def test_folders_can_be_looked_for(visitor: PageVisitor, tmp_path: Path) -> None:
    visitor.post("/make", {"path": str(tmp_path / "2024年自评")})
    (tmp_path / "别的").mkdir()
    told = text_of(visitor.get(f"/browse?at={tmp_path}"))
    assert "2024年自评 工作文件夹，点这里打开" in told and "别的" in told
    assert visitor.get("/browse?at=/没有").status_code == 409


def test_settings_are_saved_and_all_else_stays(visitor: PageVisitor, tmp_path: Path) -> None:
    root = tmp_path / "2024年自评"
    visitor.base = (
        visitor.post("/make", {"path": str(root), "authority": '某县"财政"局\\'}).headers["location"].partition("?")[0]
    )
    file = root / "wbt.toml"
    file.write_text(file.read_text("utf-8").replace('# TEXT05 = "off"', 'TEXT05 = "off" # 我的备注'), "utf-8")
    before = read_settings(file)
    form = {
        "year": "2023",
        "authority": before.authority,
        "scheme": "quwo",
        "deadline": "2024年3月31日",
        "contact": "",
        "return_by": "",
    }
    assert visitor.post("settings", form).status_code == 303
    after = read_settings(file)
    assert after == before.model_copy(update={"year": 2023, "scheme": "quwo", "deadline": "2024年3月31日"})
    assert "# 我的备注" in file.read_text("utf-8")
    assert visitor.post("settings", {**form, "year": "1900"}).status_code == 409
    assert visitor.post("settings", {**form, "scheme": "没有"}).status_code == 409
    assert read_settings(file) == after


def test_every_setting_is_on_the_page_and_a_fault_stands_at_its_field(visitor: PageVisitor, tmp_path: Path) -> None:
    root = tmp_path / "2024年自评"
    visitor.base = visitor.post("/make", {"path": str(root)}).headers["location"].partition("?")[0]
    page = visitor.get().text
    for name in (
        "report.red_head",
        "sample.risk.amount",
        "aliases.0.1",
        "outcome.0.0",
        "checks.2.1",
        "results.one_workbook",
    ):
        assert f'name="{name}"' in page, name
    assert 'name="outcome.3.0" value="差"' in page and "一般是：15%。" in text_of(visitor.get())
    before = (root / "wbt.toml").read_bytes()
    answer = visitor.post("settings", {"sample.share": "15", "contact": "电话 1"})
    field = answer.text.partition('id="sample.share"')[2].partition("</div>")[0]
    assert answer.status_code == 409 and 'value="15"' in field and 'class="fault"' in field
    assert 'value="电话 1"' in answer.text and (root / "wbt.toml").read_bytes() == before
    form = {"sample.share": "15%", "sample.by_risk": "true", "aliases.0.0": "农业局", "aliases.0.1": "某县农业农村局"}
    assert visitor.post("settings", form).status_code == 303
    after = read_settings(root / "wbt.toml")
    assert (after.sample.by_risk, after.aliases) == (True, {"农业局": "某县农业农村局"})
    assert len(visitor.get().content) < 200_000


def test_a_form_that_is_out_of_date_saves_nothing_at_first(visitor: PageVisitor, tmp_path: Path) -> None:
    root = tmp_path / "2024年自评"
    visitor.base = visitor.post("/make", {"path": str(root)}).headers["location"].partition("?")[0]
    seen = re.findall(r'name="seen" value="(\w+)"', visitor.get().text)[0]
    assert visitor.post("settings", {"seen": seen, "contact": "甲"}).status_code == 303
    answer = visitor.post("settings", {"seen": seen, "authority": "乙"})
    assert answer.status_code == 409 and "在别处改过" in text_of(answer) and 'value="乙"' in answer.text
    again = re.findall(r'name="seen" value="(\w+)"', answer.text)[0]
    assert visitor.post("settings", {"seen": again, "authority": "乙"}).status_code == 303
    after = read_settings(root / "wbt.toml")
    assert (after.contact, after.authority) == ("甲", "乙")


def test_a_scheme_is_read_in_plain_words_and_chosen(visitor: PageVisitor, tmp_path: Path) -> None:
    told = text_of(visitor.get("/scheme/quwo"))
    assert "满分100分" in told and "越大越好" in told
    root = tmp_path / "2024年自评"
    visitor.base = visitor.post("/make", {"path": str(root)}).headers["location"].partition("?")[0]
    assert "用这个方案" in text_of(visitor.get("scheme/quwo"))
    assert visitor.post("settings", {"scheme": "quwo"}).status_code == 303
    assert read_settings(root / "wbt.toml").scheme == "quwo"
    assert "用这个方案" not in text_of(visitor.get("scheme/quwo"))


def test_the_next_year_is_begun_as_the_command_begins_it(visitor: PageVisitor, tmp_path: Path, wbt) -> None:
    earlier = Campaign.create(tmp_path / "2024年自评", Settings(year=2024, contact="电话"))
    listed = ProjectList(year=2024, projects=(listed_project("P01"), listed_project("P02")))
    (earlier.root / "项目清单.json").write_text(listed.model_dump_json(), "utf-8")
    assert "工作文件夹，从它接着做" in text_of(visitor.get(f"/browse?at={tmp_path}&for=next"))
    asked = visitor.get(f"/next?earlier={earlier.root}")
    assert "P02" in text_of(asked) and f'value="{tmp_path / "2025年自评"}"' in asked.text
    form = {
        "earlier": str(earlier.root),
        "path": str(tmp_path / "页/2025年自评"),
        "without": "P02",
        "deadline": "2026年3月31日",
    }
    assert visitor.post("/next", {**form, "deadline": "月底"}).status_code == 409
    assert visitor.post("/next", form).status_code == 303
    wbt(
        "init", "令/2025年自评", "--from", "2024年自评", "--without", "P02", "--deadline", "2026年3月31日", cwd=tmp_path
    )
    for name in ("wbt.toml", "项目清单.xlsx"):
        assert (tmp_path / "页/2025年自评" / name).read_bytes() == (tmp_path / "令/2025年自评" / name).read_bytes()


def test_the_first_page_says_what_is_next(visitor: PageVisitor, tmp_path: Path) -> None:
    visitor.base = visitor.post("/make", {"path": str(tmp_path / "2024年自评")}).headers["location"].partition("?")[0]
    assert "填好 项目清单.xlsx 以后" in text_of(visitor.get())
    listed = ProjectList(year=2024, projects=(listed_project("P01"),)).model_dump_json().encode()
    answer = visitor.post("list/upload", files={"files": ("我们的.json", listed)})
    told = text_of(visitor.get(answer.headers["location"]))
    assert "有 1 个项目" in told and "另存为" not in told, "the blank list that nobody has touched is not kept"
    assert [path.name for path in (tmp_path / "2024年自评").glob("项目清单*")] == ["项目清单.json"]


def test_the_suggested_place_lies_in_no_working_folder(tmp_path: Path) -> None:
    Campaign.create(tmp_path / "旧", Settings(year=2023))
    visitor = PageVisitor(tmp_path / "旧")
    assert f'value="{tmp_path}/{date.today().year - 1}年自评"' in visitor.get("/").text


def running(start: Path, config: Path, **more) -> SimpleNamespace:
    """A run of the page in a thread, with a real socket."""
    said: list[str] = []
    thread = threading.Thread(
        target=serve, args=(start, config, said.append), kwargs={"browse": None, **more}, daemon=True
    )
    thread.start()
    end = time.monotonic() + 20
    while len(said) < 2 and time.monotonic() < end:
        time.sleep(0.02)
    return SimpleNamespace(thread=thread, said=said, link=said[1])


def ask(link: str, path: str, method: str = "GET", **headers: str) -> tuple[int, str]:
    """Status and cookie of what a real server answers."""
    connection = http.client.HTTPConnection(link.split("/")[2], timeout=10)
    try:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status, (answer.getheader("set-cookie") or "").partition(";")[0]
    finally:
        connection.close()


def test_a_second_start_shows_the_page_of_the_first_and_leaving_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nobody answers there
    root = Campaign.create(tmp_path / "2024年自评", Settings(year=2024)).root
    first = running(root / "回收", tmp_path / "config")
    second = running(root, tmp_path / "config")
    second.thread.join(10)
    assert "已经打开" in second.said[0] and second.link.split("/")[2] == first.link.split("/")[2]
    with pytest.raises(OpenElsewhere):
        PageVisitor(tmp_path, root)
    origin = "http://" + second.link.split("/")[2]
    _, cookie = ask(second.link, second.link.removeprefix(origin))
    assert ask(second.link, "/", Cookie=cookie)[0] == 200
    assert ask(second.link, "/quit", "POST", Cookie=cookie, Origin=origin)[0] == 200
    first.thread.join(20)
    assert not first.thread.is_alive() and find_running(root) == "" and not (root / ".wbt/page.json").exists()


def test_a_run_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    root = Campaign.create(tmp_path / "2024年自评", Settings(year=2024)).root
    (root / ".wbt/page.json").write_text(json.dumps({"port": 9, "secret": "x"}), "utf-8")
    assert find_running(root) == ""
    visitor = PageVisitor(tmp_path, root)
    assert visitor.get().status_code == 200
    assert json.loads((root / ".wbt/page.json").read_text("utf-8"))["secret"] == visitor.desk.access.secret


def test_it_ends_when_nobody_is_there(tmp_path: Path) -> None:
    run = running(tmp_path, tmp_path / "config", unseen=0.5)
    run.thread.join(20)
    assert not run.thread.is_alive() and "已经退出" in run.said[-1]


def test_pages_of_a_folder_are_found_again_by_another_run(tmp_path: Path) -> None:
    root = Campaign.create(tmp_path / "2024年自评", Settings(year=2024)).root
    first = PageVisitor(tmp_path, root)
    first.leave()
    second = PageVisitor(tmp_path)
    assert second.get(first.base).status_code == 200
    assert second.get("/f/0000000000/").status_code == 409


def test_the_example_is_made_once_and_opened(
    visitor: PageVisitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Path] = []

    def make(folder: Path, _now: object) -> None:
        made.append(folder)
        Campaign.create(folder, Settings(year=2023))

    monkeypatch.setattr(start_pages, "run_demo", make)
    first, second = (visitor.post("/example") for _ in range(2))
    assert "这是例子" in text_of(visitor.get(first.headers["location"]))
    assert (made, second.headers["location"]) == ([tmp_path / "自评例子"], first.headers["location"])


def test_a_folder_is_opened_where_there_is_a_screen(
    visitor: PageVisitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, opened = tmp_path / ODD, []
    visitor.base = visitor.post("/make", {"path": str(root), "year": "2024"}).headers["location"].partition("?")[0]
    monkeypatch.setattr(visiting, "has_display", lambda: False)
    assert "打开文件夹" not in visitor.get("inbox").text
    monkeypatch.setattr(visiting, "has_display", lambda: True)
    assert "打开文件夹" in visitor.get("inbox").text
    monkeypatch.setattr(display, "show_folder", opened.append)
    answer = visitor.post("show", {"place": "回收", "page": "inbox"})
    assert f"打开了 {root / '回收'}。" in text_of(visitor.get(answer.headers["location"]))
    visitor.post("show", {"place": "../..", "page": "//elsewhere"})
    assert opened == [root / "回收", root]


def test_the_file_manager_is_given_the_folder_or_it_is_said_to_do_so_oneself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OutputError, match="请自己打开"):
        display.show_folder(tmp_path)
    opener, told = tmp_path / "xdg-open", tmp_path / "told"
    opener.write_text(f'#!/bin/sh\nprintf %s "$1" > "{told}.part" && exec /bin/mv "{told}.part" "{told}"\n')
    opener.chmod(0o755)
    display.show_folder(tmp_path / ODD)
    end = time.monotonic() + 20
    while not told.exists() and time.monotonic() < end:
        time.sleep(0.02)
    assert told.read_text("utf-8") == str(tmp_path / ODD)


def test_a_list_that_is_still_blank_is_the_next_step_and_no_mistake(visitor: PageVisitor, tmp_path: Path) -> None:
    visitor.base = visitor.post("/make", {"path": str(tmp_path / "2024年自评")}).headers["location"].partition("?")[0]
    page = visitor.get().text
    assert "没有可用的项目" not in page and page.index(f'href="{visitor.base}list" autofocus') > 0
    (tmp_path / "2024年自评" / "项目清单.xlsx").write_bytes(b"not a workbook")
    assert "autofocus" in visitor.get().text and "项目清单" in text_of(visitor.get())
