"""The documents: generated pages are fresh, commands in them exist, links and pictures are there; examples in code run."""

import doctest
import importlib
import io
import pkgutil
import re
import shlex
import zipfile
from pathlib import Path

import generate_docs as docs
import pytest
import typer
from typer.core import TyperArgument, TyperGroup, TyperOption

import workbook_tools
from workbook_tools.campaign.ledger.tables import METADATA
from workbook_tools.commands import main as cli

ROOT = Path(__file__).resolve().parent.parent
READMES = sorted(ROOT.glob("README*.md"))
PAGES = [*READMES, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
RECORDS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
APP = typer.main.get_command(cli.app)
PROGRAMS = ("wbt", "workbook-tools")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def console_blocks(page: Path) -> list[str]:
    return re.findall(r"^ *```console\n(.*?)^ *```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def commands_in(page: Path) -> list[list[str]]:
    """The words of each command of ours in the console blocks of a page."""
    lines = [line.strip()[2:] for block in console_blocks(page) for line in block.splitlines() if "$ " in line[:6]]
    parts = [shlex.split(part) for line in lines for part in line.split("&&")]
    return [words for words in parts if words[0] in PROGRAMS]


def commands(group=APP, path=()):
    """Every command of the app: its words, and the command."""
    for word, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, (*path, word))
        else:
            yield (*path, word), command


COMMANDS = list(commands())


def parse(words: list[str]) -> None:
    """Parse a command line as the program would, without running it."""
    group, rest = APP, words[1:]
    while isinstance(group, TyperGroup) and rest and rest[0] in group.commands:
        group, rest = group.commands[rest[0]], rest[1:]
    if isinstance(group, TyperGroup) and rest and not rest[0].startswith("-"):
        raise ValueError(f"no command {rest[0]}")
    group.make_context(" ".join(words), rest)


# -- generated pages ----------------------------------------------------------------------------------------------


def test_generated_pages_are_fresh():
    assert docs.stale(ROOT) == {}, "run python tools/generate_docs.py"


def test_a_stale_and_a_missing_page_are_told_and_written(tmp_path, monkeypatch, capsys):
    pages = {"docs/一.md": b"# one\nnew\n", "docs/二.md": b"# two\n"}
    monkeypatch.setattr(docs, "pages", lambda root: pages)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "一.md").write_bytes(b"# one\nold\n")
    assert docs.stale(tmp_path) == {"docs/一.md": "@@ -2 +2 @@\n-old\n+new", "docs/二.md": "文件不存在"}
    assert docs.main(["--check"], tmp_path) == 1
    assert "已过期 docs/一.md" in capsys.readouterr().out
    assert docs.main([], tmp_path) == 0
    assert docs.main(["--check"], tmp_path) == 0
    assert (tmp_path / "docs" / "二.md").read_bytes() == b"# two\n"


def _package(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part.replace("_", "."), content)
    return buffer.getvalue()


def test_office_files_are_compared_part_by_part_as_xml():
    one = _package(a_xml=b'<x b="1" a="2"/>', b_bin=b"1")
    assert docs.difference(one, _package(b_bin=b"1", a_xml=b'<x  a="2" b="1"></x>')) == ""
    assert docs.difference(one, _package(a_xml=b'<x a="2" b="2"/>', b_bin=b"1")) == "部件 a.xml"
    assert docs.difference(one, _package(a_xml=b'<x b="1" a="2"/>')) == "部件 b.bin"
    assert docs.difference(b"garbage", one).startswith("不是完整的 Office 文件")


def test_a_marked_block_is_replaced_and_the_rest_stays():
    page = "前\n<!-- 自动生成开始 -->\n旧\n<!-- 自动生成结束 -->\n后\n"
    assert docs.with_block(page, "新\n") == "前\n<!-- 自动生成开始 -->\n\n新\n\n<!-- 自动生成结束 -->\n后\n"
    with pytest.raises(ValueError, match="not found"):
        docs.with_block("没有标记", "新")


@pytest.mark.parametrize(("words", "command"), COMMANDS, ids=[" ".join(words) for words, _ in COMMANDS])
def test_every_command_with_its_arguments_and_options_is_in_the_reference(words, command):
    page = docs.command_reference()
    section = page.split(f"\n## wbt {' '.join(words)}\n")[1].split("\n## ")[0]
    assert command.help.strip() in section
    for param in command.params:
        assert isinstance(param, TyperArgument | TyperOption)
        assert param.help, f"{param.name} has no help"
        assert param.help in section
        for option in param.opts if isinstance(param, TyperOption) else ():
            assert f"`{option}" in section


# -- what the pages say -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [p for p in PAGES if commands_in(p)], ids=name)
def test_commands_in_a_page_exist(page):
    for words in commands_in(page):
        try:
            parse(words)
        except Exception as exc:
            pytest.fail(f"{' '.join(words)}: {exc}")


