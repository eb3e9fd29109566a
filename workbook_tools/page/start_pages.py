"""开始: make or open a working folder; its settings; schemes in plain words."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from workbook_tools.campaign.beginning import begin_campaign, find_named_year
from workbook_tools.campaign.defaults import choose_scheme, read_own_schemes
from workbook_tools.campaign.folder import SETTINGS_FILE, Campaign, find_working_folder, is_working_folder
from workbook_tools.campaign.next_steps import NextStep
from workbook_tools.campaign.next_year import begin_next_year
from workbook_tools.campaign.settings import write_settings
from workbook_tools.core.errors import SchemeError, SettingsError, tell_os_error
from workbook_tools.page.visiting import PAGES, Visit, route
from workbook_tools.rules.describe import describe
from workbook_tools.rules.scheme import DEFAULT_SCHEME, Scheme, builtin_schemes

_MEANINGS = {
    "year": ("评价年度", "评的是哪一年的项目，如 2024。"),
    "authority": ("组织单位", "组织自评的财政局或主管部门，印在填报说明和汇总表上。"),
    "scheme": ("评分方案", "决定表样、怎样计分、等级怎样划。下发以后再改，已发出的表仍按原来的算。"),
    "deadline": ("报送截止日期", "单位应当报来的最后一天，如 2025年3月31日；过了才算逾期，印在通知上。"),
    "contact": ("咨询电话", "电话和联系人，印在填报说明和通知上。"),
    "return_by": ("重报期限", "退回以后重新报送的最后一天；没有退回过就空着。"),
}
"""The settings of the form: what each is called, and what it means."""
_STEP_PAGES = {
    "": "list",
    "generate": "issue",
    "import": "list",
    "pack": "issue",
    "run": "inbox",
    "return": "review",
    "accept": "review",
    "status": "inbox",
    "merge": "summary",
    "report": "report",
    "publish": "after",
}
"""Where what a command does is done on the page."""
_MOST_LISTED = 300
"""Folders that are listed."""


def _list_schemes(visit: Visit, own: bool) -> list[Scheme]:
    mine: list[Scheme] = []
    if own:
        try:
            mine = read_own_schemes(visit.campaign)
        except SchemeError:  # one of theirs is wrong, and says so where it is used
            mine = []
    return [*builtin_schemes().values(), *mine]


def _show_start(visit: Visit) -> Response:
    inside, year = find_working_folder(visit.desk.start), date.today().year - 1
    suggested = (inside.parent if inside else visit.desk.start) / f"{year}年自评"
    return visit.show(
        "start.html", recent=visit.desk.recent(), suggested=suggested, meanings=_MEANINGS, year=year,
        schemes=_list_schemes(visit, own=False), default=DEFAULT_SCHEME,
    )  # fmt: skip


def _open(visit: Visit) -> Response:
    typed = visit.typed("path")
    if not typed:
        raise SettingsError("请写明工作文件夹在哪里。")
    return RedirectResponse(visit.desk.open(Path(typed)).address, 303)


def _make(visit: Visit) -> Response:
    typed = visit.typed("path")
    if not Path(typed).is_absolute():
        raise SettingsError("请写明新工作文件夹的完整位置，如 D:\\2024年自评。")
    year = _read_year(visit.typed("year")) or find_named_year(Path(typed)) or date.today().year - 1
    campaign = begin_campaign(
        Path(typed), year=year, authority=visit.typed("authority"), scheme=visit.typed("scheme"),
        deadline=visit.typed("deadline"), contact=visit.typed("contact"),
    )  # fmt: skip
    return RedirectResponse(visit.desk.open(campaign.root).address, 303)


def _make_next(visit: Visit) -> Response:
    """The folder of the next year, begun from an earlier one."""
    typed = visit.typed("path")
    if not Path(typed).is_absolute():
        raise SettingsError("请写明新工作文件夹的完整位置，如 D:\\2025年自评。")
    begun = begin_next_year(Campaign.open(visit.typed("earlier")), Path(typed), year=find_named_year(Path(typed)))
    folder = visit.desk.open(begun.campaign.root)
    told = f"带过来 {len(begun.projects)} 个项目，旁边有上年的实际值和得分。请在清单里删去今年没有的，填写今年的预算和目标值。"
    return RedirectResponse(f"{folder.address}list?said={quote(told + ''.join(begun.troubles))}", 303)


def _read_year(text: str) -> int:
    if text and not (text.isdecimal() and 2000 <= int(text) <= 2100):
        raise SettingsError(f"评价年度“{text}”不对，请写四位数的年份，如 2024。")
    return int(text or 0)


def _browse(visit: Visit) -> Response:
    """The folders of this computer, one level at a time, for who does not like to type."""
    place = Path(visit.asked("at") or visit.desk.start)
    try:
        names = sorted(path for path in place.iterdir() if path.is_dir() and not path.name.startswith((".", "$")))
    except OSError as exc:
        raise SettingsError(f"打不开文件夹{tell_os_error(exc, place)}") from None
    listed = [(path, is_working_folder(path)) for path in names[:_MOST_LISTED]]
    return visit.show("browse.html", place=place, listed=listed, more=len(names) - len(listed))


def _show_folder(visit: Visit) -> Response:
    campaign = visit.campaign
    progress = visit.folder.find_progress(campaign)
    return visit.show(
        "folder.html", progress=progress, steps=[(step, _find_page(step)) for step in progress.steps],
        settings=campaign.settings, meanings=_MEANINGS, schemes=_list_schemes(visit, own=True), said=visit.asked("said"),
    )  # fmt: skip


def _find_page(step: NextStep) -> str:
    """Where it is done; blank where no page does it."""
    page = _STEP_PAGES.get(step.command.partition(" ")[0], "")
    return page if page in dict(PAGES) else ""


def _save_settings(visit: Visit) -> Response:
    """Only what differs is written, and all else in the file stays as it stands."""
    campaign = visit.campaign
    year = _read_year(visit.typed("year"))
    if not year:
        raise SettingsError("请写明评价年度。")
    choose_scheme(campaign, visit.typed("scheme"))
    texts = {name: visit.typed(name) for name in _MEANINGS if name != "year"}
    write_settings(campaign.root / SETTINGS_FILE, {"year": year, **texts})
    return visit.go(say="设置已经保存。")


def _show_scheme(visit: Visit) -> Response:
    name = visit.request.path_params["scheme"]
    scheme = choose_scheme(visit.campaign if "folder" in visit.request.path_params else None, name)
    return visit.show("scheme.html", scheme=scheme, sentences=list(describe(scheme)))


ROUTES = [
    route("/", _show_start),
    route("/open", _open, "POST"),
    route("/make", _make, "POST"),
    route("/next", _make_next, "POST"),
    route("/browse", _browse),
    route("/scheme/{scheme}", _show_scheme),
    route("/f/{folder}/", _show_folder),
    route("/f/{folder}/settings", _save_settings, "POST"),
    route("/f/{folder}/scheme/{scheme}", _show_scheme),
]
