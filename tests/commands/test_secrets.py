"""A password in the address of the ledger stays in wbt.toml: neither screen, log, message nor folder has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.ledger import LedgerError
from workbook_tools.campaign.ledger.book import Ledger
from workbook_tools.commands.journal import LOG_FILE
from workbook_tools.core.secret_text import redact
from workbook_tools.files import ownership
from workbook_tools.files.paths import replace_file

ADDRESSES = [
    "postgresql://wbt:geheim@127.0.0.1:1/db",
    "postgresql://wbt@127.0.0.1:1/db?password=geheim",
    "postgresql://wbt@127.0.0.1:1/db?passwrd=geheim",
    "postgresql://wbt:x@geheim@127.0.0.1:1/db",
    "postgresql://wbt:x@x/geheim@127.0.0.1:1/db",
    "postgresql:/wbt:geheim@127.0.0.1/db",
    "postgresql//wbt:geheim@127.0.0.1/db",
    "postgres.//wbt:geheim@127.0.0.1/db",
    "postgresql:wbt:geheim@127.0.0.1/db",
    "postgresql：//wbt:geheim@127.0.0.1/db",
    "postgersql://wbt:geheim@127.0.0.1/db",
    "wbt:geheim@127.0.0.1/db",
    "sqlite://wbt:geheim@127.0.0.1/db",
    "sqlite:///ledger.db?password=geheim",
    "host=127.0.0.1 password=geheim dbname=db",
]


@pytest.fixture(params=ADDRESSES)
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder whose ledger has such an address, and the current one."""
    root = tmp_path / "自评"
    Campaign.create(root, Settings(year=2024, ledger=request.param))
    monkeypatch.chdir(root)
    return root


def test_a_password_is_neither_shown_nor_logged_nor_made_into_a_folder(folder: Path, wbt) -> None:
    for command in (["review"], ["status"], ["accept", "P001"]):
        _, said = wbt(*command)
        assert "geheim" not in said
        assert "Traceback" not in said
    assert "geheim" not in (folder / LOG_FILE).read_text("utf-8")
    files = [path for path in folder.rglob("*") if path.name != "wbt.toml"]
    assert all("geheim" not in str(path) for path in files)
    assert all(b"geheim" not in path.read_bytes() for path in files if path.is_file())


def test_the_error_itself_names_no_password(folder: Path) -> None:
    place = Campaign.open(folder).settings.ledger
    with pytest.raises(LedgerError) as caught:
        Ledger.open(place)
    assert "geheim" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_an_unexpected_fault_that_quotes_the_address_is_kept_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wbt
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("postgresql://wbt:geheim@server/db")

    monkeypatch.setattr("workbook_tools.commands.working_folder.find_campaign", fail)
    for place in (tmp_path / "无工作文件夹", tmp_path / "自评"):
        place.mkdir()
        if place.name == "自评":
            (place / "wbt.toml").write_text("year = 2024\n", "utf-8")
        monkeypatch.chdir(place)
        _, said = wbt("status")
        kept = "".join(path.read_text("utf-8") for path in place.rglob("*") if path.is_file())
        assert "RuntimeError: postgresql://wbt:***@server/db" in kept
        assert "geheim" not in said + kept


def test_a_command_line_is_logged_without_its_passwords(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wbt) -> None:
    root = tmp_path / "自评"
    Campaign.create(root, Settings(year=2024))
    monkeypatch.chdir(root)
    wbt("accept", "postgresql://wbt:geheim@server/db")
    assert "geheim" not in (root / LOG_FILE).read_text("utf-8")


@pytest.mark.parametrize(
    "harmless",
    [
        "电话：0851-123 a@b.cn",
        "postgresql://wbt@h:5432/db",
        "密码：abcd",
        r"C:\用户\a@b\x",
        "https://x.cn/a?b=c",
        "[2024-01-01 10:20:30] a@b.cn",
        "D:/自评/ledger.sqlite3",
        "passages = 3",
    ],
)
def test_what_is_no_password_is_shown_as_it_is(harmless: str) -> None:
    assert redact(harmless) == harmless


@pytest.mark.parametrize("place", ["台账.sqlite3", "共享/台账.sqlite3"])
def test_a_file_is_still_a_place_for_the_ledger(tmp_path: Path, place: str) -> None:
    campaign = Campaign.create(tmp_path / "自评", Settings(year=2024, ledger=place))
    campaign.open_ledger().close()
    assert (campaign.root / place).is_file()


# -- who can read them ---------------------------------------------------------------------------------------------------


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_key_and_settings_with_a_password_are_the_owners_alone(tmp_path: Path) -> None:
    campaign = Campaign.create(tmp_path / "自评", Settings(year=2024, ledger=ADDRESSES[0]))
    assert mode(campaign.key_file) == 0o600
    assert mode(campaign.root / "wbt.toml") == 0o600


def test_settings_into_which_a_password_was_typed_become_the_owners_alone(tmp_path: Path) -> None:
    campaign = Campaign.create(tmp_path / "自评", Settings(year=2024))
    settings = campaign.root / "wbt.toml"
    assert mode(settings) & 0o044
    settings.write_text(f'year = 2024\nledger = "{ADDRESSES[5]}"\n', "utf-8")
    with pytest.raises(LedgerError):
        Campaign.open(campaign.root).open_ledger()
    assert mode(settings) == 0o600


def test_on_windows_the_access_list_is_set_before_the_first_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[list[str], int]] = []
    monkeypatch.setattr(ownership, "os", type("Windows", (), {"name": "nt", "environ": {"USERDOMAIN": "财政局"}}))
    monkeypatch.setattr(ownership.shutil, "which", lambda name: name)
    monkeypatch.setattr(ownership.getpass, "getuser", lambda: "张三")
    monkeypatch.setattr(
        ownership.subprocess, "run", lambda call, **_: calls.append((call, Path(call[1]).stat().st_size))
    )
    replace_file(tmp_path / "signing.key", b"x", private=True)
    [(call, size)] = calls
    assert (call[0], call[2:], size) == ("icacls", ["/inheritance:r", "/grant:r", "财政局\\张三:F"], 0)
