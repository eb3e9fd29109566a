"""``wbt init``, ``templates``, ``generate``: the working folder, blank forms, and the workbooks for the units."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbook_tools.campaign import Campaign
from workbook_tools.campaign.beginning import begin_campaign, find_named_year
from workbook_tools.campaign.defaults import choose_scheme, read_list_elsewhere
from workbook_tools.campaign.folder import LIST_FILE
from workbook_tools.campaign.issuing import (
    IssuedWorkbooks,
    choose_projects,
    find_superseded,
    issue_workbooks,
    learn_list,
    load_issuing,
    tell_deadline,
    tell_superseded,
)
from workbook_tools.campaign.worker_choice import open_workers
from workbook_tools.commands.options import DaskOption, Fresh, KeyOption, Quiet, SchemeOption, WorkersOption, YearOption
from workbook_tools.commands.terminal import print_findings, print_line, print_warning, show_progress
from workbook_tools.commands.typed_arguments import check_year, split_codes
from workbook_tools.commands.working_folder import find_campaign, load_key, need_campaign
from workbook_tools.core.errors import SettingsError
from workbook_tools.review.lists_elsewhere import Meanwhile
from workbook_tools.rules.scheme import DEFAULT_SCHEME

if TYPE_CHECKING:
    from workbook_tools.campaign.next_year import BegunYear

log = logging.getLogger(__name__)


def init(
    folder: Annotated[Path, typer.Argument(metavar="文件夹", help="要建立的工作文件夹。")],
    year: Annotated[
        int,
        typer.Option(
            metavar="年度",
            show_default=False,
            callback=check_year,
            help="评价年度，默认为文件夹名称中的年份，没有的为去年；有 --from 的为上年的下一年。",
        ),
    ] = 0,
    authority: Annotated[str, typer.Option(metavar="单位", help="组织自评的单位，如 某县财政局。")] = "",
    scheme: Annotated[
        str, typer.Option(metavar="代号", show_default=DEFAULT_SCHEME, help="评分方案；用 wbt scheme list 查看。")
    ] = "",
    deadline: Annotated[str, typer.Option(metavar="日期", help="报送截止日期，印在填报说明上。")] = "",
    contact: Annotated[str, typer.Option(metavar="文字", help="咨询电话和联系人，印在填报说明上。")] = "",
    earlier: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="上年的文件夹",
            help="从上年的工作文件夹接着做：清单（旁边有上年的实际值和得分）、设置、密钥、自己的方案和模板都带过来。",
        ),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="编码", callback=split_codes, help="上年的这个项目今年不再有，可写多次。"),
    ] = None,
) -> None:
    """Make the folder and say what to do next."""
    given = {"authority": authority, "scheme": scheme, "deadline": deadline, "contact": contact}
    named = year or find_named_year(folder)
    if earlier is not None:
        from workbook_tools.campaign.next_year import (
            begin_next_year,  # it reads forms of today too, which takes long to load
        )

        begun = begin_next_year(Campaign.open(earlier), folder, year=named, without=without or (), changes=given)
        _print_begun(begun, earlier)
        return
    if without:
        raise SettingsError("--without 要和 --from 一起用。没有建立文件夹。")
    made = begin_campaign(folder, year=named or date.today().year - 1, **given)
    print_line(f"已建立 {made.settings.year} 年度的工作文件夹 {folder}。")
    print_line(f"下一步：填写其中的 {LIST_FILE}，再进入该文件夹运行 wbt generate。")
    print_line("文件夹 .wbt 中有签名密钥，请一并备份，不要外发。")
    _print_doubts(made)


def _print_doubts(begun: Campaign) -> None:
    deadlines = begun.settings.deadlines
    print_warning("".join(deadlines.doubts) + deadlines.passed(datetime.now(UTC)))


def _print_begun(begun: BegunYear, earlier: Path) -> None:
    """What was taken over from last year's folder, what was not, and what is to be filled in."""
    root, reached = begun.campaign.root, sum(project.last_score is not None for project in begun.projects)
    print_line(
        f"已建立 {begun.campaign.settings.year} 年度的工作文件夹 {root}，接着 {earlier if earlier.name else earlier.resolve()}。"
    )
    print_line(
        f"{LIST_FILE} 里有 {len(begun.projects)} 个项目，其中 {reached} 个旁边有上年的执行率、得分和等级，指标旁边有上年的目标值、实际值和得分。"
    )
    if begun.left_out:
        print_line(f"没有带过来的项目：{'、'.join(begun.left_out)}。")
    print_line(
        f"设置{''.join(f'、{name}' for name in begun.taken)}也带过来了；截止日期、发文字号、成文日期空着，写在 wbt.toml 里。"
    )
    for trouble in begun.troubles:
        print_warning(trouble)
    _print_doubts(begun.campaign)
    print_line(
        "下一步：在清单里删去今年没有的项目，填写今年的预算、年度目标和目标值，再进入该文件夹运行 wbt generate。"
    )


