"""The year of the example in a real Chromium: clicked and typed by a person who has never seen it, from an empty folder."""

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from chromium import SIZES, list_complaints, list_overflows, list_violations, needs_chromium, open_chromium

from workbook_tools.campaign import Campaign
from workbook_tools.campaign.ledger.keeping import find_last_issues
from workbook_tools.campaign.receiving import take_file
from workbook_tools.page import visiting
from workbook_tools.page.serving import serve
from workbook_tools.results import read_results
from workbook_tools.shipped.example import load_example
from workbook_tools.workbooks.generating import generate

pytestmark = needs_chromium
_PATIENCE = 120
"""Seconds for what is to come: a machine may be busy."""
PICTURES = os.environ.get("WBT_PICTURES")
"""A folder for pictures of the pages, for people to look at."""


class Officer:
    """Whoever sits before the browser: what is clicked and typed is counted."""

    def __init__(self, browser: Any) -> None:
        self.browser = browser
        self.clicks = self.typed = 0
        self.looked: set[str] = set()

    def find(self, path: str) -> Any:
        """What is there, or comes within a while."""
        end = time.monotonic() + _PATIENCE
        while not (found := [one for one in self.browser.find_elements("xpath", path) if one.is_displayed()]):
            assert time.monotonic() < end, (path, self.text())
            time.sleep(0.1)
        return found[0]

    def key(self, key: str) -> None:
        """Press a key, which leads to another page."""
        self.browser.execute_script("window.old = true")
        self.browser.find_element("tag name", "body").send_keys(key)
        self.wait_for_page()

    def click(self, words: str, within: str = "//main") -> None:
        """Press the button or follow the link that says so, and wait until the next page is there."""
        here = f"{within}//*[self::button or self::a or self::summary]"
        self._press(self.find(f"{here}[normalize-space()='{words}']"))

    def go(self, page: str) -> None:
        """To a page of the working folder."""
        self._press(self.find(f"//nav/a[contains(., '{page}')]"))

    def _press(self, element: Any) -> None:
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'}); window.old = true", element)
        element.click()
        self.clicks += 1
        self.wait_for_page()

    def wait_for_page(self) -> None:
        """Until another page is loaded."""
        end = time.monotonic() + _PATIENCE
        while not self.browser.execute_script(
            "return !window.old && document.readyState === 'complete' && !document.getElementById('waiting')"
        ):
            assert time.monotonic() < end, self.text()
            time.sleep(0.05)

    def type(self, name: str, words: str, within: str = "//main") -> None:
        """Put words into a field."""
        field = self.find(f"{within}//*[@name='{name}']")
        field.clear()
        field.send_keys(words)
        self.typed += len(words)

    def finish(self, words: str) -> str:
        """Begin a long step, wait for its end, and go on."""
        self.click(words)
        self.find("//h1[contains(., '：办好了')]")
        told = self.text()
        self.look("step")
        self._press(self.find("//main//a[@autofocus]"))
        return str(told)

    def text(self) -> str:
        """What is read on the page."""
        return str(self.browser.find_element("tag name", "main").text)

    def look(self, name: str) -> None:
        """Nothing is wrong with the page, and it is no wider than the screen in both sizes, nor than a narrow one; one of that name is looked at once."""
        assert list_complaints(self.browser) == []
        if name in self.looked:
            return
        self.looked.add(name)
        for width, height in SIZES:
            self.browser.set_window_size(width, height)
            if PICTURES:
                self.browser.save_screenshot(str(Path(PICTURES, f"{name}_{width}.png")))
            assert self.browser.execute_script("return document.documentElement.scrollWidth <= innerWidth"), name
        assert list_overflows(self.browser) == [], name
        assert list_complaints(self.browser) == []
        assert list_violations(self.browser) == [], name


@pytest.fixture
def officer(tmp_path: Path) -> Iterator[Officer]:
    said: list[str] = []
    server = threading.Thread(
        target=serve, args=(tmp_path, tmp_path / "config", said.append), kwargs={"browse": None}, daemon=True
    )
    server.start()
    while len(said) < 2:
        time.sleep(0.05)
    with open_chromium(tmp_path / "downloads") as browser:
        browser.set_script_timeout(60)
        officer = Officer(browser)
        browser.get(said[1])
        yield officer
        requests = [
            json.loads(entry["message"])["message"]["params"]["request"]["url"]
            for entry in browser.get_log("performance")
            if '"Network.requestWillBeSent"' in entry["message"]
        ]
        origin = said[1].partition("/enter")[0]
        assert requests and [url for url in requests if not url.startswith((origin, "data:"))] == []
        browser.find_element("xpath", "//header//button[.='退出']").click()
        server.join(30)
        assert not server.is_alive() and "已退出" in officer.text()


