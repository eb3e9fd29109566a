"""A working folder is one campaign (一次自评): its settings, its key, and where everything lies."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from workbook_tools.core.codes import CODES
from workbook_tools.core.errors import OutputError, SettingsError, os_reason
from workbook_tools.files.paths import replace_file
from workbook_tools.form.fields import Notice
from workbook_tools.form.identity import SigningKey
from workbook_tools.reports.appearance import ReportAppearance
from workbook_tools.rules.scheme import DEFAULT_SCHEME, Scheme, load_scheme

SETTINGS_FILE = "wbt.toml"
LIST_FILE = "项目清单.xlsx"
_KEY_FILE = Path(".wbt") / "signing.key"
RESULT_NAME = "审核结果"
"""What a review's workbook (.xlsx) and data (.json) are called."""
SCHEME_FOLDER = "评分方案"
FolderName = Literal["下发", "回收", "退回", "审核", "汇总", "报告"]
FOLDERS: tuple[FolderName, ...] = get_args(FolderName)

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

# 校验规则的取舍：off 关闭，或改为 error（错误）、warning（提醒）、info（说明）；代码见 docs/校验规则.md
[checks]
# TEXT05 = "off"
"""


class Settings(BaseModel):
    """wbt.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    year: Annotated[int, Field(ge=2000, le=2100)]
    authority: str = ""
    scheme: str = DEFAULT_SCHEME
    deadline: str = ""
    contact: str = ""
    ledger: str = ""
    """Where the ledger lies: a PostgreSQL URL, or a file; blank = .wbt/ledger.sqlite3."""
    checks: dict[str, Literal["off", "error", "warning", "info"]] = {}
    """Code of a check → off, or another severity."""
    report: ReportAppearance = ReportAppearance()

    @field_validator("checks")
    @classmethod
    def _known_codes(cls, checks: dict[str, str]) -> dict[str, str]:
        if unknown := set(checks) - set(CODES):
            raise PydanticCustomError(
                "unknown_code", "没有这些校验代码：{codes}", {"codes": "、".join(sorted(unknown))}
            )
        return checks

    def toml(self) -> str:
        """The settings as the commented file."""
        values = {**self.model_dump(exclude={"checks", "report"}), **self.report.model_dump()}
        return _TEMPLATE.format(**{name: _toml(value) for name, value in values.items()})


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return _quoted(value) if isinstance(value, str) else str(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'


def working_folder(start: Path) -> Path | None:
    """The working folder that ``start`` lies in, looking upwards; its settings are not read."""
    return next((folder for folder in (start, *start.parents) if (folder / SETTINGS_FILE).is_file()), None)


@dataclass(frozen=True, slots=True)
class Campaign:
    """A working folder that was opened."""

    root: Path
    settings: Settings

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The campaign in ``folder``. Raises SettingsError if there is none or wbt.toml is wrong."""
        path = folder / SETTINGS_FILE
        try:
            return cls(folder, Settings.model_validate(tomllib.loads(path.read_text("utf-8-sig"))))
        except FileNotFoundError:
            raise SettingsError(
                f"“{folder}”不是工作文件夹（没有 {SETTINGS_FILE}）。先用 wbt init 文件夹 建一个。"
            ) from None
        except (OSError, UnicodeDecodeError) as exc:
            raise SettingsError(f"{path} 无法读取：{exc}。请确认它是 UTF-8 编码的文本文件。") from None
        except tomllib.TOMLDecodeError as exc:
            raise SettingsError(f"{path} 格式有误：{exc}。文字要放在英文双引号里。") from None
        except ValidationError as exc:
            lines = "；".join(
                f"{'.'.join(map(str, e['loc']))}：{_setting_problem(e['type'], e['msg'])}" for e in exc.errors()
            )
            raise SettingsError(f"{path} 设置有误：{lines}。") from None

    @classmethod
    def find(cls, start: Path) -> Self | None:
        """The campaign that ``start`` lies in, looking upwards."""
        folder = working_folder(start)
        return cls.open(folder) if folder else None

    @classmethod
    def create(cls, folder: Path, settings: Settings) -> Self:
        """Make the working folder. What is there already stays. Raises SettingsError if it is a campaign, OutputError."""
        if (folder / SETTINGS_FILE).exists():
            raise SettingsError(f"“{folder}”已经是工作文件夹，没有改动。")
        try:
            for name in (*FOLDERS, SCHEME_FOLDER):
                (folder / name).mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise OutputError(f"无法建立文件夹“{folder}”：{os_reason(exc)}") from None
        replace_file(folder / SETTINGS_FILE, settings.toml().encode())
        campaign = cls(folder, settings)
        campaign.signing_key()
        return campaign

    def folder(self, name: FolderName) -> Path:
        """下发, 回收 …"""
        return self.root / name

    @property
    def result_file(self) -> Path:
        """Where a review writes its data, and merge and report look for it."""
        return self.folder("审核") / f"{RESULT_NAME}.json"

    @property
    def project_list(self) -> Path:
        """项目清单.xlsx, or 项目清单.json where only that is there."""
        path = self.root / LIST_FILE
        other = path.with_suffix(".json")
        return other if other.is_file() and not path.is_file() else path

    @property
    def forms(self) -> Path:
        """The folder of the office's own forms, which need not be there."""
        return self.root / "模板"

    @property
    def scheme_folders(self) -> tuple[Path, ...]:
        """Where the user's own schemes lie."""
        return (self.root / SCHEME_FOLDER, self.root)

    def scheme(self, name: str = "") -> Scheme:
        """A scheme by id, the campaign's own by default. Raises SchemeError."""
        return load_scheme(name or self.settings.scheme, self.scheme_folders)

    @property
    def notice(self) -> Notice:
        """What 填报说明 says of the campaign."""
        return Notice(self.settings.authority, self.settings.deadline, self.settings.contact)

    @property
    def key_file(self) -> Path:
        """Where the office's key lies."""
        return self.root / _KEY_FILE

    def signing_key(self) -> SigningKey:
        """The office's key; made the first time. Raises SettingsError, OutputError."""
        return signing_key(self.key_file)


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


def signing_key(path: Path) -> SigningKey:
    """The key in a file; a new one is made if there is no file. Raises SettingsError if the file holds none."""
    if not path.exists():
        replace_file(path, SigningKey.new().text.encode())
    try:
        return SigningKey.from_text(path.read_text("ascii"))
    except (OSError, ValueError):
        raise SettingsError(
            f"签名密钥文件 {path} 无法读取或内容不对。请从备份恢复；没有备份就删除它，重新生成并下发。"
        ) from None
