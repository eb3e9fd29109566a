"""A working folder is one campaign (一次自评): its settings, its key, and where everything lies.

To find the folder costs nothing: settings, schemes and keys are loaded by what asks for them.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self, get_args

from workbook_tools.core.errors import OutputError, SettingsError, tell_os_error
from workbook_tools.core.faces import AnyPath
from workbook_tools.core.secret_text import has_secret
from workbook_tools.files.atomic import make_folder
from workbook_tools.files.drives import can_write_in
from workbook_tools.files.ownership import keep_from_others
from workbook_tools.files.paths import find_list_file, replace_file
from workbook_tools.results.names import RESULT_NAME

if TYPE_CHECKING:
    from workbook_tools.campaign.key_ring import KeyRing
    from workbook_tools.campaign.ledger.book import Ledger
    from workbook_tools.campaign.settings import Settings
    from workbook_tools.form.fields import Notice
    from workbook_tools.form.identity import SigningKey
    from workbook_tools.rules.scheme import Scheme

SETTINGS_FILE = "wbt.toml"
LIST_FILE = "项目清单.xlsx"
LIST_FOLDER = "项目清单"
"""Where departments' lists lie, if each has handed in its own."""
STATE_FOLDER = ".wbt"
"""Where key and ledger lie."""
_KEY_FILE, _LEDGER_FILE = Path(STATE_FOLDER) / "signing.key", Path(STATE_FOLDER) / "ledger.sqlite3"
SCHEME_FOLDER, FORM_FOLDER, LOG_FOLDER = "评分方案", "模板", "日志"
RECTIFICATION, MATTER_LIST, NOTICES, ANSWERS = "整改", "整改事项.xlsx", "通知", "回收"
"""The folder of what units have to mend; in it the list of it, what goes to the units, and where their answers are put."""
FolderName = Literal["下发", "回收", "退回", "审核", "汇总", "报告", "公开"]
FOLDERS: tuple[FolderName, ...] = get_args(FolderName)
SAMPLE_FOLDER, INSPECTION_FOLDER = "抽查", "复核"
"""Made when they are needed."""
INBOX: FolderName = "回收"
"""The only one in which files of the units lie."""
SENT_OUT: tuple[FolderName, ...] = ("下发", "退回")
"""Those whose files go to the units."""


def is_working_folder(folder: Path) -> bool:
    """It has the settings of a campaign, or, where these were lost, its key or ledger."""
    return any((folder / mark).is_file() for mark in (SETTINGS_FILE, _KEY_FILE, _LEDGER_FILE))


def find_working_folder(start: Path) -> Path | None:
    """The working folder that ``start`` lies in, looking upwards; its settings are not read."""
    return next(filter(is_working_folder, (start, *start.parents)), None)


def tell_read_only(root: Path) -> str:
    """That a working folder can be looked at and nothing done in it (it lies on a disc, a read-only share), and what to do; blank where it can be written."""
    if can_write_in(root):
        return ""
    return (
        f"工作文件夹“{root}”是只读的（在光盘、只读的共享文件夹里，或者没有权限）：可以查看，什么也不登记、不保存；"
        "汇总、报告等可以用 --out 写到别处。要在里面办（审核、接收、退回等），请把整个文件夹复制到可以写的磁盘上。"
    )


def refuse_nested(root: Path) -> None:
    """Raises SettingsError where ``root`` would lie in a working folder, or one would lie in it: each is handed on, searched and backed up whole."""
    root = root.resolve()
    if outer := find_working_folder(root.parent):
        beside = outer.parent / (root.name if root.name != outer.name else f"{root.name}（新）")
        raise SettingsError(
            f"“{root}”在工作文件夹“{outer}”里面。一次自评一个工作文件夹，请放在它旁边，如 {beside}。没有建立文件夹。"
        )
    with suppress(OSError):
        if inner := next(filter(is_working_folder, filter(Path.is_dir, sorted(root.iterdir()))), None):
            raise SettingsError(
                f"“{root}”里面已经有工作文件夹“{inner.name}”。一次自评一个工作文件夹，请在后面写上新文件夹自己的名称，放在“{inner.name}”旁边。"
                "没有建立文件夹。"
            )


