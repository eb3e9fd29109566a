"""Generated pages: ``python tools/generate_docs.py`` writes them, with ``--check`` it compares them.

What the code knows is never typed again in a manual: the catalogue of checks, the commands, the schemas and
the forms are made here. This is for those who work on the source; it runs in a checkout.
"""

from __future__ import annotations

import argparse
import difflib
import io
import json
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer
from lxml import etree
from scheme_docs import generated_part
from typer.core import TyperArgument, TyperGroup, TyperOption

from workbook_tools.commands.main import app
from workbook_tools.core.codes import CODES, Code, Family, Severity
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.paths import replace_file
from workbook_tools.inspection.reports import INSPECTION_TAGS, SAMPLE_TAGS
from workbook_tools.projects import project_list_workbook, projects_json_schema
from workbook_tools.reports.appearance_tags import APPEARANCE_TAGS
from workbook_tools.reports.department_tags import DEPARTMENT_TAGS
from workbook_tools.reports.forms import build_forms
from workbook_tools.reports.issue_forms import GUIDE_TAGS, ISSUE_TAGS
from workbook_tools.reports.project_tags import PROJECT_TAGS
from workbook_tools.reports.rectify_form import RECTIFY_TAGS
from workbook_tools.reports.tags import FormTag
from workbook_tools.reports.whole_tags import BRIEF_TAGS, WHOLE_TAGS
from workbook_tools.results.json_file import json_schema
from workbook_tools.results.parts_index import describe_index
from workbook_tools.returns.notice import NOTICE_TAGS
from workbook_tools.review.frames import FRAMES, FrameColumn
from workbook_tools.rules.scheme import DEFAULT_SCHEME, load_scheme
from workbook_tools.shipped.blanks import BLANK_FORM, BLANK_LIST, draw_blank_form, draw_blank_summary_form
from workbook_tools.summary.list_tags import GROUPS, YUAN, ListKind
from workbook_tools.summary.names import SUMMARY_FORM
from workbook_tools.summary.tags import TEXTS, form_columns

ROOT = Path(__file__).resolve().parent.parent
_GENERATED = "<!-- 本页由 python tools/generate_docs.py 生成，请勿手改。 -->"
_BLOCK = ("<!-- 自动生成开始 -->", "<!-- 自动生成结束 -->")
_SHOWN_LINES = 8
"""Lines of a difference that are printed."""


def pages(root: Path = ROOT) -> dict[str, bytes]:
    """Every generated file, by its path below ``root``. This is the table page → function."""
    scheme = load_scheme(DEFAULT_SCHEME)
    return {
        "docs/校验规则.md": finding_catalogue().encode(),
        "docs/命令参考.md": command_reference().encode(),
        "docs/评分方案.md": with_block((root / "docs" / "评分方案.md").read_text("utf-8"), generated_part()).encode(),
        "docs/schema/review.schema.json": _json(json_schema()),
        "docs/schema/parts.schema.json": _json(describe_index()),
        "docs/schema/projects.schema.json": _json(projects_json_schema()),
        f"templates/{BLANK_FORM}": draw_blank_form(scheme),
        f"templates/{BLANK_LIST}": project_list_workbook(None, scheme),
        f"templates/{SUMMARY_FORM}": draw_blank_summary_form(),
        "docs/汇总表模板.md": with_block((root / "docs" / "汇总表模板.md").read_text("utf-8"), summary_tags()).encode(),
        "docs/报告模板.md": with_block((root / "docs" / "报告模板.md").read_text("utf-8"), report_tags()).encode(),
        "docs/在Python中使用.md": with_block(
            (root / "docs" / "在Python中使用.md").read_text("utf-8"), frame_columns()
        ).encode(),
        **{f"templates/{name}": data for name, data in build_forms().items()},
    }


def _json(schema: Mapping[str, Any]) -> bytes:
    return (json.dumps(schema, ensure_ascii=False, indent=2) + "\n").encode()


def with_block(page: str, content: str) -> str:
    """``page`` with what stands between the two marks replaced. Raises ValueError if a mark is missing."""
    start, end = (page.index(mark) for mark in _BLOCK)
    return f"{page[: start + len(_BLOCK[0])]}\n\n{content.strip()}\n\n{page[end:]}"


