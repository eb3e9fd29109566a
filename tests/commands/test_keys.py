"""密钥环: what is lost is told and never replaced by itself; several keys verify; a retired one still does, a revoked one not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import KEY, MOF, answers, filled, project

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.issuing import issue_workbooks
from workbook_tools.campaign.key_ring import KeyState, RingKey, read_ring
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.model import ProjectList
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.core.states import State
from workbook_tools.files.paths import replace_file
from workbook_tools.form.identity import SigningKey
from workbook_tools.results.json_file import read_json
from workbook_tools.workbooks.writing import build_workbook

Wbt = Callable[..., tuple[int, str]]
LISTED = (project(), project(code="P002", name="候车亭维修"))
OTHER = SigningKey(b"another office's computer, 32 b.".ljust(32, b"."))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder that signs with KEY, with what lies beside it; P001 was issued by it and has come in, P002 by OTHER."""
    place = tmp_path_factory.mktemp("开始")
    root = place / "自评"
    replace_file(root / ".wbt" / "signing.key", KEY.text.encode())
    made = Campaign.create(root, Settings(year=2024))
    settings = (root / "wbt.toml").read_text("utf-8")
    off = "".join(f'{code} = "off"\n' for code in ("TEXT13", "TEXT15", "TEXT20", "CROSS02"))
    (root / "wbt.toml").write_text(settings.replace("[checks]\n", f"[checks]\n{off}"), "utf-8")
    listed = ProjectList(year=2024, projects=LISTED)
    replace_file(root / "项目清单.json", listed.model_dump_json().encode())
    (root / "项目清单.xlsx").unlink(missing_ok=True)
    elsewhere = place / "下发到邮箱"
    (issued,) = issue_workbooks(made, LISTED[:1], elsewhere, KEY, datetime(2025, 3, 1, tzinfo=UTC)).items
    filled(made.folder("回收"), name="P001.xlsx", issue=issued.issue)
    content = build_workbook(LISTED[1].model_copy(update={"answers": answers(MOF)}), MOF, OTHER)
    (made.folder("回收") / "P002.xlsx").write_bytes(content)
    (place / "别处.key").write_text(OTHER.text, "ascii")
    return place


