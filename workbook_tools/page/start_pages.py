"""开始: make or open a working folder; its settings; schemes in plain words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from workbook_tools.campaign.beginning import begin_campaign, find_named_year
from workbook_tools.campaign.defaults import choose_scheme, read_list, read_own_schemes
from workbook_tools.campaign.folder import SETTINGS_FILE, Campaign, find_working_folder, is_working_folder
from workbook_tools.campaign.next_steps import NextStep, Progress
from workbook_tools.campaign.next_year import begin_next_year
from workbook_tools.campaign.settings import Settings
from workbook_tools.campaign.settings_form import list_sections, save_typed
from workbook_tools.core.errors import SchemeError, SettingsError, WorkbookToolsError, tell_os_error
from workbook_tools.core.years import FIRST_YEAR, LAST_YEAR
from workbook_tools.page import display
from workbook_tools.page.visiting import PAGES, Visit, route
from workbook_tools.rules.describe import describe
from workbook_tools.rules.scheme import DEFAULT_SCHEME, Scheme, builtin_schemes
from workbook_tools.rules.setting_base import setting_of
from workbook_tools.shipped.demo import find_free_folder, run_demo

_MEANINGS = {name: setting_of(Settings, name) for name in ("year", "authority", "scheme", "deadline", "contact")}
"""What the settings that a folder begins with are called, and what they mean."""
_STEP_PAGES = {
    "": "list",
    "generate": "issue",
    "import": "import",
    "pack": "issue",
    "run": "inbox",
    "return": "review",
    "accept": "review",
    "status": "inbox",
    "merge": "summary",
    "report": "report",
    "publish": "after",
    "sample": "after",
    "inspect": "after",
    "rectify": "after",
}
"""Where what a command does is done on the page."""
SHOWN = ("回收", "审核", "整改")
"""Folders in which something is put or typed by hand."""
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
        "start.html",
        recent=visit.desk.recent(),
        suggested=suggested,
        example=_find_example(visit),
        meanings=_MEANINGS,
        year=year,
        schemes=_list_schemes(visit, own=False),
        default=visit.asked("scheme", DEFAULT_SCHEME),
    )


def _find_example(visit: Visit) -> Path:
    inside = find_working_folder(visit.desk.start)
    return (inside.parent if inside else visit.desk.start) / "自评例子"


def _show_example(visit: Visit) -> Response:
    """The built-in example, made where there is none yet: a year that is done, to look around in."""
    place = _find_example(visit)
    if not is_working_folder(place):
        place = find_free_folder(place)
        run_demo(place, datetime.now(UTC))
    told = "这是例子：各步都已经做过，有错误的照原样留着。从“审核”页看起；看完回到首页，新建自己的工作文件夹。"
    return RedirectResponse(f"{visit.desk.open(place).address}?said={quote(told)}", 303)


def _open(visit: Visit) -> Response:
    typed = visit.typed_path("path")
    if not typed:
        raise SettingsError("请写明工作文件夹在哪里。")
    place = Path(typed)  # or a file or folder in it, as who copies its address may have
    return RedirectResponse(visit.desk.open(find_working_folder(place) or place).address, 303)


def _make(visit: Visit) -> Response:
    typed = visit.typed_path("path")
    if not Path(typed).is_absolute():
        raise SettingsError("请写明新工作文件夹的完整位置，如 D:\\2024年自评。")
    year = _read_year(visit.typed("year")) or find_named_year(Path(typed)) or date.today().year - 1
    campaign = begin_campaign(
        Path(typed),
        year=year,
        authority=visit.typed("authority"),
        scheme=visit.typed("scheme"),
        deadline=visit.typed("deadline"),
        contact=visit.typed("contact"),
    )
    told = f"建好了 {year} 年度的工作文件夹：{campaign.root}。备份时整个拷走；里面的 .wbt 有签名密钥，不要外发。{_tell_passed(campaign)}"
    return RedirectResponse(f"{visit.desk.open(campaign.root).address}?said={quote(told)}", 303)


def _show_next(visit: Visit) -> Response:
    """Which projects of an earlier folder go on, and where the new one is to lie."""
    earlier, trouble = Campaign.open(visit.asked("earlier")), ""
    try:
        projects = read_list(earlier, earlier.project_list, 0, "")[0].projects
    except WorkbookToolsError as exc:  # the settings can be taken over all the same
        projects, trouble = (), str(exc)
    year = earlier.settings.year + 1
    suggested = earlier.root.parent / f"{year}年自评"
    return visit.show(
        "next.html",
        earlier=earlier,
        projects=projects,
        trouble=trouble,
        year=year,
        suggested=suggested,
        meanings=_MEANINGS,
    )


def _make_next(visit: Visit) -> Response:
    """The folder of the next year, begun from an earlier one."""
    typed = visit.typed_path("path")
    if not Path(typed).is_absolute():
        raise SettingsError("请写明新工作文件夹的完整位置，如 D:\\2025年自评。")
    year = find_named_year(Path(typed))
    begun = begin_next_year(
        Campaign.open(visit.typed("earlier")),
        Path(typed),
        year=year,
        without=visit.typed_all("without"),
        changes={name: visit.typed(name) for name in ("deadline", "contact")},
    )
    folder = visit.desk.open(begun.campaign.root)
    told = f"带过来 {len(begun.projects)} 个项目，旁边有上年的实际值和得分。请在清单里删去今年没有的，填写今年的预算和目标值。"
    return RedirectResponse(
        f"{folder.address}list?said={quote(told + ''.join(begun.troubles) + _tell_passed(begun.campaign))}", 303
    )


def _tell_passed(campaign: Campaign) -> str:
    return campaign.settings.deadlines.passed(datetime.now(UTC))


def _read_year(text: str) -> int:
    text = text.removesuffix("度").removesuffix("年").strip()
    if text and not (text.isdecimal() and FIRST_YEAR <= int(text) <= LAST_YEAR):
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
    wanted = visit.asked("for") if visit.asked("for") in ("next", "import") else ""
    of = visit.desk.find(visit.asked("of")).id if wanted == "import" else ""
    return visit.show("browse.html", place=place, listed=listed, more=len(names) - len(listed), wanted=wanted, of=of)


def _show_folder(visit: Visit, faults: Mapping[str, str] | None = None) -> Response:
    """What is next, and the settings; those that were not saved stand there as they were typed, with what is wrong."""
    campaign = visit.campaign
    progress = visit.folder.find_progress(campaign)
    typed = visit.typed_all if faults is not None else None
    sections = list_sections(campaign.settings, typed, faults, _offer_keys(campaign))
    return visit.show(
        "folder.html",
        200 if typed is None else 409,
        progress=progress,
        faults=faults,
        seen=_mark_settings(campaign),
        steps=list(_list_steps(visit, campaign, progress)),
        names={**{page: f"去“{name}”页" for page, name in PAGES}, "import": "导入旧表"},
        settings=campaign.settings,
        sections=sections,
        schemes=_list_schemes(visit, own=True),
        doubts=campaign.settings.deadlines.doubts,
        said=visit.asked("said"),
    )


def _mark_settings(campaign: Campaign) -> str:
    """By which a form that was drawn before somebody else has changed the file is known."""
    return hashlib.sha256((campaign.root / SETTINGS_FILE).read_bytes()).hexdigest()[:16]


def _offer_keys(campaign: Campaign) -> Mapping[str, Sequence[str]]:
    """What the office will want to write of: the grades of its scheme."""
    try:
        return {"outcome": [band.name for band in campaign.scheme().grading.bands]}
    except SchemeError:  # said where it is used
        return {}


def _list_steps(visit: Visit, campaign: Campaign, progress: Progress) -> Iterator[tuple[NextStep, str]]:
    """What is next, and on which page; that a new list is still empty is no mistake."""
    if progress.standing is None and _is_blank(visit, campaign):
        yield from ((step, "list" if step.command == "generate" else _find_page(step)) for step in progress.steps[1:])
    else:
        yield from ((step, _find_page(step)) for step in progress.steps)


def _is_blank(visit: Visit, campaign: Campaign) -> bool:
    """Nothing was typed into the list yet."""
    try:
        listed, findings = visit.folder.read_list(campaign)
    except WorkbookToolsError:  # the first step says what is wrong with it
        return False
    return not (listed.projects or findings)


def _find_page(step: NextStep) -> str:
    """Where it is done; blank where no page does it."""
    named = re.search(r"wbt (publish|rectify)\b", step.reason)  # of a step that a person has to begin
    page = _STEP_PAGES.get(step.command.partition(" ")[0] or (named[1] if named else ""), "")
    return page if page in (*dict(PAGES), "import") else ""


def _save_settings(visit: Visit) -> Response:
    """Only what differs is written, and all else in the file stays as it stands."""
    campaign = visit.campaign
    if visit.typed("seen") not in ("", _mark_settings(campaign)):
        return _show_folder(visit, {})
    found = save_typed(campaign, visit.typed_all, _offer_keys(campaign))
    if found.faults:
        return _show_folder(visit, found.faults)
    changed = {"deadline", "year"} & set(found.changes)
    return visit.go(say="设置已经保存。" + (_tell_passed(visit.campaign) if changed else ""))


def _show_person(visit: Visit) -> Response:
    """Who sits here, to be changed."""
    return visit.show("person.html", to=_own_address(visit.asked("back")))


def _know_person(visit: Visit) -> Response:
    if not visit.typed("person"):
        raise SettingsError("请写您的姓名。")
    visit.take_name("person")
    return RedirectResponse(_own_address(visit.typed("back")), 303)


def _own_address(text: str) -> str:
    """An address of ours, else the first page."""
    return text if text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable() else "/"


def _show_place(visit: Visit) -> Response:
    """Open the working folder, or one of its folders, in the computer's own file manager: what is typed in Excel belongs in the files there."""
    root, name, page = visit.folder.root, visit.typed("place"), visit.typed("page")
    place = root / name if name in SHOWN and (root / name).is_dir() else root
    display.show_folder(place)
    told = f"打开了 {place}。窗口没有到前面来的，看屏幕下边的任务栏。"
    return visit.go(page if page in dict(PAGES) else "", say=told)


def _show_scheme(visit: Visit) -> Response:
    name = visit.request.path_params["scheme"]
    campaign = visit.campaign if "folder" in visit.request.path_params else None
    scheme = choose_scheme(campaign, name)
    return visit.show(
        "scheme.html",
        scheme=scheme,
        sentences=list(describe(scheme)),
        schemes=_list_schemes(visit, own=campaign is not None),
        chosen=campaign.settings.scheme if campaign else "",
    )


ROUTES = [
    route("/", _show_start),
    route("/open", _open, "POST"),
    route("/make", _make, "POST"),
    route("/example", _show_example, "POST"),
    route("/next", _show_next),
    route("/next", _make_next, "POST"),
    route("/browse", _browse),
    route("/who", _show_person),
    route("/who", _know_person, "POST"),
    route("/scheme/{scheme}", _show_scheme),
    route("/f/{folder}/", _show_folder),
    route("/f/{folder}/show", _show_place, "POST"),
    route("/f/{folder}/settings", _save_settings, "POST"),
    route("/f/{folder}/scheme/{scheme}", _show_scheme),
]
