"""wbt.toml: the settings of a working folder, read and written."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from workbook_tools.campaign.deadline import Deadlines, read_deadlines
from workbook_tools.core.codes import CODES
from workbook_tools.core.errors import SettingsError, tell_os_error
from workbook_tools.core.names import Aliases, find_alias_fault
from workbook_tools.core.result_parts import ONE_WORKBOOK
from workbook_tools.core.secret_text import has_secret
from workbook_tools.files.paths import replace_file
from workbook_tools.followup.proposals import GradeOutcome
from workbook_tools.inspection.sampling import SampleRule
from workbook_tools.reports.appearance import GROUP_REPORTS, ReportAppearance
from workbook_tools.rules.scheme import DEFAULT_SCHEME

_TEMPLATE = """\
# 一次绩效自评的设置。改完保存即可，下次运行命令时生效。

# 评价年度
year = {year}
# 组织自评的单位（财政局或主管部门），印在填报说明上
authority = {authority}
# 评分方案的代号；用 wbt scheme list 查看全部。自己的方案放在“评分方案”文件夹
scheme = {scheme}
# 报送截止日期和咨询电话，印在填报说明上
deadline = {deadline}
contact = {contact}
# 退回以后重新报送的期限；wbt return --by 日期 会写到这里，退回通知、催报文字和报送情况都用它
return_by = {return_by}
# 上年的结果，与它逐项比较：上年的工作文件夹，或 审核结果.json，或一个放着上年手工表格的文件夹；空着不比
last_year = {last_year}
# 台账放在哪里。空着就放在本文件夹的 .wbt 里；几个人合用时写 PostgreSQL 的地址，见 docs/台账.md
ledger = {ledger}

# 报告的样子，见 docs/报告模板.md
[report]
# 要不要封面、目录：true 要，false 不要
cover = {cover}
contents = {contents}
# 版头：发文机关标志，如 "某县财政局文件"，空着就不印版头；发文字号，如 "某财绩〔2024〕3号"
red_head = {red_head}
document_number = {document_number}
# 成文日期，如 "2024年3月15日"，空着就留出位置手写
date = {date}

# 公开版，见 docs/使用手册.md
[publish]
# 文件名：{{部门}} {{单位}} {{项目}} {{年度}} {{种类}} 换成实际的内容，{{种类}} 是 自评表、自评报告或汇总报告的名称；
# {{项目}} 和 {{种类}} 要有
file_name = {file_name}
# 几个项目的报告公开哪几种：部门汇总报告、全部项目汇总报告、一页简报；一种也不公开的写 []
reports = {reports}

# 抽查，见 docs/评完以后.md
[sample]
# 抽多少：比例（0.15 是 15%），或者个数（0 为按比例）
share = {share}
count = {count}
# 每个部门至少抽几个；金额分档（万元），如 [50, 500]，各档按比例抽，不分的写 []
per_department = {per_department}
bands = {bands}
# true：问题多、金额大、执行率低、比上年下降的更可能抽中；false：各项目可能相同
by_risk = {by_risk}

# 结果应用，见 docs/评完以后.md：每个等级建议怎样安排；share 是下年预算与今年全年预算的比例（0.9 减一成），不算金额的不写
[outcome]
# "优秀" = {{ advice = "优先保障", share = 1.0 }}

# 项目很多时审核结果怎样分，见 docs/使用手册.md
[results]
# 项目超过这个数，审核结果每个主管部门一个工作簿，审核结果.xlsx 只列各部门
one_workbook = {one_workbook}
# true：不到这个数也写“审核数据”，供别的程序读（pandas、DuckDB、BI）
data = {data}

# 几台电脑一起做，见 docs/大规模.md
[cluster]
# Dask 调度器的地址，如 "tcp://10.0.0.5:8786"；空着只用本机
dask = {dask}
# 各台电脑看到的本工作文件夹：共享文件夹的路径，或者 "s3://…" 等存储的地址；空着就由本机把文件发给它们
root = {root}

# 校验规则的取舍：off 关闭，或改为 error（错误）、warning（提醒）、info（说明）；代码见 docs/校验规则.md
[checks]
# TEXT05 = "off"

# 主管部门、实施单位的别的写法 = 项目清单中的名称，读项目清单和手工表格时都按右边的算；见 docs/使用手册.md
[aliases]
# "县农业农村局" = "某县农业农村局"
"""


PLACEHOLDERS = ("部门", "单位", "项目", "年度", "种类")
"""What a file name of the public version may have in braces."""


class PublishSettings(BaseModel):
    """公开版."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file_name: str = "{部门}{年度}年度{项目}{种类}"
    reports: tuple[str, ...] = (GROUP_REPORTS[0],)
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

    one_workbook: int = ONE_WORKBOOK
    """So many projects stand in one workbook; of more each department has its own."""
    data: bool = False
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

    dask: str = ""
    """Address of the scheduler; blank: this computer alone."""
    root: str = ""
    """The working folder as the other computers see it: a folder, or the address of an object storage; blank: they do not."""