# -- 校验规则 ---------------------------------------------------------------------------------------------------------

_MEANING = {
    Severity.ERROR: "要退回单位改正，或由财政部门处理后才能采用",
    Severity.WARNING: "请人看一看，不一定有错",
    Severity.INFO: "写报告、复核时参考，不用退回",
}


def finding_catalogue() -> str:
    """The page 校验规则: every code of :data:`workbook_tools.core.findings.CODES`, by family."""
    return "\n".join([*_catalogue_head(), *(line for family in Family for line in _family(family))]) + "\n"


def _catalogue_head() -> Iterator[str]:
    yield "# 校验规则"
    yield _GENERATED
    yield f"\n程序会检查下面 {len(CODES)} 种情况。代码固定不变，可以放心写进通知和台账；一个代码不会改作别的意思。\n"
    yield from _table(("级别", "含义"), ((s.label, _MEANING[s]) for s in Severity))
    yield (
        "\n级别后注明“试行”的是新检查：那一年度的自评中只作说明，并写明“试行”；从下一年度起按所列级别。"
        "`wbt.toml` 中另有选择的，从其选择。"
    )
    yield "\n一条校验问题总是依次写明：文件、工作表和单元格、栏目，什么不对，现在是什么，应当是什么，怎么办。"
    yield "\n表中各栏的叫法（如“年度指标值”“分值”）是财政部表样上的；实际的提示用本单位所填表样上的叫法。"


def _family(family: Family) -> Iterator[str]:
    codes = [code for code in CODES.values() if code.family is family]
    if not codes:
        return
    yield f"\n## {family}　{family.label}\n"
    usual = load_scheme(DEFAULT_SCHEME).form.labels
    rows = ((c.code, _level(c), c.title, c.rule, c.advice, c.source) for c in (c.under(usual) for c in codes))
    yield from _table(("代码", "级别", "情况", "规则", "怎么办", "依据"), rows)


def _level(code: Code) -> str:
    return code.severity.label + (f"（{code.trial_since}年度试行）" if code.trial_since else "")