@pytest.mark.parametrize("wrong", ["wbt nonsense", "wbt generate --nonsense", "wbt init", "wbt scheme nonsense"])
def test_a_wrong_command_in_a_page_would_be_seen(wrong):
    with pytest.raises(Exception, match=r"nonsense|FOLDER|文件夹|folder"):
        parse(shlex.split(wrong))


@pytest.mark.parametrize("page", READMES, ids=name)
def test_a_readme_has_the_two_commands(page):
    assert console_blocks(page)[:2] == [
        '$ pip install ".[page]" && workbook-tools demo\n',
        '$ pip install ".[test]" && pytest\n',
    ]


def _anchor(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower().replace("\u3000", ""))
    return kept.replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_and_pictures_of_a_page_are_there(page):
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target:
            continue
        file, _, anchor = target.partition("#")
        path = (page.parent / file) if file else page
        assert path.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", path.read_text("utf-8"), re.MULTILINE)
            assert anchor in map(_anchor, headings), target


def test_pictures_are_used_and_small():
    linked = " ".join(page.read_text("utf-8") for page in PAGES)
    for picture in (ROOT / "docs" / "images").iterdir():
        assert picture.name in linked, f"{picture.name} is in no page"
        assert picture.stat().st_size < 200_000, picture.name


def test_the_tags_of_the_report_forms_are_described():
    page = (ROOT / "docs" / "报告模板.md").read_text("utf-8")
    described = set(re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", page, flags=re.DOTALL)))
    for form in (ROOT / "templates").glob("*.docx"):
        with zipfile.ZipFile(form) as package:
            text = re.sub(r"<[^>]+>", "", package.read("word/document.xml").decode())
        tags = set(re.findall(r"\{\{ ([\w.]+) \}\}", text)) | set(re.findall(r"\{%tr for 行 in ([\w.]+) %\}", text))
        unknown = {tag for tag in tags - described if not tag.startswith("正文.")}
        assert unknown == set(), form.name
        assert form.name in described


def test_what_the_page_says_of_covers_and_dates_holds_for_the_forms():
    page = (ROOT / "docs" / "报告模板.md").read_text("utf-8")
    assert "项目报告、汇总报告、复核报告都照这里写的印封面、目录、版头。" in page
    assert "有落款的是各种汇总报告、一页简报和张掖的项目报告。" in page
    having: dict[str, set[str]] = {"封面": set(), "成文日期": set()}
    for form in (ROOT / "templates").glob("*.docx"):
        with zipfile.ZipFile(form) as package:
            text = re.sub(r"<[^>]+>", "", package.read("word/document.xml").decode())
        for tag, names in having.items():
            if re.search(rf"\{{[{{%][^}}]*{tag}", text):
                names.add(form.stem)
    whole = {"部门汇总报告", "全部项目汇总报告", "复核汇总报告"}
    assert having["封面"] == whole | {"报告-财政部", "报告-曲沃", "报告-张掖", "复核报告"}
    assert having["成文日期"] == whole | {"一页简报", "报告-张掖", "整改通知书"}


def test_every_table_of_the_ledger_is_described():
    described = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "台账.md").read_text("utf-8"), re.MULTILINE)
    assert set(described) | {"event"} == set(METADATA.tables)


# -- decision records ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("record", RECORDS, ids=name)
def test_a_decision_record_has_a_number_a_title_and_a_valid_status(record):
    text = record.read_text("utf-8")
    number = record.name[:4]
    assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", record.name)
    assert text.startswith(f"# {number} ")
    status = re.findall(r"^Status: (.*)$", text, re.MULTILINE)
    assert len(status) == 1
    assert re.fullmatch(r"proposed|accepted|rejected|superseded by \d{4}", status[0])
    if status[0].startswith("superseded"):
        assert status[0][-4:] in {r.name[:4] for r in RECORDS} - {number}
    assert re.search(r"^Date: \d{4}-\d{2}-\d{2}$", text, re.MULTILINE)
    assert f"({record.name})" in (record.parent / "README.md").read_text("utf-8")


def test_decision_records_are_numbered_without_gaps():
    assert [int(record.name[:4]) for record in RECORDS] == list(range(1, len(RECORDS) + 1))


# -- examples in docstrings ---------------------------------------------------------------------------------------

ELSEWHERE = ("__main__", "uno_bridge", "migrations")
"""What only its own program imports: the command itself, LibreOffice's Python, alembic."""


def test_every_example_in_a_docstring_gives_what_it_shows() -> None:
    found = pkgutil.walk_packages(workbook_tools.__path__, "workbook_tools.")
    names = [module.name for module in found if not any(part in module.name for part in ELSEWHERE)]
    modules = {name: importlib.import_module(name) for name in names}
    written = [name for name, module in modules.items() if ">>> " in Path(module.__file__ or "").read_text("utf-8")]
    results = {name: doctest.testmod(modules[name]) for name in written}
    assert {name: result for name, result in results.items() if result.failed} == {}
    assert sum(result.attempted for result in results.values()) > 20