class Settings(BaseModel):
    """wbt.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    year: Annotated[int, Field(ge=2000, le=2100)]
    authority: str = ""
    scheme: str = DEFAULT_SCHEME
    deadline: str = ""
    contact: str = ""
    return_by: str = ""
    """重报期限; ``wbt return --by`` writes it."""
    ledger: str = ""
    """Where the ledger lies: a PostgreSQL URL, or a file; blank = .wbt/ledger.sqlite3."""
    last_year: str = ""
    """Last year's working folder, result, or forms, from the working folder."""
    checks: dict[str, Literal["off", "error", "warning", "info"]] = {}
    """Code of a check → off, or another severity."""
    aliases: dict[str, str] = {}
    """Another name of a department or unit → the name in the project list."""
    report: ReportAppearance = ReportAppearance()
    publish: PublishSettings = PublishSettings()
    sample: SampleRule = SampleRule()
    outcome: dict[str, GradeOutcome] = {}
    """结果应用: name of a grade → what is proposed for it."""
    results: ResultSettings = ResultSettings()
    cluster: ClusterSettings = ClusterSettings()

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
        apart = {"checks", "report", "publish", "sample", "outcome", "aliases", "results", "cluster"}
        values = {**self.model_dump(exclude=apart)}
        values |= {**self.report.model_dump(), **self.publish.model_dump(), **self.sample.model_dump(exclude={"risk"})}
        values |= {**self.results.model_dump(), **self.cluster.model_dump()}
        return _TEMPLATE.format(**{name: _toml_value(value) for name, value in values.items()})


def _toml_value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml_value, value))}]"
    return _quoted(value) if isinstance(value, str) else str(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'


def read_settings(path: Path) -> Settings:
    """The settings in a file. Raises SettingsError: it is not there, is no TOML, or a setting is wrong."""
    try:
        return Settings.model_validate(tomllib.loads(path.read_text("utf-8-sig")))
    except FileNotFoundError:
        raise SettingsError(
            f"“{path.parent}”不是工作文件夹（没有 {path.name}）。先用 wbt init 文件夹 建一个。"
        ) from None
    except OSError as exc:
        raise SettingsError(f"无法读取设置文件{tell_os_error(exc, path)}") from None
    except UnicodeDecodeError as exc:
        raise SettingsError(f"{path} 无法读取：{exc}。请确认它是 UTF-8 编码的文本文件。") from None
    except tomllib.TOMLDecodeError as exc:
        raise SettingsError(f"{path} 格式有误：{exc}。文字要放在英文双引号里。") from None
    except ValidationError as exc:
        lines = "；".join(
            f"{'.'.join(map(str, e['loc']))}：{_setting_problem(e['type'], e['msg'])}" for e in exc.errors()
        )
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


def write_settings(path: Path, changes: Mapping[str, str | int]) -> Settings:
    """Put texts and numbers into a settings file and leave all else in it as it stands; the settings that result.

    Raises SettingsError where the file is written so that the line to change cannot be told, OutputError.
    """
    text = path.read_bytes().decode("utf-8-sig")
    changed, settings = change_settings(text, changes, path)
    if changed != text:
        replace_file(path, changed.encode(), private=has_secret(settings.ledger))
    return settings


def change_settings(text: str, changes: Mapping[str, str | int], path: Path) -> tuple[str, Settings]:
    """The text of a settings file with other values, all else in it as it stands; and the settings that result.

    A setting within a table is named with it (``report.date``). ``path`` is whose text it is. Raises SettingsError where it is written so
    that the line to change cannot be told.
    """
    wanted, changed = Settings.model_validate(tomllib.loads(text)), text
    for name, value in changes.items():
        before, wanted = wanted, _with_setting(wanted, name, value)
        if wanted != before:
            changed = _put_line(changed, name.rpartition(".")[2], value)
    try:
        settings = Settings.model_validate(tomllib.loads(changed))
    except (tomllib.TOMLDecodeError, ValidationError):
        settings = None
    if settings != wanted:
        lines = "；".join(f"{name} = {_toml_value(value)}" for name, value in changes.items())
        raise SettingsError(f"{path} 中写不进 {'、'.join(changes)}，请用记事本打开它，自己写上：{lines}")
    return changed, wanted


_PLAIN_VALUE = r"""(?:"(?:[^"\\\r\n]|\\.)*"(?!")|'[^'\r\n]*'(?!')|\d+)"""
"""A text or number on its line; a remark behind it stays."""


def _with_setting(settings: Settings, name: str, value: str | int) -> Settings:
    table, _, key = name.rpartition(".")
    if not table:
        return settings.model_copy(update={key: value})
    return settings.model_copy(update={table: getattr(settings, table).model_copy(update={key: value})})


def _put_line(text: str, key: str, value: str | int) -> str:
    line = f"{key} = {_toml_value(value)}"
    changed, found = re.subn(rf"(?m)^[ \t]*{key}[ \t]*=[ \t]*{_PLAIN_VALUE}", lambda _: line, text)
    if found:
        return changed
    start = re.search(r"(?m)^[ \t]*\[", text)  # a folder of an earlier version: above the first table
    at = start.start() if start else len(text)
    return f"{text[:at].rstrip()}\n{line}\n\n{text[at:]}"


def _setting_problem(kind: str, message: str) -> str:
    return {
        "extra_forbidden": "没有这个设置，请检查拼写",
        "missing": "缺少这个设置",
        "int_parsing": "应为整数年份，如 2024",
        "int_type": "应为整数年份，如 2024",
        "string_type": "应为文字，放在英文双引号里",
        "bool_type": "应为 true 或 false，不加引号",
        "bool_parsing": "应为 true 或 false，不加引号",
        "literal_error": "应为 off、error、warning 或 info",
        "greater_than_equal": "年份应在 2000 至 2100 之间",
        "less_than_equal": "年份应在 2000 至 2100 之间",
    }.get(kind, message)
