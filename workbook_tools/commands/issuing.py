"""``wbt init``, ``templates``, ``generate``: the working folder, blank forms, and the workbooks for the units."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.defaults import choose_scheme, read_list
from workbook_tools.campaign.folder import LIST_FILE
from workbook_tools.campaign.ledger.keeping import note_issued
from workbook_tools.commands.options import KeyOption, Quiet, SchemeOption, YearOption
from workbook_tools.commands.terminal import print_findings, print_line, print_warning, watched
from workbook_tools.commands.working_folder import find_campaign, load_key, need_campaign
from workbook_tools.core.codes import Severity
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.model import Project
from workbook_tools.files.paths import replace_file
from workbook_tools.form.fields import Notice
from workbook_tools.projects import project_list_workbook
from workbook_tools.rules.scheme import DEFAULT_SCHEME, Scheme, load_scheme
from workbook_tools.shipped.blanks import write_blanks
from workbook_tools.workbooks.generating import Generated, generate

log = logging.getLogger(__name__)


def init(
    folder: Annotated[Path, typer.Argument(metavar="文件夹", help="要建立的工作文件夹。")],
    year: Annotated[int, typer.Option(metavar="年度", show_default=False, help="评价年度，默认为去年。")] = 0,
    authority: Annotated[str, typer.Option(metavar="单位", help="组织自评的单位，如 某县财政局。")] = "",
    scheme: Annotated[str, typer.Option(metavar="代号", help="评分方案；用 wbt scheme list 查看。")] = DEFAULT_SCHEME,
    deadline: Annotated[str, typer.Option(metavar="日期", help="报送截止日期，印在填报说明上。")] = "",
    contact: Annotated[str, typer.Option(metavar="文字", help="咨询电话和联系人，印在填报说明上。")] = "",
) -> None:
    """建立一次自评的工作文件夹：设置、项目清单和各个子文件夹。"""
    chosen = load_scheme(scheme)
    settings = Settings(
        year=year or date.today().year - 1, authority=authority, scheme=scheme, deadline=deadline, contact=contact
    )
    campaign = Campaign.create(folder, settings)
    if not campaign.project_list.exists():
        replace_file(campaign.root / LIST_FILE, project_list_workbook(None, chosen))
    print_line(f"已建立工作文件夹 {folder}。")
    print_line(f"下一步：填写其中的 {LIST_FILE}，再进入该文件夹运行 wbt generate。")
    print_line("文件夹 .wbt 中有签名密钥，请一并备份，不要外发。")


def templates(
    folder: Annotated[Path, typer.Argument(metavar="文件夹", help="放空白模板的文件夹。")],
    scheme: Annotated[
        str, typer.Option("--scheme", metavar="代号", help="评分方案；用 wbt scheme list 查看。")
    ] = DEFAULT_SCHEME,
) -> None:
    """生成空白的自评表模板、项目清单模板，并取出报告模板供修改。"""
    for path in write_blanks(folder, choose_scheme(find_campaign(), scheme)):
        print_line(f"已生成 {path}")


def generate_command(
    project_list: Annotated[
        Path | None, typer.Argument(metavar="项目清单", help="项目清单 .xlsx 或 .json，默认用工作文件夹里的。")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="文件夹", help="放工作簿的文件夹，默认为 下发。")] = None,
    prefill: Annotated[bool, typer.Option("--prefill", help="清单（JSON）里已有的填报内容一并填入。")] = False,
    only: Annotated[
        list[str] | None, typer.Option("--project", metavar="编码", help="只生成这个编码的项目，可写多次。")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="清单改过后，覆盖已生成的工作簿。")] = False,
    macros: Annotated[
        bool, typer.Option("--macros", help="生成带宏按钮的 .xlsm；公式、校验和得分与 .xlsx 相同。")
    ] = False,
    year: YearOption = 0,
    scheme: SchemeOption = "",
    key: KeyOption = None,
    quiet: Quiet = False,
) -> None:
    """按项目清单，为每个项目生成一个锁定的自评工作簿。"""
    campaign = find_campaign() if project_list is None or out is None else None
    campaign = campaign or Campaign.find(project_list.resolve().parent if project_list else Path.cwd())
    if campaign is None and (project_list is None or out is None):
        need_campaign("项目清单和 --out 文件夹")
    source = project_list or need_campaign("项目清单").project_list
    target = out or need_campaign("--out 文件夹").folder("下发")
    listed, findings = read_list(campaign, source, year, scheme)
    errors = print_findings(findings, rest="改好上面这些后再运行一次")
    wrong = {f.project_code for f in findings if f.severity is Severity.ERROR}
    if "" in wrong and not listed.projects:
        raise SettingsError("项目清单有误，没有生成工作簿。请按上面的提示改正后重新运行。")
    chosen = [p for p in listed.projects if p.code not in wrong and (not only or p.code in only)]
    if only and (unknown := set(only) - {p.code for p in listed.projects}):
        raise SettingsError(f"清单中没有这些项目编码：{'、'.join(sorted(unknown))}。")

    def scheme_of(project: Project) -> Scheme:
        return choose_scheme(campaign, project.scheme or scheme)

    notice = campaign.notice if campaign else Notice()
    office = load_key(campaign, key)
    work = generate(chosen, target, office, notice, scheme_of, prefill=prefill, overwrite=overwrite, macros=macros)
    made, kept, failed = _made(watched("生成", work, len(chosen), quiet))
    log.info("生成 %d 个，没有覆盖 %d 个，在 %s", len(made), kept, target)
    print_warning(note_issued(campaign, made, office, scheme_of, datetime.now(UTC)))
    print_line(f"已生成 {len(made)} 个工作簿，在 {target}。")
    other = ".xlsx" if macros else ".xlsm"
    if twins := sum(item.path.with_suffix(other).exists() for item in made):
        print_warning(f"其中 {twins} 个项目在这个文件夹里另有 {other} 的工作簿，请移走不发的那一种，免得单位收到两份。")
    if not listed.projects:
        print_line(f"清单 {source.name} 里还没有项目，请先填写。")
    if len(listed.projects) > len(chosen) and not only:
        print_line(f"有 {len(listed.projects) - len(chosen)} 个项目因清单有误没有生成。")
    raise typer.Exit(1 if errors or kept or failed else 0)


def _made(work: Iterable[Generated]) -> tuple[list[Generated], int, int]:
    """What was written; how many were left as they are, and how many could not be made: each of those is told."""
    made: list[Generated] = []
    kept = failed = 0
    for item in work:
        if item.finding:
            failed += print_findings([item.finding])
        elif item.kept:
            kept += 1
            print_warning(f"没有覆盖：{item.path} 已存在且内容不同。确要用新清单替换请加 --overwrite。")
        else:
            made.append(item)
    return made, kept, failed