@pytest.fixture(scope="module")
def after_review(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test that reviews it leaves a copy."""
    return tmp_path_factory.mktemp("审核过") / "全部"


def stand_in(place: Path, copy: Path, monkeypatch: pytest.MonkeyPatch) -> Campaign:
    """A copy of the working folder, which is made the current one."""
    shutil.copytree(place, copy, dirs_exist_ok=True)
    monkeypatch.chdir(copy / "自评")
    return Campaign.open(copy / "自评")


@pytest.fixture
def campaign(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Campaign:
    return stand_in(prepared, tmp_path, monkeypatch)


@pytest.fixture
def reviewed(prepared: Path, after_review: Path, tmp_path: Path, wbt: Wbt, monkeypatch: pytest.MonkeyPatch) -> Campaign:
    if after_review.exists():
        return stand_in(after_review, tmp_path, monkeypatch)
    campaign = stand_in(prepared, tmp_path, monkeypatch)
    wbt("review")
    shutil.copytree(tmp_path, after_review)
    return campaign


def review(wbt: Wbt, campaign: Campaign) -> tuple[ReviewResult, dict[str, list[str]]]:
    """The result, and of each file the codes about its seal."""
    wbt("review")
    result = read_json(campaign.result_file)
    seals: dict[str, list[str]] = {"P001.xlsx": [], "P002.xlsx": []}
    for item in result.findings:
        if item.code.startswith("TAMPER"):
            seals[item.file].append(item.code)
    return result, seals


# -- a key that is lost ---------------------------------------------------------------------------------------------------

BROKEN = {
    "gone": None,
    "empty": b"",
    "blank": b" \r\n",
    "short": b"ab12",
    "text": "密钥".encode(),
    "binary": b"\x00" * 64,
}


# Whatever is wrong with the file is told by one command, and by each command one of these; all commands ask in one way.
@pytest.mark.parametrize(
    ("command", "goes_on", "kind"),
    [
        *((["key", "list"], True, kind) for kind in BROKEN),
        (["generate"], False, "gone"),
        (["review"], True, "empty"),
        (["return"], True, "short"),
        (["run"], True, "gone"),
        (["unlock", "P001"], False, "binary"),
    ],
)
def test_a_lost_key_is_told_with_what_to_do_and_is_not_replaced(
    reviewed: Campaign, wbt: Wbt, command: list[str], goes_on: bool, kind: str
) -> None:
    content = BROKEN[kind]
    if content is None:
        reviewed.key_file.unlink()
    else:
        reviewed.key_file.write_bytes(content)
    code, said = wbt(*command)
    assert all(words in said for words in (str(reviewed.key_file), "TAMPER08", "wbt key add", "wbt key new"))
    assert (code != 2) is goes_on
    assert (reviewed.key_file.read_bytes() if reviewed.key_file.exists() else None) == content
    assert not list(reviewed.folder("下发").rglob("*.xlsx"))


def test_a_lost_key_is_restored_from_a_backup(campaign: Campaign, wbt: Wbt, tmp_path: Path) -> None:
    backup = shutil.copy(campaign.key_file, tmp_path / "备份.key")
    campaign.key_file.write_bytes(b"")
    assert review(wbt, campaign)[1]["P001.xlsx"] == ["TAMPER08"]
    assert wbt("key", "add", backup, "--sign")[0] == 0
    assert review(wbt, campaign)[1]["P001.xlsx"] == []
    assert Campaign.open(campaign.root).signing_key() == KEY


def test_a_new_key_in_place_of_a_damaged_one_keeps_the_damaged_file(campaign: Campaign, wbt: Wbt) -> None:
    campaign.key_file.write_bytes(b"ab12")
    code, said = wbt("key", "new")
    assert code == 0
    assert "wbt generate --overwrite" in said
    assert (campaign.key_file.with_name("signing.key.损坏1")).read_bytes() == b"ab12"
    assert Campaign.open(campaign.root).signing_key() != KEY


@pytest.mark.parametrize("trace", ["ledger", "issued"])
def test_init_makes_no_key_where_one_was_lost(campaign: Campaign, wbt: Wbt, trace: str) -> None:
    if trace == "ledger":
        campaign.open_ledger().close()
    else:
        wbt("generate")
        shutil.rmtree(campaign.root / ".wbt")
    campaign.key_file.unlink(missing_ok=True)
    (campaign.root / "wbt.toml").unlink()
    assert wbt("init", campaign.root, "--year", "2024")[0] == 0
    assert not campaign.key_file.exists()
    code, said = wbt("generate")
    assert code == 2
    assert "wbt key new" in said


def test_a_key_that_is_named_and_damaged_is_told(campaign: Campaign, wbt: Wbt, tmp_path: Path) -> None:
    (tmp_path / "坏.key").write_bytes(b"")
    for command in ("generate", "review", "return"):
        wbt("review")
        code, said = wbt(command, "--key", tmp_path / "坏.key")
        assert (code, "坏.key 是空的" in said) == (2, True)


# -- several keys -----------------------------------------------------------------------------------------------------------


def test_files_of_several_keys_are_verified_in_one_review(campaign: Campaign, wbt: Wbt, tmp_path: Path) -> None:
    assert review(wbt, campaign)[1] == {"P001.xlsx": [], "P002.xlsx": ["TAMPER08"]}
    code, said = wbt("key", "add", tmp_path / "别处.key", "--note", '乡镇股"的\\电脑')
    assert (code, OTHER.id in said) == (0, True)
    assert review(wbt, campaign)[1] == {"P001.xlsx": [], "P002.xlsx": ["TAMPER15"]}
    assert Campaign.open(campaign.root).signing_key() == KEY
    said = wbt("key", "list")[1]
    assert f"{KEY.id}　签名" in said
    assert f"{OTHER.id}　核验　" in said
    assert '乡镇股"的\\电脑' in said
    assert OTHER.text not in said
    assert KEY.text not in said


def test_a_retired_key_still_verifies_and_no_longer_signs(campaign: Campaign, wbt: Wbt) -> None:
    assert wbt("key", "retire", KEY.id[:4])[0] == 0
    assert review(wbt, campaign)[1]["P001.xlsx"] == []
    code, said = wbt("generate")
    assert (code, "wbt key new" in said) == (2, True)
    assert wbt("unlock", campaign.folder("回收") / "P001.xlsx")[0] == 0
    wbt("key", "new")
    assert wbt("generate")[0] == 0
    assert Campaign.open(campaign.root).signing_key() != KEY
    assert review(wbt, campaign)[1]["P001.xlsx"] == []


def test_a_new_key_retires_the_one_that_signed(campaign: Campaign, wbt: Wbt) -> None:
    code, said = wbt("key", "new")
    assert (code, f"{KEY.id} 已停用" in said) == (0, True)
    states = {item.key.id: item.state for item in campaign.key_ring().keys}
    assert states.pop(KEY.id) is KeyState.RETIRED
    assert list(states.values()) == [KeyState.SIGNING]


def test_what_a_revoked_key_signed_cannot_be_verified_and_is_not_accepted_in_bulk(
    campaign: Campaign, wbt: Wbt, tmp_path: Path
) -> None:
    wbt("key", "add", tmp_path / "别处.key")
    result, _ = review(wbt, campaign)
    assert {row.code: row.state for row in result.projects} == {"P001": State.READY, "P002": State.READY}
    assert wbt("key", "revoke", OTHER.id)[0] == 0
    result, seals = review(wbt, campaign)
    assert seals == {"P001.xlsx": [], "P002.xlsx": ["TAMPER12"]}
    assert {row.code: row.state for row in result.projects} == {"P001": State.READY, "P002": State.TO_CORRECT}
    assert next((c.passed, c.fired) for c in result.checks if c.check == "read.seal") == (1, 1)
    wbt("accept", "--all", "--who", "张三")
    wbt("review")
    accepted = {row.code: row.accepted_by for row in read_json(campaign.result_file).projects}
    assert accepted == {"P001": "张三", "P002": ""}
    wbt("return")
    assert [path.name for path in campaign.folder("退回").rglob("*.xlsx")] == []


def test_a_revoked_key_does_not_come_back_by_itself(campaign: Campaign, wbt: Wbt, tmp_path: Path) -> None:
    wbt("key", "revoke", KEY.id)
    backup = tmp_path / "备份.key"
    backup.write_text(KEY.text, "ascii")
    assert wbt("key", "add", backup, "--sign")[0] == 2
    assert wbt("key", "retire", KEY.id)[0] == 2
    assert "作废" in wbt("key", "add", backup)[1]
    assert wbt("review", "--key", backup)[0] == 1
    assert "TAMPER12" in {item.code for item in read_json(campaign.result_file).findings}
    assert wbt("generate")[0] == 2
    assert wbt("generate", "--key", backup)[0] == 2


def test_an_unknown_or_unclear_id_changes_nothing(campaign: Campaign, wbt: Wbt) -> None:
    for wrong in ("ffffffff", ""):
        assert wbt("key", "revoke", wrong)[0] == 2
    assert campaign.key_ring().keys == (RingKey(KEY, KeyState.SIGNING),)


@pytest.mark.parametrize(
    "content",
    ["", "keys = 3", "keys = [3]", "[[keys]]\nid = 'x'", "no toml", "[[keys]]\nid='a'\nstate='作废'\nsecret='zz'"],
)
def test_a_ring_that_cannot_be_read_stops_the_review(campaign: Campaign, wbt: Wbt, content: str) -> None:
    (campaign.root / ".wbt" / "keys.toml").write_text(content, "utf-8")
    code, said = wbt("review")
    assert (code, "不知道哪些密钥已作废" in said) == (2, True)


def test_the_ring_is_its_owners_alone_and_a_person_can_read_it(campaign: Campaign, wbt: Wbt, tmp_path: Path) -> None:
    wbt("key", "add", tmp_path / "别处.key", "--note", "乡镇股")
    path = campaign.root / ".wbt" / "keys.toml"
    assert path.stat().st_mode & 0o777 == 0o600
    assert 'state = "核验"' in path.read_text("utf-8")
    assert 'note = "乡镇股"' in path.read_text("utf-8")


def test_a_crash_between_the_two_files_loses_no_key(
    campaign: Campaign, wbt: Wbt, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("workbook_tools.campaign.key_ring._write_signing", lambda *_: 1 / 0)
        wbt("key", "new")
    ring = read_ring(campaign.key_file)
    assert [(item.key, item.state) for item in ring.keys] == [(KEY, KeyState.RETIRED)]
    assert wbt("key", "new")[0] == 0
    assert KEY.id in Campaign.open(campaign.root).known_keys()


def test_an_old_folder_with_one_key_file_needs_nothing(campaign: Campaign) -> None:
    assert campaign.known_keys() == {KEY.id: KEY}
    assert campaign.signing_key() == KEY
    assert not (campaign.root / ".wbt" / "keys.toml").exists()
    with pytest.raises(SettingsError):
        campaign.key_ring().find("")
