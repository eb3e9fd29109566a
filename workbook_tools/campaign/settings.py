"""wbt.toml: the settings of a working folder, read and written."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from workbook_tools.campaign.deadline import Deadlines, read_deadlines
from workbook_tools.campaign.settings_text import draw_settings, put_setting, write_value
from workbook_tools.core.codes import CODES
from workbook_tools.core.errors import SettingsError, tell_os_error
from workbook_tools.core.names import Aliases, find_alias_fault
from workbook_tools.core.result_parts import ONE_WORKBOOK
from workbook_tools.core.secret_text import has_secret
from workbook_tools.core.values import number_text
from workbook_tools.core.years import FIRST_YEAR, LAST_YEAR
from workbook_tools.files.paths import replace_file
from workbook_tools.followup.matters import RectifySettings
from workbook_tools.followup.proposals import GradeOutcome
from workbook_tools.inspection.form_facts import QualityMark
from workbook_tools.inspection.sampling import SampleRule
from workbook_tools.reports.appearance import GROUP_REPORTS, ReportAppearance
from workbook_tools.rules.scheme import DEFAULT_SCHEME
from workbook_tools.rules.setting_base import Setting
from workbook_tools.rules.toml_faults import MiswrittenToml, read_toml

_CHECK_LEVELS = {"off": "不查", "error": "错误", "warning": "提醒", "info": "说明"}
PLACEHOLDERS = ("部门", "单位", "项目", "年度", "种类")
"""What a file name of the public version may have in braces."""


class PublishSettings(BaseModel):
    """公开版."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file_name: Annotated[
        str,
        Setting(
            "文件名",
            "{部门} {单位} {项目} {年度} {种类} 换成实际的内容，{种类} 是 自评表、自评报告或汇总报告的名称；{项目} 和 {种类} 要有",
        ),
    ] = "{部门}{年度}年度{项目}{种类}"
    reports: Annotated[
        tuple[str, ...], Setting("公开哪几种汇总报告", "各项目的自评表和自评报告以外", dict.fromkeys(GROUP_REPORTS, ""))
    ] = (GROUP_REPORTS[0],)
    """Which of the reports on several projects have a public version."""

    @field_validator("reports")
    @classmethod
    def _known_reports(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [name for name in names if name not in GROUP_REPORTS]:
            fault = f"没有“{unknown[0]}”这种报告，可以写 {'、'.join(GROUP_REPORTS)}"
            raise PydanticCustomError("unknown_report", "{fault}", {"fault": fault})
        return names

    @field_validator("file_name")
    @classmethod
    def _sound_name(cls, name: str) -> str:
        used = re.findall(r"\{([^{}]*)\}", name)
        rest = re.sub(r"\{[^{}]*\}", "", name)
        if set(used) <= {*PLACEHOLDERS} and {"项目", "种类"} <= {*used} and not set("{}/\\") & set(rest):
            return name
        allowed = " ".join(f"{{{item}}}" for item in PLACEHOLDERS)
        fault = f"“{name}”不能作公开版的文件名：只能用 {allowed}，其中 {{项目}} 和 {{种类}} 要有，不写文件夹"
        raise PydanticCustomError("bad_file_name", "{fault}", {"fault": fault})


class ResultSettings(BaseModel):
    """How 审核结果 lies on the disk."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    one_workbook: Annotated[
        int, Setting("一个工作簿最多几个项目", "更多的，每个主管部门一个工作簿，审核结果.xlsx 只列各部门")
    ] = ONE_WORKBOOK
    """So many projects stand in one workbook; of more each department has its own."""
    data: Annotated[
        bool,
        Setting(
            "审核数据",
            "供别的程序读（pandas、DuckDB、BI）",
            {"true": "项目不多也写", "false": "项目超过上面的个数才写"},
        ),
    ] = False
    """审核数据 is written of fewer too."""

    @field_validator("one_workbook")
    @classmethod
    def _some_projects(cls, count: int) -> int:
        if count < 1:
            raise PydanticCustomError("too_few", "应为 1 以上的整数")
        return count


class ClusterSettings(BaseModel):
    """几台电脑一起做."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dask: Annotated[str, Setting("调度器的地址", "Dask 的；空着只用本机", example="tcp://10.0.0.5:8786")] = ""
    """Address of the scheduler; blank: this computer alone."""
    root: Annotated[
        str,
        Setting(
            "各台电脑看到的本工作文件夹",
            "共享文件夹的路径，或者 s3://… 等存储的地址；空着就由本机把文件发给它们",
        ),
    ] = ""
    """The working folder as the other computers see it: a folder, or the address of an object storage; blank: they do not."""
    tls: Annotated[
        str, Setting("证书所在的文件夹", "地址是 tls:// 的：里面放 cert.pem 和 key.pem，怎样做见 docs/大规模.md")
    ] = ""
    """From the working folder."""


class Settings(BaseModel):
    """wbt.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR), Setting("评价年度", "评的是哪一年的项目", example="2024")]
    authority: Annotated[
        str, Setting("组织单位", "组织自评的财政局或主管部门，印在填报说明、通知和汇总表上", example="某县财政局")
    ] = ""
    scheme: Annotated[
        str,
        Setting(
            "评分方案",
            "方案的代号，决定表样、怎样计分、等级怎样划；自己的方案放在“评分方案”文件夹。下发以后再改，已发出的表仍按原来的算",
        ),
    ] = DEFAULT_SCHEME
    deadline: Annotated[
        str, Setting("报送截止日期", "过了这一天才算逾期；印在填报说明和通知上", example="2025年3月31日")
    ] = ""
    contact: Annotated[
        str, Setting("咨询电话", "电话和联系人，印在填报说明和通知上", example="绩效股 0000-1234567")
    ] = ""
    return_by: Annotated[
        str,
        Setting(
            "重报期限",
            "退回以后重新报送的最后一天，退回通知、催报文字和报送情况都用它；退回时写的期限也记在这里",
            example="2025年4月10日",
        ),
    ] = ""
    """``wbt return --by`` writes it."""
    last_year: Annotated[
        str,
        Setting(
            "上年的结果",
            "与它逐项比较：上年的工作文件夹，或 审核结果.json，或一个放着上年手工表格的文件夹；空着不比",
        ),
    ] = ""
    """From the working folder."""
    ledger: Annotated[
        str,
        Setting("台账放在哪里", "空着就放在本文件夹的 .wbt 里；几个人合用时写 PostgreSQL 的地址，见 docs/台账.md"),
    ] = ""
    """A PostgreSQL URL, or a file; blank = .wbt/ledger.sqlite3."""
    report: Annotated[ReportAppearance, Setting("报告的样子")] = ReportAppearance()
    publish: Annotated[PublishSettings, Setting("公开版")] = PublishSettings()
    sample: Annotated[SampleRule, Setting("抽查")] = SampleRule()
    quality: Annotated[
        dict[Annotated[str, Setting("评分项")], QualityMark],
        Setting(
            "复核：自评工作的质量",
            "复核表里给自评工作打分的项目，由本单位定；一项也不写的，复核表没有这一部分",
            example='"按时报送" = { points = 20, hint = "逾期一天扣5分" }',
        ),
    ] = {}
    """Item of the quality sheet of a 复核表 → how it is marked."""
    rectify: Annotated[RectifySettings, Setting("整改")] = RectifySettings()
    outcome: Annotated[
        dict[Annotated[str, Setting("等级")], GradeOutcome],
        Setting(
            "结果应用",
            "每个等级建议怎样安排下年预算；没有写的等级用通用的建议",
            example='"优秀" = { advice = "优先保障", share = 1.0 }',
        ),
    ] = {}
    """Name of a grade → what is proposed for it."""
    results: Annotated[ResultSettings, Setting("项目很多时，审核结果怎样分")] = ResultSettings()
    cluster: Annotated[ClusterSettings, Setting("几台电脑一起做")] = ClusterSettings()
    checks: Annotated[
        dict[
            Annotated[str, Setting("检查", values={code: entry.title for code, entry in CODES.items()})],
            Annotated[Literal["off", "error", "warning", "info"], Setting("改为", values=_CHECK_LEVELS)],
        ],
        Setting("校验规则的取舍", "关掉一项检查，或者改它的性质；各代码见 docs/校验规则.md", example='TEXT05 = "off"'),
    ] = {}
    """Code of a check → off, or another severity."""
    aliases: Annotated[
        dict[Annotated[str, Setting("别的写法")], Annotated[str, Setting("清单中的名称")]],
        Setting(
            "单位的别的写法",
            "读项目清单和手工表格时，主管部门、实施单位的别的写法都按清单中的名称算",
            example='"县农业农村局" = "某县农业农村局"',
        ),
    ] = {}
    """Another name of a department or unit → the name in the project list."""

    @field_validator("aliases")
    @classmethod
    def _sound_aliases(cls, aliases: dict[str, str]) -> dict[str, str]:
        if fault := find_alias_fault(aliases):
            raise PydanticCustomError("bad_alias", "{fault}", {"fault": fault})
        return aliases

    @field_validator("checks")
    @classmethod
    def _known_codes(cls, checks: dict[str, str]) -> dict[str, str]:
        if unknown := set(checks) - set(CODES):
            raise PydanticCustomError(
                "unknown_code", "没有这些校验代码：{codes}", {"codes": "、".join(sorted(unknown))}
            )
        return checks

    @property
    def deadlines(self) -> Deadlines:
        """报送截止 and 重报期限 as dates: what status, reminders, notices and the review go by."""
        return read_deadlines(self.deadline, self.return_by, self.year)

    @property
    def names(self) -> Aliases:
        """The aliases, to look names up in."""
        return Aliases(self.aliases)

    def toml(self) -> str:
        """The settings as the commented file."""
        return draw_settings(self)


def read_settings(path: Path) -> Settings:
    """The settings in a file. Raises SettingsError: it is not there, is no TOML, or a setting is wrong."""
    try:
        return Settings.model_validate(read_toml(path))
    except FileNotFoundError:
        if not path.parent.is_dir():
            raise SettingsError(
                f"找不到文件夹“{path.parent}”：名称写错了，已经移走、改名，或者它所在的盘（U 盘、网络盘）没有连上。"
            ) from None
        raise SettingsError(
            f"“{path.parent}”不是工作文件夹（没有 {path.name}）。先用 wbt init 文件夹 建一个。"
        ) from None
    except OSError as exc:
        raise SettingsError(f"无法读取设置文件{tell_os_error(exc, path)}") from None
    except MiswrittenToml as exc:
        raise SettingsError(f"{path} 格式有误，{exc}。") from None
    except ValidationError as exc:
        lines = "；".join(f"{'.'.join(map(str, e['loc']))}：{say_fault(e)}" for e in exc.errors())
        raise SettingsError(f"{path} 设置有误：{lines}。") from None


def change_rule(rule: SampleRule, **changes: object) -> SampleRule:
    """The rule with other values; those that are ``None`` stay. Raises SettingsError."""
    given = {name: value for name, value in changes.items() if value is not None}
    if "share" in given:
        given.setdefault("count", 0)
    try:
        return SampleRule.model_validate(rule.model_dump() | given)
    except ValidationError as exc:
        wrong = "、".join(f"--{str(error['loc'][0]).replace('_', '-')}" for error in exc.errors())
        raise SettingsError(f"{wrong} 写得不对：比例在 0 和 1 之间（0.15 是 15%），个数不为负。") from None


def write_settings(path: Path, changes: Mapping[str, object]) -> Settings:
    """Put values into a settings file and leave all else in it as it stands; the settings that result.

    Raises SettingsError where a value is wrong, or the file is written so that the line to change cannot be told, OutputError.
    """
    text = path.read_bytes().decode("utf-8-sig")
    changed, settings = change_settings(text, changes, path)
    if changed != text:
        replace_file(path, changed.encode(), private=has_secret(settings.ledger))
    return settings


def change_settings(text: str, changes: Mapping[str, object], path: Path) -> tuple[str, Settings]:
    """The text of a settings file with other values, all else in it as it stands; and the settings that result.

    A setting within a table is named with it (``report.date``); a table of the office's own keys (``aliases``) is given whole, as a
    dictionary. ``path`` is whose text it is. Raises SettingsError where a value is wrong, or it is written so that the line to change cannot be told.
    """
    before = Settings.model_validate(tomllib.loads(text))
    try:
        wanted = with_changes(before, changes)
    except ValidationError as exc:
        raise SettingsError(
            "；".join(f"{'.'.join(map(str, error['loc']))}：{say_fault(error)}" for error in exc.errors())
        ) from None
    changed = text
    for name in changes:
        old, new = get_setting(before, name), get_setting(wanted, name)
        if isinstance(old, dict) and isinstance(new, dict):
            for key in {**old, **new}:
                if old.get(key) != new.get(key):
                    changed = put_setting(changed, (*name.split("."), key), new.get(key))
        elif old != new:
            changed = put_setting(changed, tuple(name.split(".")), new)
    try:
        settings = Settings.model_validate(tomllib.loads(changed))
    except (tomllib.TOMLDecodeError, ValidationError):
        settings = None
    if settings != wanted:
        lines = "；".join(f"{name} = {write_value(value)}" for name, value in changes.items())
        raise SettingsError(f"{path} 中写不进 {'、'.join(changes)}，请用记事本打开它，自己写上：{lines}")
    return changed, wanted


def get_setting(settings: Settings, name: str) -> object:
    """The value of a setting; one within a table is named with it (``sample.risk.amount``)."""
    value: object = settings
    for part in name.split("."):
        value = getattr(value, part)
    return value


def with_changes(settings: Settings, changes: Mapping[str, object]) -> Settings:
    """The settings with other values, named as for :func:`change_settings`. Raises ValidationError."""
    data = settings.model_dump()
    for name, value in changes.items():
        *tables, key = name.split(".")
        part = data
        for table in tables:
            part = part[table]
        part[key] = value
    return Settings.model_validate(data)


def say_fault(error: ErrorDetails, show: Callable[[float], str] = number_text) -> str:
    """What is wrong with a value, of an error of pydantic's; ``show`` writes the numbers that it must not pass."""
    limits = {name: show(limit) for name, limit in error.get("ctx", {}).items() if name in ("gt", "lt", "ge", "le")}
    return {
        "extra_forbidden": "没有这个设置，请检查拼写",
        "missing": "缺少这个设置",
        "int_parsing": "应为整数",
        "int_type": "应为整数",
        "int_from_float": "应为整数",
        "float_parsing": "应为数字",
        "float_type": "应为数字",
        "finite_number": "应为数字",
        "string_type": "应为文字，放在英文双引号里",
        "string_too_short": "不能空着",
        "bool_type": "应为 true 或 false，不加引号",
        "bool_parsing": "应为 true 或 false，不加引号",
        "model_type": "应为一组设置，写成 { 名称 = 值, … }",
        "dict_type": "应为一组设置，写成 { 名称 = 值, … }",
        "tuple_type": "应为几项，写成 [ …, … ]",
        "literal_error": "应为 off、error、warning 或 info",
        "greater_than": f"应大于 {limits.get('gt')}",
        "less_than": f"应小于 {limits.get('lt')}",
        "greater_than_equal": f"不能小于 {limits.get('ge')}",
        "less_than_equal": f"不能大于 {limits.get('le')}",
    }.get(error["type"], error["msg"])
