"""The table of commands. A command's module is loaded when it is called; the help of all needs none of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from workbook_tools.commands.help_layout import lay_out_help, speak_chinese
from workbook_tools.commands.user_folder import find_user_folder


@dataclass(frozen=True, slots=True)
class Entry:
    """A command of the command line."""

    place: str
    """Its module in this package, and the function there, or ``app`` where it is a group of commands of its own."""
    help: str
    reads_files: bool = False
    """It reads files from outside, which is done in other processes."""


COMMANDS = {
    "init": Entry("issuing.init", "建立一次自评的工作文件夹：设置、项目清单和各个子文件夹。"),
    "page": Entry("page.page", "打开网页：在浏览器里一步一步办，不用记命令；不带命令运行 wbt 也打开它。"),
    "templates": Entry("issuing.templates", "生成空白的自评表模板、项目清单模板，并取出报告模板供修改。"),
    "generate": Entry("issuing.generate_command", "按项目清单，为每个项目生成一个锁定的自评工作簿。"),
    "pack": Entry("packing.pack", "为每个主管部门打一个压缩包：它的工作簿、下发通知和怎样填，发出去用。"),
    "import": Entry(
        "importing.import_command",
        "读取现有的自评表（Excel、WPS、Word），写成项目清单，可直接生成工作簿。",
        reads_files=True,
    ),
    "review": Entry(
        "reviewing.review",
        "读取收回的工作簿：核验、检查、评分，写出 审核结果.xlsx 和 审核结果.json。",
        reads_files=True,
    ),
    "run": Entry(
        "whole_round.run", "办一轮：收表以后，审核、退回、出报告、汇总一次做完，最后列出收到什么、还缺什么、先看什么。"
    ),
    "explain": Entry("reviewing.explain", "说明一个工作簿的每项得分是怎样算出来的。"),
    "return": Entry("returns.return_command", "把有错误的工作簿标出问题退回单位，并给每个主管部门写一份退回通知。"),
    "status": Entry(
        "status.status", "查看报送情况：每个项目的状态（缺报、待更正、待说明、可接收、已接收）和先做什么，谁逾期。"
    ),
    "unlock": Entry("ledger.unlock", "给出下发的工作簿的工作表保护密码。"),
    "accept": Entry("ledger.accept", "登记已接收的项目：财政部门认可，不再退回。"),
    "ledger": Entry("ledger_book.app", "台账：核对有没有被改过，查看登记过的事，导出，用备份恢复。"),
    "key": Entry("keys.app", "签名密钥：查看、加入别处的、另做一把、停用、作废。"),
    "merge": Entry(
        "presenting.merge", "按主管部门和全部项目，生成汇总工作簿；并按 汇总表.xlsx 的样子，生成上报用的汇总表。"
    ),
    "report": Entry("presenting.report", "为每个项目、每个主管部门生成 Word 报告。"),
    "sample": Entry("sampling.sample", "抽查：按比例或个数，随机或按风险抽出要复核的项目，种子和原因都记在名单里。"),
    "inspect": Entry(
        "inspecting.inspect", "复核：给抽中的每个项目写一张锁定的复核表；--read 读回复核人填好的，核验、算分。"
    ),
    "rectify": Entry(
        "rectifying.rectify_command",
        "整改：列出要不要整改的事项由财政部门选，给单位发通知，读回答复，登记结论，列出到期的。",
        reads_files=True,
    ),
    "propose": Entry("proposing.propose", "结果应用：按等级提出下年预算怎样安排的建议，写明依据，由财政部门决定。"),
    "export": Entry("exchanging.export", "交换：把自评结果写成别的系统（预算管理一体化）收的表，核对每段文字的长度。"),
    "publish": Entry(
        "publishing.publish",
        "做公开版：已接收项目的自评表和自评报告，去掉内部内容，存成 xlsx、docx 和 pdf，并列出公开清单。",
    ),
    "preview": Entry(
        "preview.preview_command",
        "用内置的例子试一个改过的报告模板或带标签的表：标签写错的指出来，没有错的生成一份预览。",
    ),
    "pdf": Entry("convert.pdf", "把表格和 Word 文档转成 PDF。"),
    "recalc": Entry("convert.recalc", "重新计算工作簿的全部公式并保存，使存在文件里的结果都是最新的。"),
    "bundle": Entry(
        "bundle.bundle", "做离线包：解压就能用的文件夹（Windows、Linux），或供已有 Python 的 Windows 电脑安装的压缩包。"
    ),
    "demo": Entry(
        "demo.demo",
        "用内置的八个真实项目走完全过程：生成、填报、审核、汇总、报告；再接着做编写的第二年，与上年比较、抽查、整改、公开。",
        reads_files=True,
    ),
    "desk": Entry("desk.app", "建立或更新 控制台.xlsm：在 Excel 里看项目进度，点按钮生成、审核、退回、汇总、出报告。"),
    "scheme": Entry("scheme.app", "评分方案：查看、检查、新建、比较。"),
    "draft": Entry("drafts.app", "草稿：单位没有写、由程序根据填报数据起草的文字，查看、确认、撤回。"),
    "macros": Entry("macros.app", "宏：不用 Excel 编译随附的 VBA 源代码，核对工作簿里的宏。"),
    "completion": Entry(
        "completion.completion", "命令补全：写出 bash、zsh、PowerShell 用的脚本，按 Tab 键补全命令和选项。"
    ),
}
"""In the order in which they are listed."""


class LazyCommands(Mapping[str, Any]):
    """The commands of the table as typer's commands, each made when it is asked for."""

    def __getitem__(self, name: str) -> Any:
        entry = COMMANDS[name]
        module, _, attribute = entry.place.partition(".")
        found = getattr(import_module(f"{__package__}.{module}"), attribute)
        app = typer.Typer(rich_markup_mode=None)
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name, help=entry.help)
        else:
            app.command(name, help=entry.help)(found)
        return speak_chinese(typer.main.get_group(app).commands[name])

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class CommandLine(TyperGroup):
    """The group of all commands of the table."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands: Any = LazyCommands()

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names; no module is loaded."""
        return list(COMMANDS)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is called. While its libraries are loaded, so are those of the processes that it will need."""
        entry = COMMANDS.get(args[0]) if args else None
        if entry:
            from workbook_tools.campaign.ledger.author import name_command, name_person, read_person

            name_person(read_person(find_user_folder()))
            name_command(" ".join(args[: 2 if entry.place.endswith(".app") else 1]))
        if entry and entry.reads_files and "--help" not in args:
            from workbook_tools.review.processes import start_ahead

            start_ahead()
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The list of commands in the help; no module is loaded."""
        listed: dict[str, Any] = {name: TyperCommand(name, help=entry.help) for name, entry in COMMANDS.items()}
        TyperGroup(name=self.name, commands=listed).format_commands(ctx, formatter)

    def get_help(self, ctx: Any) -> str:
        """The help in Chinese."""
        return lay_out_help(self, ctx)
