"""``wbt scheme``: look at schemes, check one, start one, compare two."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from workbook_tools.campaign.defaults import choose_scheme, find_scheme_file, read_own_schemes
from workbook_tools.commands.options import KeyOption
from workbook_tools.commands.screen import console
from workbook_tools.commands.terminal import print_line
from workbook_tools.commands.working_folder import find_campaign, load_known_keys
from workbook_tools.core.errors import OutputError
from workbook_tools.core.values import number_text
from workbook_tools.files.paths import replace_file
from workbook_tools.rules.describe import describe
from workbook_tools.rules.scheme import DEFAULT_SCHEME, builtin_schemes, read_scheme_text
from workbook_tools.rules.scheme_check import check_scheme
from workbook_tools.rules.scheme_tools import differences, new_scheme

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

SchemeName = Annotated[str, typer.Argument(metavar="代号", help="方案的代号，或一个 .toml 文件。")]


@app.command("list")
def list_schemes() -> None:
    """列出可用的评分方案。"""
    schemes = (*builtin_schemes().values(), *read_own_schemes(find_campaign()))
    _print_table("", ("代号", "名称", "依据"), ((s.id, s.name, "；".join(s.sources)) for s in schemes))


@app.command()
def show(name: SchemeName) -> None:
    """用文字说明一个方案怎样计分，与填报说明上的一样。"""
    scheme = choose_scheme(find_campaign(), name)
    print_line(f"{scheme.name}（{scheme.id}）")
    for number, line in enumerate(describe(scheme), 1):
        print_line(f"{number}. {line}")
    print_line("依据：" + "；".join(scheme.sources))
    for line in scheme.assumptions:
        print_line(f"说明：{line}")


@app.command()
def check(name: SchemeName) -> None:
    """检查一个方案文件，一次指出全部错误和所在的行。"""
    file = find_scheme_file(find_campaign(), name)
    problems = check_scheme(read_scheme_text(file), file.name)
    for problem in problems:
        print_line(str(problem))
    print_line(f"{file.name} 有 {len(problems)} 处错误。" if problems else f"{file.name} 没有错误。")
    raise typer.Exit(1 if problems else 0)


@app.command()
def new(
    scheme_id: Annotated[str, typer.Argument(metavar="新代号", help="小写英文字母、数字和短横线。")],
    base: Annotated[str, typer.Option("--from", metavar="代号", help="以哪个方案为底稿。")] = DEFAULT_SCHEME,
) -> None:
    """复制一个方案，每个设置都带说明，改成自己的。"""
    campaign = find_campaign()
    folder = campaign.scheme_folders[0] if campaign else Path.cwd()
    path = folder / f"{scheme_id}.toml"
    text = new_scheme(scheme_id, choose_scheme(campaign, base))
    if path.exists():
        raise OutputError(f"{path} 已经存在，没有覆盖。请换一个代号，或先移走它。")
    replace_file(path, text.encode())
    print_line(f"已生成 {path}。")
    print_line(f'改好后运行 wbt scheme check {scheme_id} 检查；在 wbt.toml 中写 scheme = "{scheme_id}" 就用它评分。')


@app.command()
def diff(
    first: Annotated[str, typer.Argument(metavar="甲", help="一个方案的代号或文件。")],
    second: Annotated[str, typer.Argument(metavar="乙", help="另一个方案的代号或文件。")],
    folder: Annotated[
        Path | None, typer.Option("--folder", metavar="文件夹", help="收回的工作簿：看各项目的得分会变多少。")
    ] = None,
    key: KeyOption = None,
) -> None:
    """比较两个方案：哪些设置不同；用在一批项目上，谁的得分会变、变多少。"""
    campaign = find_campaign()
    a, b = choose_scheme(campaign, first), choose_scheme(campaign, second)
    found = differences(a, b)
    title = f"{a.id} 与 {b.id} 有 {len(found)} 处不同"
    _print_table(title, ("设置", "含义", a.id, b.id), ((item.setting, item.label, item.a, item.b) for item in found))
    if folder is not None:
        from workbook_tools.review.comparing import compare_totals

        totals = compare_totals(folder, load_known_keys(campaign, key), a, b)
        title = f"{len(totals)} 个项目按两个方案的得分"
        rows = (
            (t.name, _points(t.first), t.first_grade, _points(t.second), t.second_grade, _points(t.moved))
            for t in totals
        )
        _print_table(title, ("项目", a.id, "等级", b.id, "等级", "相差"), rows)


def _print_table(title: str, headings: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    table = Table(title=title or None, title_justify="left")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    console.print(table)


def _points(points: float | None) -> str:
    return "—" if points is None else number_text(points)