@dataclass(frozen=True, slots=True)
class Campaign:
    """A working folder that was opened."""

    root: Path
    settings: Settings

    @classmethod
    def open(cls, folder: AnyPath) -> Self:
        """The campaign in ``folder``. Raises SettingsError if there is none or wbt.toml is wrong."""
        from workbook_tools.campaign.settings import read_settings

        root = Path(folder)
        if is_working_folder(root) and not (root / SETTINGS_FILE).is_file():
            raise SettingsError(
                f"工作文件夹“{root}”里的设置文件 {SETTINGS_FILE} 不见了。请从备份恢复它；"
                f"没有备份就在上一层运行 wbt init {root.name} 重新建立，已有的文件、密钥和台账都保留。"
            )
        return cls(root, read_settings(root / SETTINGS_FILE))

    @classmethod
    def find(cls, start: AnyPath) -> Self | None:
        """The campaign that ``start`` lies in, looking upwards."""
        folder = find_working_folder(Path(start))
        return cls.open(folder) if folder else None

    @classmethod
    def create(cls, folder: AnyPath, settings: Settings, blank_list: bytes = b"", text: str = "") -> Self:
        """Make the working folder; what is there already stays, and a key is made only where none can have been.

        ``blank_list`` is the 项目清单.xlsx to be filled in, ``text`` the settings as their file is to say them. Raises SettingsError if it is a campaign, OutputError.
        """
        from workbook_tools.campaign.key_ring import start_ring

        root = Path(folder)
        if (root / SETTINGS_FILE).exists():
            raise SettingsError(f"“{root}”已经是工作文件夹，没有改动。")
        refuse_nested(root)
        try:
            for name in (*FOLDERS, SCHEME_FOLDER):
                make_folder(root / name)
        except OSError as exc:
            raise OutputError(f"无法建立文件夹{tell_os_error(exc, root)}") from None
        campaign = cls(root, settings)
        if not campaign._has_lived:
            start_ring(campaign.key_file)
        if blank_list and not campaign.project_list.exists():
            replace_file(root / LIST_FILE, blank_list)
        # The settings come last: what was broken off has none, so that it can be begun again.
        replace_file(root / SETTINGS_FILE, (text or settings.toml()).encode(), private=has_secret(settings.ledger))
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
        """项目清单.xlsx, or 项目清单.json where only that is there; the folder 项目清单 where departments' lists lie in one."""
        path, folder = self.root / LIST_FILE, self.root / LIST_FOLDER
        return folder if folder.is_dir() else find_list_file(folder) or path

    @property
    def forms(self) -> Path:
        """The folder of the office's own forms, which need not be there."""
        return self.root / FORM_FOLDER

    @property
    def scheme_folders(self) -> tuple[Path, ...]:
        """Where the user's own schemes lie."""
        return (self.root / SCHEME_FOLDER, self.root)

    def scheme(self, name: str = "") -> Scheme:
        """A scheme by id, the campaign's own by default. Raises SchemeError."""
        from workbook_tools.rules.scheme import load_scheme

        return load_scheme(name or self.settings.scheme, self.scheme_folders)

    @property
    def notice(self) -> Notice:
        """What 填报说明 says of the campaign."""
        from workbook_tools.form.fields import Notice

        return Notice(self.settings.authority, self.settings.deadline, self.settings.contact)

    @property
    def key_file(self) -> Path:
        """Where the office's key lies."""
        return self.root / _KEY_FILE

    def signing_key(self) -> SigningKey:
        """The key to sign with. None is made: see :mod:`key_ring`. Raises SettingsError that says what its loss means."""
        return self.key_ring().need_signing()

    def known_keys(self) -> dict[str, SigningKey]:
        """The keys to verify with, by their ids. Raises SettingsError: which are revoked cannot be read."""
        return self.key_ring().verifying

    def key_ring(self) -> KeyRing:
        """Every key that the working folder knows. Raises SettingsError: which are revoked cannot be read."""
        from workbook_tools.campaign.key_ring import read_ring

        return read_ring(self.key_file)

    @property
    def _has_lived(self) -> bool:
        """Something was issued, registered or signed here before: a key that is not there was lost."""
        from workbook_tools.campaign.key_ring import RING_FILE

        files = (self.root / _LEDGER_FILE, self.key_file.with_name(RING_FILE), self.key_file)
        return any(path.exists() for path in files) or any(self.folder("下发").rglob("*.xls*"))

    def open_ledger(self) -> Ledger:
        """The ledger: where wbt.toml says, or a file in the working folder. Raises LedgerError: it was lost, or cannot be used."""
        from workbook_tools.campaign.ledger.book import Ledger

        return Ledger.open(self.ledger_place, had_one=self.has_issued, sign=self.sign_ledger)

    def begin_ledger(self) -> None:
        """Make the ledger where none can have been, before anything is issued that a lost one would have known of. Raises LedgerError."""
        from workbook_tools.campaign.ledger.copies import list_copies
        from workbook_tools.campaign.ledger.database import begin_file

        place = self.ledger_place
        if self.has_issued():
            return
        if not isinstance(place, Path):
            self.open_ledger().close()
        elif not (place.exists() or list_copies(place)):
            begin_file(place)

    @property
    def ledger_place(self) -> Path | str:
        """Where the ledger lies: a file, or the URL of a server."""
        from workbook_tools.campaign.ledger.database import is_address

        place = self.settings.ledger
        if has_secret(place):
            keep_from_others(self.root / SETTINGS_FILE)
        return place if is_address(place) else self.root / (place or _LEDGER_FILE)

    def sign_ledger(self, text: str) -> str:
        """A seal of the ledger by the key that signs; blank where there is none."""
        try:
            key = self.key_ring().signing_key
        except SettingsError:
            return ""
        return key.sign(text) if key else ""

    def has_issued(self) -> bool:
        """There are workbooks that went out."""
        return any(path.is_file() for name in SENT_OUT for path in self.folder(name).rglob("*.xls*"))


def load_signing_key(path: AnyPath) -> SigningKey:
    """The key in a file outside any working folder; a new one is made if there is no file.

    Raises SettingsError if the file holds none, OutputError.
    """
    from workbook_tools.campaign.key_ring import read_key_file, start_ring

    file = Path(path)
    if not file.exists():
        return start_ring(file)
    try:
        return read_key_file(file)
    except SettingsError as exc:
        raise SettingsError(
            f"{exc}。没有它，以前用它下发的工作簿无法核验，也做不出退回副本。请从备份恢复；没有备份就把它移走，重新生成并下发。"
        ) from None
