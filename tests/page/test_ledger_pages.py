"""台账和密钥 on the page: what was recorded, by whom; the ledger is checked, exported, put back; keys are made, added, ended."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from page_visitor import PageVisitor, text_of

from workbook_tools.campaign import Campaign
from workbook_tools.campaign.key_ring import KeyState, read_ring
from workbook_tools.campaign.ledger.copies import list_copies
from workbook_tools.campaign.ledger.log import read_log
from workbook_tools.form.identity import SigningKey


def told(visitor: PageVisitor, path: str, data: dict[str, str] | None = None, **more: object) -> str:
    answer = visitor.post(path, data, **more)
    assert answer.status_code == 303, text_of(answer)
    return text_of(visitor.get(answer.headers["location"]))


def test_who_did_what_is_read_the_last_first_and_of_one_project(reviewed: PageVisitor) -> None:
    reviewed.post("project/P01/accept", {"who": "王强"})
    page = text_of(reviewed.get("ledger"))
    assert page.index("接收人 王强") < page.index("下发")
    own = reviewed.get("ledger?project=P02").text
    assert "P02 的登记" in text_of(reviewed.get("ledger?project=P02")) and ">P01<" not in own and ">P02<" in own
    assert "没有登记" in text_of(reviewed.get("ledger?project=没有"))
    assert "page=1" not in own


def test_the_ledger_is_checked_and_exported(reviewed: PageVisitor, root: Path) -> None:
    assert "办好了" in reviewed.do("ledger/verify")
    lines = reviewed.get("ledger/export").text.splitlines()
    assert {json.loads(line)["kind"] for line in lines} >= {"issued", "received", "reviewed"}
    assert str(len(lines)) in text_of(reviewed.get("ledger"))


def test_a_copy_is_put_back_only_when_one_is_sure(reviewed: PageVisitor, root: Path) -> None:
    campaign = Campaign.open(root)
    reviewed.post("project/P01/accept", {"who": "王强"})
    copy, *_ = list_copies(campaign.ledger_place)
    assert reviewed.post("ledger/restore", {"day": str(copy.day)}).status_code == 409
    assert reviewed.post("ledger/restore", {"day": "昨天", "sure": "1"}).status_code == 409
    assert "备份恢复" in told(reviewed, "ledger/restore", {"day": str(copy.day), "sure": "1"})
    assert "恢复台账" in text_of(reviewed.get("ledger"))


def test_tables_that_differ_are_shown_and_made_anew_when_one_is_sure(reviewed: PageVisitor, root: Path) -> None:
    reviewed.post("project/P01/accept", {"who": "王强"})
    assert "没有要重做的" in text_of(reviewed.get("ledger/repair"))
    place = Campaign.open(root).ledger_place

    def ask(what: str) -> list[tuple[str]]:
        with closing(sqlite3.connect(place)) as book, book:
            return book.execute(what).fetchall()

    ask("UPDATE accepted SET who = '李敏'")
    assert "点“按登记重做各表”" in reviewed.do("ledger/verify")
    asked = text_of(reviewed.get("ledger/repair"))
    assert "登记的是“王强”，表里是“李敏”" in asked and "1 处" in asked
    assert reviewed.post("ledger/repair").status_code == 409 and ask("SELECT who FROM accepted") == [("李敏",)]
    told = reviewed.do("ledger/repair", {"sure": "1"})
    assert "已按登记重做各表" in told and "台账完好" in told
    assert ask("SELECT who FROM accepted") == [("王强",)]
    ask("UPDATE event SET facts = replace(facts, '王强', '李敏')")
    asked = text_of(reviewed.get("ledger/repair"))
    assert "重做各表没有用" in asked and "我看过了" not in asked


# -- who sits here ----------------------------------------------------------------------------------------------------


def test_who_sits_here_is_asked_once_and_stands_with_each_decision(
    reviewed: PageVisitor, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbook_tools.campaign.ledger.author.find_login", lambda: "dell")
    assert "您是谁" in text_of(reviewed.get()) and reviewed.post("project/P01/accept").status_code == 409
    answer = reviewed.post("/who", {"person": "王强", "back": reviewed.base + "project/P01"})
    assert answer.headers["location"] == reviewed.base + "project/P01"
    page = reviewed.get("project/P01").text
    assert "经办人：王强" in page and 'name="who" value="王强"' in page and "您是谁" not in text_of(reviewed.get())
    assert reviewed.post("project/P01/accept").status_code == 303
    event = read_log(Campaign.open(root))[-1]
    assert (event.who, event.command, event.more[0]) == ("王强（dell）", "accept", "接收人 王强")
    assert "王强（dell） 接收" in text_of(reviewed.get("ledger"))
    reviewed.do("review/return")
    assert read_log(Campaign.open(root))[-1].who == "王强（dell）"
    assert PageVisitor(tmp_path).desk.who == "王强"


def test_a_name_is_changed_where_it_is_typed_and_leads_nowhere_else(reviewed: PageVisitor) -> None:
    reviewed.post("/who", {"person": "王强", "back": "//elsewhere.example"})
    assert 'name="person" value="王强"' in reviewed.get(f"/who?back={reviewed.base}").text
    assert reviewed.post("project/P01/accept", {"who": "李敏"}).status_code == 303
    assert "经办人：李敏" in reviewed.get("review").text
    for back in ("//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example"):
        assert reviewed.post("/who", {"person": "王强", "back": back}).headers["location"] == "/"
    for name in ("", "很" * 21, "王\x07强"):
        assert reviewed.post("/who", {"person": name}).status_code == 409
    assert reviewed.desk.who == "王强"


def test_keys_are_made_added_and_ended(reviewed: PageVisitor, root: Path) -> None:
    campaign = Campaign.open(root)
    first = campaign.signing_key()
    assert f"原来的密钥 {first.id} 已停用" in told(reviewed, "ledger/key/new")
    other = SigningKey.new()
    assert "状态" in told(
        reviewed, "ledger/key/upload", {"note": "乡镇股"}, files={"files": ("他们的.key", other.text.encode())}
    )
    told(reviewed, "ledger/key/end", {"key": other.id, "do": "revoke"})
    found = {item.key.id: item.state for item in read_ring(campaign.key_file).keys}
    assert (found[first.id], found[other.id], len(found)) == (KeyState.RETIRED, KeyState.REVOKED, 3)
    page = reviewed.get("ledger").text
    assert "乡镇股" in page and all(key.text not in page for key in (first, other))
    back = told(reviewed, "ledger/key/upload", {"sign": "1"}, files={"files": ("signing.key", first.text.encode())})
    assert f"现在用密钥 {first.id} 签名" in back


def test_what_is_no_key_changes_nothing(reviewed: PageVisitor, root: Path) -> None:
    before = (root / ".wbt/signing.key").read_bytes()
    for data in (b"x", b"", bytes(10_000)):
        assert reviewed.post("ledger/key/upload", {"sign": "1"}, files={"files": ("a", data)}).status_code == 409
    assert reviewed.post("ledger/key/end", {"key": "没有", "do": "retire"}).status_code == 409
    assert (root / ".wbt/signing.key").read_bytes() == before


def test_the_result_is_seen_though_the_ledger_cannot_be_read(reviewed: PageVisitor, root: Path) -> None:
    for path in (root / ".wbt").glob("ledger.sqlite3*"):
        path.unlink()
    (root / ".wbt/ledger.sqlite3").write_bytes(b"no ledger" * 1000)
    page = reviewed.get("review")
    assert page.status_code == 200 and "P02号项目" in page.text