@contextmanager
def a_slow_computer() -> Iterator[None]:
    """Each page is at first one that says it is being read."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(visiting, "_PATIENCE", 0)
        yield


def fill(root: Path, folder: Path) -> list[Path]:
    """What the units send back: the issued workbooks of the example, filled in as their units did."""
    campaign, example = Campaign.open(root), load_example()
    issues = find_last_issues(campaign, {project.year for project in example.projects}, [])
    made = generate(
        example.projects,
        folder,
        campaign.signing_key(),
        campaign.notice,
        lambda p: campaign.scheme(p.scheme),
        issues,
        prefill=True,
    )
    return [item.path for item in made]


def be_refused_and_go_on(officer: Officer) -> None:
    """What was typed stands there again after a refusal, and after a look at the schemes."""
    browser = officer.browser
    for name, words in (("year", "25"), ("authority", "示例县财政局")):
        officer.find(f"//main//*[@name='{name}']").send_keys(words)
    browser.find_element("xpath", "//button[.='新建']").click()
    officer.find("//h1[.='没有办成']")
    assert ["409" in told for told in list_complaints(browser)] == [True]
    browser.find_element("xpath", "//button[@data-back]").click()
    assert officer.find("//input[@name='authority']").get_attribute("value") == "示例县财政局"
    browser.find_element("partial link text", "读一读各个方案").click()
    officer.find("//main//a[.='曲沃县项目支出绩效自评']").click()
    officer.find("//main//a[contains(., '用这个方案')]").click()
    kept = {name: officer.find(f"//main//*[@name='{name}']").get_attribute("value") for name in ("authority", "scheme")}
    assert kept == {"authority": "示例县财政局", "scheme": "quwo"}
    browser.get(browser.current_url.partition("?")[0])


def drop(officer: Officer, *files: Path) -> None:
    """Drag files from the computer onto the frame, and wait for the page that comes."""
    officer.browser.execute_script("window.old = true")
    place = officer.find("//*[@id='drop']").rect
    for kind in ("dragEnter", "dragOver", "drop"):
        officer.browser.execute_cdp_cmd(
            "Input.dispatchDragEvent",
            {
                "type": kind,
                "x": place["x"] + 40,
                "y": place["y"] + 20,
                "data": {"items": [], "files": list(map(str, files)), "dragOperationsMask": 1},
            },
        )
    officer.clicks += 1
    officer.wait_for_page()


def begin(officer: Officer, root: Path) -> None:
    """开始 and 清单."""
    officer.find("//h1[.='开始']")
    officer.look("start")
    with a_slow_computer():
        be_refused_and_go_on(officer)
    officer.browser.execute_script("arguments[0].value = arguments[1]", officer.find("//input[@id='make']"), str(root))
    officer.type("authority", "示例县财政局")
    officer.click("新建")
    assert "填好 项目清单.xlsx 以后" in officer.text()
    officer.look("folder")
    officer.go("清单")
    listed = root.with_name("我们的清单.json")
    listed.write_text(load_example().model_dump_json(), "utf-8")
    with a_slow_computer():
        drop(officer, listed)
    assert "有 8 个项目" in officer.text()
    officer.look("list")


def issue_and_take_in(officer: Officer, root: Path) -> None:
    """下发 and 收表."""
    officer.go("下发")
    assert "生成了 8 个工作簿" in officer.finish("生成工作簿")
    assert "打好 4 个压缩包" in officer.finish("打包")
    officer.look("issue")
    sent = fill(root, root.with_name("邮件"))
    officer.go("收表")
    officer.browser.find_element("id", "files").send_keys("\n".join(map(str, sent)))
    officer.click("收下")
    assert "收下 8 个文件" in officer.text()
    officer.look("inbox")
    assert "8 个项目；还缺 0 个项目" in officer.finish("审核")
    officer.look("review")


def look_with_the_keyboard(officer: Officer) -> None:
    """n, n, back, reload: the same project is there again, on a slow computer too."""
    with a_slow_computer():
        officer.key("n")
        first = officer.browser.current_url
        officer.look("project")
        officer.key("n")
        assert officer.browser.current_url != first
        for again in (officer.browser.back, officer.browser.refresh):
            again()
            officer.wait_for_page()
            assert officer.browser.current_url == first
        look_as_printed(officer)


def judge_and_accept(officer: Officer) -> None:
    """核定, 退回, 接收."""
    officer.browser.get(officer.browser.current_url.partition("/project/")[0] + "/review?word=警务")
    officer.click("警务通通信服务")
    officer.click("‹ 回到选出的项目")
    assert officer.find("//main//input[@name='word']").get_attribute("value") == "警务"
    officer.click("警务通通信服务")
    officer.find("//tr[contains(., '通信服务管理水平')]//summary[.='核定']").click()
    row = "//tr[contains(., '通信服务管理水平')]"
    for name, words in (("score", "10"), ("reason", "现场看过"), ("by", "王强")):
        officer.type(name, words, row)
    officer.click("记下", row)
    assert "“通信服务管理水平”核定为 10 分" in officer.text()
    officer.go("审核")
    with a_slow_computer():
        assert "做好" in officer.finish("生成退回副本")
    assert officer.browser.execute_script("return scrollY") > 0, "it leads to what is to be sent"
    officer.click("科技治超运行经费")
    officer.type("who", "王强")
    officer.click("接收")
    assert "已接收 1 个项目" in officer.text()


def present(officer: Officer, downloads: Path) -> None:
    """汇总, 报告, and all of them in one zip."""
    officer.go("汇总")
    assert "写好" in officer.finish("汇总")
    assert officer.find("//table[@data-sort]//th[contains(., '总分')]").text == "总分"
    officer.look("summary")
    officer.go("报告")
    assert "写好" in officer.finish("出报告")
    officer.look("report")
    officer.find("//a[.='全部下载（一个 zip）']").click()
    end = time.monotonic() + _PATIENCE
    while not list(downloads.glob("*.zip")):
        assert time.monotonic() < end
        time.sleep(0.1)


def draw_sample_in_an_old_browser(officer: Officer) -> None:
    """One that does not understand htmx: its script is not loaded."""
    officer.browser.execute_cdp_cmd("Network.enable", {})
    officer.browser.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*htmx*"]})
    officer.click("抽取")
    officer.find("//h1[contains(., '：办好了')]")
    assert "抽中 2 个" in officer.text()
    officer.browser.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})
    officer.click("继续")
    list_complaints(officer.browser)


def look_as_printed(officer: Officer) -> None:
    """On paper there is neither head nor button, and no table in a frame that cuts it off."""
    officer.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    for path in ("//header", "//nav", "//main//button[not(@class='sort')]", "//main//form"):
        assert not [one for one in officer.browser.find_elements("xpath", path) if one.is_displayed()], path
    frames = officer.browser.find_elements("css selector", ".scroll")
    assert frames and all(one.value_of_css_property("max-height") == "none" for one in frames)
    officer.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def go_on_after(officer: Officer) -> None:
    """评完以后: a sample with its 复核表, what may need mending, proposals, export; who did what."""
    officer.go("评完以后")
    draw_sample_in_an_old_browser(officer)
    assert "写出复核表 2 个" in officer.finish("写复核表")
    assert "没有定要不要整改" in officer.finish("列出事项、收答复")
    assert "建议和依据在" in officer.finish("写建议表")
    officer.look("after")
    officer.go("开始")
    officer.click("看台账，管密钥")
    assert "接收人 王强" in officer.text()
    officer.look("ledger")
    officer.click("按登记重做各表")
    officer.look("ledger_repair")
    officer.go("汇总")
    officer.click("模板、上级规定的表")
    officer.look("forms")
    officer.go("清单")
    officer.click("导入旧表")
    officer.look("import")
    officer.click("经办人：王强", "//header")
    officer.look("person")


def test_the_whole_year_is_done_in_the_browser(officer: Officer, tmp_path: Path) -> None:
    root = tmp_path / "2023年 '自评' 😀"
    begin(officer, root)
    issue_and_take_in(officer, root)
    totals = [project.total_score for project in read_results(root / "审核").result.projects]
    assert totals == [100, 98.5, 74.3, 85.82, 96, None, None, None]
    look_with_the_keyboard(officer)
    judge_and_accept(officer)
    present(officer, tmp_path / "downloads")
    found = {row.code: row for row in read_results(root / "审核").result.projects}
    assert (found["QW2021-003"].reviewed_total, found["QW2021-001"].state.value) == (84.3, "已接收")
    assert officer.clicks <= 40 and officer.typed <= 60, f"{officer.clicks} clicks, {officer.typed} characters"
    print(f"{officer.clicks} clicks, {officer.typed} characters")  # noqa: T201
    go_on_after(officer)


_LISTEN = """
sessionStorage.setItem("heard", "");
new MutationObserver(function () {
  sessionStorage.setItem("heard", sessionStorage.getItem("heard") + document.getElementById("arrived").textContent + "\\n");
}).observe(document.getElementById("arrived"), {childList: true});
"""


def test_of_many_files_it_is_said_which_is_being_taken_in(
    officer: Officer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dropped, or chosen and sent with the button."""

    def take_slowly(*given: Any) -> Any:
        time.sleep(0.8)
        return take_file(*given)

    officer.browser.execute_script(
        "arguments[0].value = arguments[1]", officer.find("//input[@id='make']"), str(tmp_path / "自评")
    )
    officer.type("authority", "示例县财政局")
    officer.click("新建")
    files = [tmp_path / f"{name}.xlsx" for name in "甲乙丙"]
    for file in files:
        file.write_text(file.name, "utf-8")
    monkeypatch.setattr("workbook_tools.page.inbox_pages.take_file", take_slowly)
    for said in ("收下 3 个文件", "3 个原来就有"):
        officer.go("收表")
        officer.browser.execute_script(_LISTEN)
        if "原来" in said:
            officer.browser.find_element("id", "files").send_keys("\n".join(map(str, files)))
            officer.click("收下")
        else:
            drop(officer, *files)
        assert said in officer.text()
        heard = officer.browser.execute_script("return sessionStorage.getItem('heard')").splitlines()
        assert "正在送：第 1 个，共 3 个文件" in heard
        assert [line for line in dict.fromkeys(heard) if line.startswith("送到了，正在收下")][-2:] == [
            f"送到了，正在收下：第 {number} 个，共 3 个文件" for number in (2, 3)
        ]
