"""A mistyped command or option: what was probably meant is said."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from workbook_tools.commands.suggesting import _IN_CHINESE
from workbook_tools.commands.table import COMMANDS
from workbook_tools.commands.typed_arguments import split_codes, straighten

Wbt = Callable[..., tuple[int, str]]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("statu", "status"),
        ("Review", "review"),
        ("ｒｅｖｉｅｗ", "review"),
        ("gen", "generate"),
        ("reprot", "report"),
        ("审核", "review"),
        ("出报告", "report"),
        ("scheme shw", "show"),
        ("ledger verfy", "verify"),
        ("status --departmnt 甲", "--department"),
        ("status --rem", "--remind"),
        ("review --Quite", "--quiet"),
        ("--versoin", "--version"),
    ],
)
def test_what_was_probably_meant_is_asked(wbt: Wbt, tmp_path: Path, typed: str, meant: str) -> None:
    code, said = wbt(*typed.split(), cwd=tmp_path)
    assert code == 2
    assert f"您是不是想用 {meant}" in said


@pytest.mark.parametrize("typed", ["status ——xlsx a.xlsx", "review –fresh", "－－help", "review 回收 -—out=x"])
def test_a_dash_that_is_not_the_keyboards_is_told_and_no_file(wbt: Wbt, tmp_path: Path, typed: str) -> None:
    code, said = wbt(*typed.split(), cwd=tmp_path)
    assert code == 2
    assert re.search("横线不是英文的。请改写成 --(xlsx|fresh|help|out=x)。", said)


@pytest.mark.parametrize("typed", ["-h", "/?", "-help", "help", "帮助", "generate -h", "generate /?", "help generate"])
def test_every_word_for_help_shows_it(wbt: Wbt, typed: str) -> None:
    code, said = wbt(*typed.split())
    assert (code, said.partition("[")[0]) == (0, f"用法：wbt {'generate ' * ('generate' in typed)}")


@pytest.mark.parametrize(
    "typed", ["generate --year 24", "init 新的 --year 24", "review --year 20244", "import 旧表 --year 9"]
)
def test_a_year_that_is_none_is_told(wbt: Wbt, tmp_path: Path, typed: str) -> None:
    code, said = wbt(*typed.split(), cwd=tmp_path)
    assert (code, "--year：年度写四位数字，如 2024" in said, [*tmp_path.iterdir()]) == (2, True, [])


def test_a_word_of_the_command_line_is_taken_as_it_was_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "回收").mkdir()
    monkeypatch.chdir(tmp_path)
    meant = {
        ("review", "“回收”", "--year", "２０２４年度"): ["review", "回收", "--year", "2024"],
        ("review", r'"D:\项目\回收"'): ["review", r"D:\项目\回收"],
        ("review", r'D:\项目\回收" --out 别处'): [
            "review",
            r"D:\项目\回收",
            "--out",
            "别处",
        ],  # "D:\项目\回收\" --out 别处
        ("accept", "P001", "--because", "“原件已核对”"): ["accept", "P001", "--because", "“原件已核对”"],
    }
    assert {typed: straighten(typed) for typed in meant} == meant
    assert split_codes(["P001，P002、P003", "P4"]) == ["P001", "P002", "P003", "P4"]
    assert split_codes(["，"]) == ["，"]  # not none: without codes some commands mean all


@pytest.mark.parametrize("typed", ["xyzzy", "status --xyzzy", "status 甲 乙", "pdf"])
def test_where_nothing_is_alike_nothing_is_asked(wbt: Wbt, tmp_path: Path, typed: str) -> None:
    code, said = wbt(*typed.split(), cwd=tmp_path)
    assert code == 2
    assert "命令用法不对：" in said and "您是不是想用" not in said


def test_the_program_is_called_by_its_name_however_it_was_started(wbt: Wbt) -> None:
    """The folder to unzip starts it as a module of its own Python, which is nothing that anybody could type."""
    code, said = wbt("没有的命令")
    assert code == 2
    assert "用 wbt --help 查看用法" in said


def test_every_chinese_word_leads_to_a_command() -> None:
    assert set(_IN_CHINESE.values()) <= COMMANDS.keys()