def templates(
    folder: Annotated[Path, typer.Argument(metavar="文件夹", help="放空白模板的文件夹。")],
    scheme: Annotated[
        str, typer.Option("--scheme", metavar="代号", help="评分方案；用 wbt scheme list 查看。")
    ] = DEFAULT_SCHEME,
) -> None:
    """Write the forms and name each."""
    from workbook_tools.shipped.blanks import write_blanks

    for path in write_blanks(folder, choose_scheme(find_campaign(), scheme)):
        print_line(f"已生成 {path}")


def generate_command(
    project_list: Annotated[
        Path | None, typer.Argument(metavar="项目清单", help="项目清单 .xlsx 或 .json，默认用工作文件夹里的。")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="文件夹", help="放工作簿的文件夹，默认为 下发。")] = None,
    prefill: Annotated[bool, typer.Option("--prefill", help="清单（JSON）里已有的填报内容一并填入。")] = False,
    only: Annotated[
        list[str] | None,
        typer.Option("--project", metavar="编码", callback=split_codes, help="只生成这个编码的项目，可写多次。"),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="清单改过后，覆盖已生成的工作簿。")] = False,
    macros: Annotated[
        bool, typer.Option("--macros", help="生成带宏按钮的 .xlsm；公式、校验和得分与 .xlsx 相同。")
    ] = False,
    year: YearOption = 0,
    scheme: SchemeOption = "",
    key: KeyOption = None,
    workers: WorkersOption = 0,
    dask: DaskOption = "",
    fresh: Fresh = False,
    quiet: Quiet = False,
) -> None:
    """Print what is wrong with the list, what was written and what was not; exit code 1 where something is amiss, 2 where the ledger does not know of it."""
    campaign, source, target = _choose_places(project_list, out)
    find_key = partial(load_key, campaign, key)
    learn = partial(
        learn_list, campaign, find_key, scheme=scheme, macros=macros, workers=workers, dask=dask, fresh=fresh
    )
    meanwhile = Meanwhile(partial(load_issuing, campaign), learn)
    listed, findings = read_list_elsewhere(campaign, source, year, scheme, meanwhile, fresh=fresh)
    errors = print_findings(findings, rest="改好上面这些后再运行一次")
    chosen = choose_projects(listed, findings, only or ())
    office = find_key()
    with open_workers(campaign, workers, dask) as hands, show_progress("生成", quiet) as watch:
        issued = issue_workbooks(
            campaign,
            chosen,
            target,
            office,
            datetime.now(UTC),
            scheme=scheme,
            prefill=prefill,
            overwrite=overwrite,
            macros=macros,
            workers=hands,
            fresh=fresh,
            watch=watch,
        )
    left = _print_left_out(issued)
    print_warning(issued.unrecorded)
    _print_issued(issued, target)
    print_warning(tell_deadline(campaign, issued))
    print_warning(tell_superseded(target, find_superseded(campaign, issued, listed, target)))
    if not listed.projects:
        print_line(f"清单 {source.name} 里还没有项目，请先填写。")
    faulty = 0 if only else len(listed.projects) - len(chosen)
    if faulty:
        print_line(f"有 {faulty} 个项目因清单有误没有生成。")
    raise typer.Exit(2 if issued.unrecorded else 1 if errors or left else 0)


def _choose_places(project_list: Path | None, out: Path | None) -> tuple[Campaign | None, Path, Path]:
    """The list and where its workbooks go; the working folder that one of them is taken from, else that of the list."""
    if project_list and out:
        return Campaign.find(project_list.resolve().parent), project_list, out
    here = need_campaign("项目清单和 --out 文件夹")
    return here, project_list or here.project_list, out or here.folder("下发")


def _print_left_out(issued: IssuedWorkbooks) -> int:
    """Each workbook that was not written, and why; how many there are."""
    for item in issued.items:
        if item.finding:
            print_findings([item.finding])
        elif item.kept:
            print_warning(f"没有覆盖：{item.path} 已存在且内容不同。确要用新清单替换请加 --overwrite。")
    return len(issued.items) - len(issued.made)


def _print_issued(issued: IssuedWorkbooks, target: Path) -> None:
    made, written = len(issued.made), len(issued.written)
    log.info(
        "生成 %d 个，没有变化 %d 个，没有生成或覆盖 %d 个，在 %s",
        written,
        made - written,
        len(issued.items) - made,
        target,
    )
    if written or not made:
        same = f"，另有 {made - written} 个没有变化" if written < made else ""
        print_line(f"已生成 {written} 个工作簿{same}，在 {target}。")
    else:
        print_line(f"没有变化：{made} 个工作簿已在 {target}，与清单一致，没有重写。")
    if twins := issued.twins:
        print_warning(
            f"其中 {len(twins)} 个项目在这个文件夹里另有 {twins[0].suffix} 的工作簿，"
            "请移走不发的那一种，免得单位收到两份。"
        )
