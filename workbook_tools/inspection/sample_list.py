"""抽查名单.xlsx: what was drawn and why, every project that could have been, and how to draw the same again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbook_tools.core.values import number_text, percent_text
from workbook_tools.excel.columns import SMALL, Column
from workbook_tools.excel.styles import NOTICE_TINT
from workbook_tools.excel.tables import Table
from workbook_tools.excel.writing import Book
from workbook_tools.inspection.sample_record import Draw, Draws, SampleRow
from workbook_tools.inspection.sampling import SampleRule, name_band

SAMPLE, ALL, METHOD = "抽查名单", "全部项目", "怎样抽的"
_DRAWN, _PICKED = "抽中", "指定"
_NOTE = "抽中的按规则和种子抽出，种子和做法见“怎样抽的”，任何人用同样的种子都能抽出同样的名单；指定的写明原因，不占抽取的名额。"
_ALL_NOTE = "抽的时候已经报送的项目。概率：按规则它被抽中的可能"
_RISK_NOTE = "；风险：它的概率是没有一点风险的项目的几倍"
_HOW = (
    "1．把项目排成一队：同一主管部门的在一起（按清单的次序），部门之内按金额档从小到大，同一档之内按“种子|项目编码”的 SHA-256 值从小到大。",
    "2．每个项目占一段，长度是它的概率；从“种子|”的 SHA-256 值除以 10 的 9 次方的余数（十亿分之几）那一点起，每隔 1 取一点，点落在谁那里就抽中谁。",
    "3．这样每个项目抽中的可能正好是它的概率，每个部门（每一档）抽到的个数等于应占的份额，不是整数的进一或者舍去。",
    "文字按 UTF-8 编码；SHA-256 值看作一个整数。用别的程序照此计算，结果相同。",
)


def draw_sample_list(draws: Draws, title: str) -> bytes:
    """The workbook of the sample in force. There is one."""
    draw = draws.draws[-1]
    with Book(title=title, kind=SAMPLE) as book:
        sample, everybody, method = map(book.sheet, (SAMPLE, ALL, METHOD))
        listed = Table(sample, [*_project_columns(draw.rule), *_sample_columns()], title, _NOTE, size=SMALL)
        listed.add_all(list(enumerate(draw.chosen, 1)))
        listed.finish(keep=3)
        whole = Table(
            everybody,
            [*_project_columns(draw.rule), *_chance_columns(draw.rule)],
            ALL,
            _ALL_NOTE + _RISK_NOTE * draw.rule.by_risk,
            size=SMALL,
        )
        whole.add_all(list(enumerate(draw.rows, 1)))
        whole.finish(keep=3)
        whole.tint("state", {_DRAWN: NOTICE_TINT, _PICKED: NOTICE_TINT})
        lines = Table(method, _METHOD_COLUMNS, METHOD, "按这里写的做法和种子重新计算，名单相同。")
        lines.add_all(list(_tell_method(draws)))
        lines.finish(keep=1)
    return book.bytes()


_Entry = tuple[int, SampleRow]


def _project_columns(rule: SampleRule) -> list[Column[_Entry]]:
    bands: list[Column[_Entry]] = (
        [Column("band", "金额档", 11, lambda e: name_band(e[1].amount, rule.bands), "text_center")]
        if rule.bands
        else []
    )
    return [
        Column("number", "序号", 5, lambda e: e[0], "text_center"),
        Column("code", "项目编码", 10, lambda e: e[1].code),
        Column("name", "项目名称", 22, lambda e: e[1].name),
        Column("department", "主管部门", 13, lambda e: e[1].department),
        Column("unit", "实施单位", 13, lambda e: e[1].unit),
        Column("amount", "全年预算\n（万元）", 10, lambda e: e[1].amount, "money"),
        *bands,
        Column("rate", "预算\n执行率", 8, lambda e: e[1].rate, "percent"),
        Column("score", "得分", 7, lambda e: e[1].score, "decimal"),
        Column("grade", "等级", 7, lambda e: e[1].grade, "text_center"),
    ]


def _sample_columns() -> list[Column[_Entry]]:
    return [
        Column("state", "怎样选的", 8, lambda e: _PICKED if e[1].picked else _DRAWN, "text_center"),
        Column("reason", "原因", 36, lambda e: tell_reason(e[1])),
    ]


def _chance_columns(rule: SampleRule) -> list[Column[_Entry]]:
    risk: list[Column[_Entry]] = [
        Column("risk", "风险", 6, lambda e: e[1].risk, "decimal"),
        Column("reason", "风险在哪里", 24, lambda e: "；".join(e[1].reasons)),
    ]
    return [
        Column("probability", "概率", 8, lambda e: e[1].probability, "percent"),
        *(risk if rule.by_risk else []),
        Column("state", "结果", 7, lambda e: _PICKED if e[1].picked else _DRAWN if e[1].drawn else "", "text_center"),
    ]


def tell_reason(row: SampleRow) -> str:
    """Why a project is in the sample.

    >>> row = SampleRow(code="A", name="", department="", unit="", probability=0.15, drawn=True)
    >>> tell_reason(row)
    '随机抽中（概率 15%）'
    """
    parts = [f"指定：{row.picked}"] if row.picked else []
    if row.drawn:
        how = "必查" if row.probability == 1 else "按风险抽中" if row.reasons or row.risk > 1 else "随机抽中"
        because = f"：{'；'.join(row.reasons)}" if row.reasons else ""
        parts.append(f"{how}（概率 {percent_text(row.probability)}）{because}")
    return "。".join(parts)


_METHOD_COLUMNS: tuple[Column[tuple[str, str]], ...] = (
    Column("what", "项", 16, lambda line: line[0]),
    Column("how", "内容", 90, lambda line: line[1]),
)


def _tell_method(draws: Draws) -> Iterator[tuple[str, str]]:
    draw = draws.draws[-1]
    yield "种子", draw.seed
    yield "时间", f"{draw.at}　{draw.by}".strip()
    yield (
        "范围",
        f"已报送的 {len(draw.rows)} 个项目" + (f"；没有报送的 {draw.missing} 个不在内" if draw.missing else ""),
    )
    yield (
        "抽取",
        f"{sum(row.drawn for row in draw.rows)} 个；另外指定 {sum(not r.drawn and bool(r.picked) for r in draw.rows)} 个",
    )
    yield "规则", "；".join(tell_rule(draw.rule))
    for number, line in enumerate(_HOW):
        yield "做法" if not number else "", line
    yield from _tell_earlier(draws.draws[:-1], draw.because)


def tell_rule(rule: SampleRule) -> Iterator[str]:
    """The rule in words."""
    yield f"抽 {rule.count} 个" if rule.count else f"按 {percent_text(rule.share)} 抽，不是整数的进一"
    if rule.per_department:
        yield f"每个部门至少 {rule.per_department} 个"
    if rule.bands:
        yield f"金额分档：{'、'.join(map(number_text, rule.bands))}万元"
    if not rule.by_risk:
        yield "各项目可能相同"
        return
    risk = rule.risk
    yield (
        f"按风险加权：1＋{number_text(risk.findings)}×问题＋{number_text(risk.amount)}×金额＋{number_text(risk.execution)}×执行率"
        f"＋{number_text(risk.last_year)}×比上年下降，各项在 0 和 1 之间"
    )


def _tell_earlier(earlier: Sequence[Draw], because: str) -> Iterator[tuple[str, str]]:
    """The samples that were drawn before, and why they do not count."""
    reasons = [*(draw.because for draw in earlier[1:]), because]
    for draw, reason in zip(earlier, reasons, strict=False):
        codes = "、".join(row.code for row in draw.chosen)
        yield (
            "以前抽的（作废）",
            f"{draw.at}，种子 {draw.seed}，{'；'.join(tell_rule(draw.rule))}。重抽的原因：{reason}。当时抽中：{codes}",
        )
