"""What typer says round our words reaches the user in Chinese."""

import re

import pytest
import typer

from workbook_tools.commands.chinese import chinese_complaint
from workbook_tools.commands.help_layout import measure, wrap
from workbook_tools.commands.main import app

ENGLISH = re.compile(r"\b(Usage|Options|Arguments|Commands|Show this|required|default|OPTIONS|COMMAND|ARGS)\b")
COMMAND = typer.main.get_command(app)


def paths(command: object, *above: str) -> list[tuple[str, ...]]:
    children = getattr(command, "commands", {})
    return [above, *(path for name, child in children.items() for path in paths(child, *above, name))]


@pytest.mark.parametrize("path", paths(COMMAND), ids=" ".join)
def test_the_help_of_every_command_has_a_chinese_frame(
    path: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    COMMAND([*path, "--help"], standalone_mode=False)
    shown = capsys.readouterr().out
    assert "用法：" in shown
    assert ENGLISH.findall(shown) == []
    assert [line for line in shown.splitlines() if measure(line) > 80 and "|" not in line] == []
    meanings = re.findall(r"(?m)^(  \S.*?  +)(?=\S)", shown.partition("选项：")[2].partition("命令：")[0])
    assert len({measure(name) for name in meanings}) == 1, "the meanings stand below one another"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["nix"], "没有命令 nix"),
        (["generate", "--foo"], "没有选项 --foo"),
        (["review", "--quite"], "没有选项 --quite"),
        (["explain"], "缺少参数“工作簿”"),
        (["merge", "a", "b", "c"], "多了内容："),
        (["init", "x", "--year", "去年"], "--year应当是数字"),
        (["init", "x", "--year"], "选项 --year 后面要写内容"),
        (["pdf", "x", "--with", "wps"], "--with：不能是“wps”，只能是 auto、libreoffice、office"),
        (
            ["desk", "run"],
            "缺少参数“操作”，可以写：issue、pack、review、return、merge、report、publish、sample、inspect、read-inspections、rectify、send-notices、propose、export、next-year、refresh",
        ),
        (["macros", "build", "--out", "x", "--sheets", "0"], "--sheets：不能小于 1"),
    ],
)
def test_a_wrong_command_line_is_told_in_chinese(arguments: list[str], complaint: str) -> None:
    with pytest.raises(Exception) as caught:
        COMMAND(arguments, standalone_mode=False)
    told = chinese_complaint(caught.value.format_message())
    assert told.startswith(complaint)


def test_words_it_was_never_taught_stay_as_they_are() -> None:
    assert chinese_complaint("Something new.") == "Something new"


def test_a_line_ends_before_what_is_too_long_and_never_before_a_mark() -> None:
    assert wrap("调度器的地址，如 tcp://10.0.0.5:8786，或 local", 20) == [
        "调度器的地址，如",
        "tcp://10.0.0.5:8786，",
        "或 local",
    ]