def _table(headings: Sequence[str], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    yield _row(headings)
    yield _row(["---"] * len(headings))
    for row in rows:
        yield _row([cell.replace("|", "\\|").replace("\n", " ") for cell in row])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


# -- 在Python中使用 ------------------------------------------------------------------------------------------------------


def frame_columns() -> str:
    """The frames of a result: of each, what a row is, and its columns."""
    return "\n".join(line for name, (rows, columns) in FRAMES.items() for line in _frame(name, rows, columns))


def _frame(name: str, rows: str, columns: Sequence[FrameColumn[Any]]) -> Iterator[str]:
    yield f"### `{name}`：{rows}\n"
    described = ((f"`{c.name}`", f"`{c.dtype}`", c.unit.replace("unit", "`unit`"), c.meaning) for c in columns)
    yield from _table(("列", "类型", "单位", "内容"), described)
    yield ""


# -- 命令参考 ---------------------------------------------------------------------------------------------------------


def command_reference() -> str:
    """The page 命令参考: every command with its arguments and options, from the typer app itself."""
    root = typer.main.get_command(app)
    head = [
        "# 命令参考",
        _GENERATED,
        f"\n{root.help}\n",
        "`wbt` 和 `workbook-tools` 是同一个程序，下面都写 `wbt`。任何命令加 `--help` 显示用法。\n",
        *_table(("选项", "说明"), _options(root)),
        "\n退出码（给脚本用）：\n",
        *_table(("退出码", "含义"), iter(EXIT_CODES)),
    ]
    return "\n".join([*head, *_commands(root, "wbt")]) + "\n"


EXIT_CODES = (
    ("0", "完成，没有级别为“错误”的校验问题"),
    ("1", "完成，但有级别为“错误”的校验问题，或有文件没有覆盖"),
    ("2", "没有完成：用法不对、文件夹不对、文件打不开等，屏幕上有一句说明"),
    ("130", "按 Ctrl+C 停止了"),
)


def _commands(group: Any, path: str) -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            if command.invoke_without_command:
                yield from _command(command, f"{path} {name}")
            yield from _commands(command, f"{path} {name}")
        else:
            yield from _command(command, f"{path} {name}")


def _command(command: Any, path: str) -> Iterator[str]:
    arguments = [p for p in command.params if isinstance(p, TyperArgument)]
    options = list(_options(command))
    words = [_metavar(p) if p.required else f"[{_metavar(p)}]" for p in arguments]
    yield f"\n## {path}\n\n{command.help}\n"
    yield f"```text\n{' '.join([path, *words, *(['[选项]'] if options else [])])}\n```"
    if arguments:
        yield ""
        yield from _table(("参数", "说明"), ((_metavar(p), _help(p)) for p in arguments))
    if options:
        yield ""
        yield from _table(("选项", "说明"), iter(options))


def _options(command: Any) -> Iterator[tuple[str, str]]:
    for param in command.params:
        if isinstance(param, TyperOption):
            value = "" if param.is_flag else f" {_metavar(param)}"
            names = "、".join(f"`{name}{value}`" for name in param.opts)
            yield names, _help(param)


def _metavar(param: Any) -> str:
    return str(param.metavar or param.name)


def _help(param: Any) -> str:
    """The help; the default where it is a word that a user could type (what a blank one means, the help says)."""
    default = param.default
    usual = f"默认 `{default}`。" if isinstance(default, str | Path) and str(default) else ""
    return f"{'必须写。' if param.required else ''}{param.help or ''}{usual}"


# -- 汇总表模板 -------------------------------------------------------------------------------------------------------


def summary_tags() -> str:
    """The tags of 汇总表.xlsx and of superiors' tables, from the tables that define their columns."""
    columns = form_columns(ReviewResult(scheme=DEFAULT_SCHEME, year=0))

    def describe(kind: ListKind) -> Iterator[str]:
        rows = (
            (f"`{{{{{tag}}}}}`", one.meaning, "可以" if one.is_number else "")
            for tag, one in columns.items()
            if one.kind is kind and not tag.endswith(YUAN)
        )
        return _table(("标签", "含义", "合计、平均"), rows)

    texts = [(f"`{{{{{tag}}}}}`", meaning) for tag, meaning in TEXTS.items()]
    texts.append((f"`{{{{{ListKind.ALL.tag('…')}}}}}`", "全部项目的：项目数、平均分等，与部门的标签相同"))
    others = "、".join(f"`{{{{{kind.tag('…')}}}}}`" for kind in GROUPS if kind is not ListKind.DEPARTMENT)
    return "\n".join(
        [
            f"金额以万元计；要元的，在标签后面加 `{YUAN}`，如 `{{{{全年预算{YUAN}}}}}`。\n\n每个项目一行的标签：\n",
            *describe(ListKind.PROJECT),
            "\n每个指标一行的标签（同一行里也可以写上面项目的标签）：\n",
            *describe(ListKind.INDICATOR),
            f"\n每个主管部门一行的标签；{others} 除注明的以外都一样，每个实施单位、评分方案、等级一行，单位的另有 `{{{{单位·主管部门}}}}`：\n",
            *describe(ListKind.DEPARTMENT),
            "\n放在哪里都可以的标签：\n",
            *_table(("标签", "含义"), iter(texts)),
        ]
    )


# -- 报告模板 ---------------------------------------------------------------------------------------------------------

_REPORT_TAGS: Mapping[str, tuple[FormTag[Any], ...]] = {
    "项目报告的标签": PROJECT_TAGS,
    "部门汇总报告的标签": DEPARTMENT_TAGS,
    "全部项目汇总报告的标签": WHOLE_TAGS,
    "一页简报的标签": BRIEF_TAGS,
    "封面、目录、版头、落款的标签": APPEARANCE_TAGS,
    "退回通知的标签": NOTICE_TAGS,
    "复核报告的标签": INSPECTION_TAGS,
    "复核汇总报告的标签": SAMPLE_TAGS,
    "下发通知的标签": ISSUE_TAGS,
    "怎样填的标签": GUIDE_TAGS,
    "整改通知书的标签": RECTIFY_TAGS,
}


_LIKE_DEPARTMENT = ("全部项目汇总报告的标签", "一页简报的标签")
"""What these have as the report of a department has it is not told again."""
_TAG_NOTES = {
    "封面、目录、版头、落款的标签": "项目报告、汇总报告、一页简报、复核报告和复核汇总报告的模板都能用；通知的模板没有这些（整改通知书有自己的，见下）。"
}


def report_tags() -> str:
    """The tags of the report forms, from the tables that fill them."""
    lines: list[str] = []
    for heading, tags in _REPORT_TAGS.items():
        note, told = _TAG_NOTES.get(heading, ""), tags
        if heading in _LIKE_DEPARTMENT:
            alike = {(tag.name, tag.meaning, tag.inner) for tag in DEPARTMENT_TAGS}
            told = tuple(tag for tag in tags if (tag.name, tag.meaning, tag.inner) not in alike)
            lacking = [f"`{tag.name}`" for tag in DEPARTMENT_TAGS if tag.name not in {one.name for one in tags}]
            note = f"上面“部门汇总报告的标签”都能用，只是没有{'、'.join(lacking)}。另有的和不同的："
        lines += [f"## {heading}\n", *([note, ""] if note else []), *_table(("标签", "内容"), _tag_rows(told, {})), ""]
    return "\n".join(lines)


def _tag_rows(
    tags: Sequence[FormTag[Any]], told: dict[tuple[FormTag[Any], ...], str], group: str = ""
) -> Iterator[tuple[str, str]]:
    """Tag and meaning; below it what stands in its rows, once where several tags have the same (``told``)."""
    for tag in tags:
        name = f"{group}{tag.name}"
        yield f"`{name}.…`" if tag.keyed else f"`{name}`", tag.meaning
        if tag.inner in told:
            yield f"　`{tag.row}.…`", f"与 `{told[tag.inner]}` 的行相同"
        elif tag.inner:
            if tag.row:
                told[tag.inner] = name
            inner = _tag_rows(tag.inner, told, f"{tag.row or name}.")
            yield from ((f"　{row}", meaning) for row, meaning in inner)


# -- writing and comparing --------------------------------------------------------------------------------------------


def difference(found: bytes, fresh: bytes) -> str:
    """How a file differs from a fresh one, in a few lines; nothing if it does not.

    Office files are compared part by part and as XML: compression and the order of attributes do not matter.
    """
    if found == fresh:
        return ""
    if fresh.startswith(b"PK"):
        return _package_difference(found, fresh)
    lines = difflib.unified_diff(
        found.decode("utf-8", "replace").splitlines(), fresh.decode().splitlines(), "文件", "应为", n=0, lineterm=""
    )
    return "\n".join(list(lines)[2 : 2 + _SHOWN_LINES]) or "行尾或文件末尾不同"


def _package_difference(found: bytes, fresh: bytes) -> str:
    try:
        old, new = _parts(found), _parts(fresh)
    except (zipfile.BadZipFile, etree.XMLSyntaxError) as exc:
        return f"不是完整的 Office 文件：{exc}"
    return "\n".join(f"部件 {name}" for name in sorted(old.keys() | new.keys()) if old.get(name) != new.get(name))


def _parts(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: _canonical(name, archive.read(name)) for name in archive.namelist()}


def _canonical(name: str, part: bytes) -> bytes:
    return etree.tostring(etree.fromstring(part), method="c14n") if name.endswith((".xml", ".rels")) else part


def stale(root: Path = ROOT) -> dict[str, str]:
    """The generated files that are missing or differ from fresh ones, each with what is different."""
    found = {}
    for name, fresh in pages(root).items():
        path = root / name
        told = difference(path.read_bytes(), fresh) if path.is_file() else "文件不存在"
        if told:
            found[name] = told
    return found


def write(root: Path = ROOT) -> list[str]:
    """Write the files that are stale, and only these; returns their names. Raises OutputError."""
    names = list(stale(root))
    fresh = pages(root)
    for name in names:
        replace_file(root / name, fresh[name])
    return names


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """The command; 1 if ``--check`` finds a stale page."""
    parser = argparse.ArgumentParser(prog="python tools/generate_docs.py", description="生成文档页面和模板")
    parser.add_argument("--check", action="store_true", help="只比较，不改动；有过期的页面时退出码为 1")
    if not parser.parse_args(arguments).check:
        for name in write(root):
            sys.stdout.write(f"已更新 {name}\n")
        return 0
    found = stale(root)
    for name, told in found.items():
        sys.stdout.write(f"已过期 {name}\n{told}\n")
    if found:
        sys.stdout.write("请运行 python tools/generate_docs.py 更新。\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
