"""What is wrong with the writing of a settings file, with its line, as an officer understands it."""

import tomllib
from pathlib import Path

import pytest

from workbook_tools.rules.toml_faults import MiswrittenToml, explain_fault, read_toml


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("[results]\none_workbook = 500\n[checks]\n[results]\ndata = true\n", 4, "表头"),
        ("year = 2024\nyear = 2025\nscheme = 'quwo'\n", 2, "前面已经写过"),
        ("year = 2024\nauthority = 某县财政局\n", 2, "双引号"),
        ("authority = “某县财政局”\n", 1, "半角"),
        ("year = 2024\n【checks】\n", 2, "半角"),
        ('last_year = "D:\\自评\\2023"\n', 1, "反斜线"),
    ],
)
def test_the_first_mistake_is_told_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as raised:
        tomllib.loads(text)
    fault = explain_fault(text, raised.value)
    assert (fault.line, said in fault.message) == (line, True)
    assert str(fault).isascii() is False and "at line" not in str(fault)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ('authority = "某县财政局"'.encode("gbk"), "另存为"),
        ('authority = "某县财政局"'.encode("utf-16"), "另存为"),
        (b"year = " + b"9" * 5000, "数字太长"),
        (b"year = " + b"[" * 3000, "括号套得太多"),
    ],
)
def test_what_is_no_text_for_the_parser_is_told_too(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "wbt.toml").write_bytes(data)
    with pytest.raises(MiswrittenToml, match=said):
        read_toml(tmp_path / "wbt.toml")
