"""Kinds of tampering with what the eye sees, one row each: what is done, and what is found or why it is harmless.

``TAMPERING`` is the table; ``tests/hostile/test_tampering_catalogue.py`` holds it. A mutation works on the good workbook of
:mod:`damage`; its cells: 自评表 H13 a weight, E13 an input number, I13 a score's formula, F16 a list; 预算执行 E8 an input amount.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from damage import ANALYSIS, BASICS, FUNDS, TABLE, Place
from surgery import Patient
from tampering_means import (
    BOOK,
    CHART,
    GROUP,
    LINE,
    PICTURE,
    SHAPE,
    STYLES,
    all_of,
    book,
    child,
    child_text,
    column,
    drawn,
    font,
    frame,
    local_name,
    merged,
    older_shape,
    print_area,
    rich,
    row,
    sheet_state,
    solid,
    styled,
    tinted,
    two_corners,
    typing_check,
    view,
    window,
)

Mutation = Callable[[Patient], None]


@dataclass(frozen=True)
class Tampering:
    """One kind of it."""

    name: str
    """What is done, in Chinese: it stands in docs/篡改对照.md."""
    change: Mutation
    found: tuple[Place, ...] = ()
    """Code, sheet, cell: all that is found, and no other."""
    harmless: str = ""
    """Why nothing is found, in Chinese."""


def seen(name: str, change: Mutation, *found: Place) -> Tampering:
    """A kind that is found."""
    return Tampering(name, change, found)


def harmless(name: str, change: Mutation, why: str) -> Tampering:
    """A kind that changes nothing that counts."""
    return Tampering(name, change, harmless=why)


WHITE, CREAM = 'rgb="FFFFFFFF"', 'rgb="FFFFF9DB"'
GUIDE, STATUS = "填报说明", "校验"
WEIGHT, ACTUAL, SCORE, TIER, TEXT, AMOUNT = "H13", "E13", "I13", "F16", "B9", "H8"
"""On 自评表 a locked weight, an input number, a formula, a list; on 绩效分析 a text; on 预算执行 an input amount."""

TEXTS = (
    seen("表头“权重”换成别的字", lambda p: p.put(TABLE, "H12", "得分上限"), ("TAMPER21", TABLE, "H12")),
    seen("金额的单位“万元”换成“元”", lambda p: p.put(FUNDS, "A2", "单位：元。"), ("TAMPER21", FUNDS, "A2")),
    seen("表的标题换掉", lambda p: p.put(TABLE, "A1", "项目支出绩效自评表（已审核）"), ("TAMPER21", TABLE, "A1")),
    seen("行次的公式说明换掉", lambda p: p.put(FUNDS, "B8", "9"), ("TAMPER21", FUNDS, "B8")),
    seen("标签清空", lambda p: p.put(BASICS, "A3", None), ("TAMPER21", BASICS, "A3")),
    seen("标签换成公式，显示的一样", lambda p: p.put(BASICS, "A3", "项目名称", formula='"项目"&"名称"'), ("TAMPER21", BASICS, "A3")),
    seen("标签换成公式，显示别的", lambda p: p.put(BASICS, "A3", "名称", formula='"名称"'), ("TAMPER21", BASICS, "A3")),
    seen("填报说明的一句话换掉", lambda p: p.put(GUIDE, "B12", "金额的单位是元。"), ("TAMPER21", GUIDE, "B12")),
    seen("两个标签对调", lambda p: p.swap(BASICS, "A3", "A4"), ("TAMPER21", BASICS, "A3")),
    seen("几处标签一起换，合成一条", all_of(lambda p: p.put(FUNDS, "A7", "年初预算"), lambda p: p.put(FUNDS, "A8", "预算")), ("TAMPER21", FUNDS, "A7")),
    seen("表内空格里加一句话", lambda p: p.insert(TABLE, "N13", "已核定 20 分"), ("TAMPER21", TABLE, "N13")),
    seen("表格下面加一句话", lambda p: p.put(TABLE, "A40", "经复核，总分 100"), ("TAMPER21", TABLE, "A40")),
    harmless("标签前后多了空格", lambda p: p.put(BASICS, "A3", " 项目名称 "), "有的程序保存时这样改；看起来一样"),
)  # fmt: skip

HIDDEN_TEXTS = (
    seen("锁定的权重用白字", styled(TABLE, WEIGHT, font=font(WHITE), fill=solid(WHITE)), ("TAMPER25", TABLE, WEIGHT)),
    seen("填报的数字用与底色一样的字", styled(TABLE, ACTUAL, font=font(CREAM)), ("TAMPER25", TABLE, ACTUAL)),
    seen("得分公式用灰底灰字", styled(TABLE, SCORE, font=font('rgb="FFF2F2F2"')), ("TAMPER25", TABLE, SCORE)),
    seen("文字用比底色略深的颜色", styled(ANALYSIS, TEXT, font=font('rgb="FFF0EACC"')), ("TAMPER25", ANALYSIS, TEXT)),
    seen("字用主题的背景色", styled(TABLE, WEIGHT, font=font('theme="0"'), fill=solid(WHITE)), ("TAMPER25", TABLE, WEIGHT)),
    seen("字用主题色调淡到看不见", styled(TABLE, WEIGHT, font=font('theme="4" tint="0.95"'), fill=solid(WHITE)), ("TAMPER25", TABLE, WEIGHT)),
    seen("字用调色板里的白色", styled(TABLE, WEIGHT, font=font('indexed="9"'), fill=solid(WHITE)), ("TAMPER25", TABLE, WEIGHT)),
    seen("黑字黑底", styled(TABLE, WEIGHT, font=font('rgb="FF000000"'), fill=solid('rgb="FF000000"')), ("TAMPER25", TABLE, WEIGHT)),
    seen("字号 1", styled(TABLE, WEIGHT, font=font(size=1)), ("TAMPER25", TABLE, WEIGHT)),
    seen("填报的文字字号 2", styled(ANALYSIS, TEXT, font=font(size=2)), ("TAMPER25", ANALYSIS, TEXT)),
    seen("数字用符号字体", styled(TABLE, WEIGHT, font=font(name="Wingdings")), ("TAMPER25", TABLE, WEIGHT)),
    seen("缩进把数字推出单元格", styled(TABLE, WEIGHT, alignment='horizontal="left" indent="200"'), ("TAMPER25", TABLE, WEIGHT)),
    seen("用“填充”对齐把 1 显示成 111", styled(TABLE, ACTUAL, alignment='horizontal="fill"'), ("TAMPER25", TABLE, ACTUAL)),
    seen("数字格式 ;;; 藏起权重", styled(TABLE, WEIGHT, code=";;;"), ("TAMPER25", TABLE, WEIGHT)),
    seen("数字格式 ;;; 藏起填报的数字", styled(TABLE, ACTUAL, code=";;;"), ("TAMPER25", TABLE, ACTUAL)),
    seen("数字格式 ;;; 藏起得分", styled(TABLE, SCORE, code=";;;"), ("TAMPER25", TABLE, SCORE)),
    seen("数字格式只写空白", styled(TABLE, ACTUAL, code='" "'), ("TAMPER25", TABLE, ACTUAL)),
    seen("数字格式 ;;; 藏起文字", styled(ANALYSIS, TEXT, code=";;;"), ("TAMPER25", ANALYSIS, TEXT)),
    seen("一句话中间的几个字用底色", rich(ANALYSIS, TEXT, ("全部完成", ""), ("（有两处没有完成）", f"<color {CREAM}/>")), ("TAMPER25", ANALYSIS, TEXT)),
    seen("一句话中间的几个字，字号 1", rich(ANALYSIS, TEXT, ("全部完成", ""), ("的没有", '<sz val="1"/>')), ("TAMPER25", ANALYSIS, TEXT)),
    seen("写在单元格里的文字，几个字用底色", rich(ANALYSIS, TEXT, ("全部", ""), ("没有", f"<color {CREAM}/>"), inline=True), ("TAMPER25", ANALYSIS, TEXT)),
    seen("白字黑底，几个字用黑字", all_of(rich(ANALYSIS, TEXT, ("全部完成", ""), ("的没有", '<color rgb="FF000000"/>')), styled(ANALYSIS, TEXT, font=font(WHITE), fill=solid('rgb="FF000000"'))), ("TAMPER25", ANALYSIS, TEXT)),
    seen("填报的数字画删除线", styled(TABLE, ACTUAL, font=font(more="<strike/>")), ("TAMPER38", TABLE, ACTUAL)),
    seen("权重画删除线", styled(TABLE, WEIGHT, font=font(more='<strike val="1"/>')), ("TAMPER38", TABLE, WEIGHT)),
    seen("一句话中间的几个字画删除线", rich(ANALYSIS, TEXT, ("全部完成", ""), ("的没有", "<strike/>")), ("TAMPER38", ANALYSIS, TEXT)),
    seen("一格画了斜线", styled(TABLE, WEIGHT, border='<border diagonalUp="1"><left/><right/><top/><bottom/><diagonal style="thick"/></border>'), ("TAMPER38", TABLE, WEIGHT)),
    harmless("写明不画删除线", styled(TABLE, ACTUAL, font=font(more='<strike val="0"/>')), "LibreOffice 这样写，没有删除线"),
    harmless("没有填的空格画删除线", styled(TABLE, "J13", font=font(more="<strike/>")), "没有内容，看不见删除线"),
    harmless("文字转 90 度、竖排", all_of(styled(TABLE, WEIGHT, alignment='textRotation="90"'), styled(TABLE, ACTUAL, alignment='textRotation="255"')), "转过来看得清"),
    harmless("一句话里几个字加粗、标红", rich(ANALYSIS, TEXT, ("全部", '<b/><color rgb="FFFF0000"/>'), ("完成了。", "")), "看得清"),
    harmless("文字上面注音", rich(ANALYSIS, TEXT, ("全部完成了。", ""), above="没有"), "注音不是内容，不读取"),
    seen("几处白字合成一条", styled(TABLE, WEIGHT, "H14", "H15", font=font(WHITE), fill=solid(WHITE)), ("TAMPER25", TABLE, WEIGHT)),
    harmless("深蓝的字", styled(TABLE, WEIGHT, font=font('rgb="FF1F3864"')), "看得清"),
    harmless("填报的数字用 8 号字", styled(TABLE, ACTUAL, font=font(size=8)), "看得清"),
    harmless("数字格式藏起负数，填的是正数", styled(TABLE, ACTUAL, code="General;;"), "填的数字看得见"),
)  # fmt: skip

NUMBER_FORMATS = (
    seen("权重的格式写死为 30", styled(TABLE, WEIGHT, code='"30"'), ("TAMPER26", TABLE, WEIGHT)),
    seen("得分的格式写死为 100", styled(TABLE, SCORE, code='"100"'), ("TAMPER26", TABLE, SCORE)),
    seen("执行率的格式换成 0.00", styled(FUNDS, "C12", code="0.00"), ("TAMPER26", FUNDS, "C12")),
    seen("执行率的格式写死为 100%", styled(FUNDS, "C12", code='"100%"'), ("TAMPER26", FUNDS, "C12")),
    seen("预算数去掉小数位", styled(FUNDS, "H7", code="0"), ("TAMPER26", FUNDS, "H7")),
    seen("预算数按千显示", styled(FUNDS, "H7", code="#,##0,"), ("TAMPER26", FUNDS, "H7")),
    seen("目标值的单位换掉", styled(TABLE, "D13", code='"≥"General"米"'), ("TAMPER26", TABLE, "D13")),
    seen("目标值的 ≥ 换成 ≤", styled(TABLE, "D13", code='"≤"General"公里"'), ("TAMPER26", TABLE, "D13")),
    seen("填报的数字显示为另一个数", styled(TABLE, ACTUAL, code='"1,200"'), ("TAMPER26", TABLE, ACTUAL)),
    seen("填报的数字前面加一位", styled(TABLE, ACTUAL, code='"9"0'), ("TAMPER26", TABLE, ACTUAL)),
    seen("填报的数字后面写“万”", styled(TABLE, ACTUAL, code='0"万"'), ("TAMPER26", TABLE, ACTUAL)),
    seen("填报的金额按千显示", styled(FUNDS, AMOUNT, code="#,##0,"), ("TAMPER26", FUNDS, AMOUNT)),
    seen("填报的金额按条件显示", styled(FUNDS, AMOUNT, code='[>100]"200";0.00'), ("TAMPER26", FUNDS, AMOUNT)),
    seen("格式用 9 填满单元格", styled(TABLE, ACTUAL, code="*90"), ("TAMPER26", TABLE, ACTUAL)),
    seen("填报的数字写成白色的格式", styled(TABLE, ACTUAL, code="[White]0"), ("TAMPER26", TABLE, ACTUAL)),
    seen("填报的百分数舍去到一位", styled(TABLE, "E14", code="0"), ("TAMPER26", TABLE, "E14")),
    seen("填报的文字换成写死的文字", styled(ANALYSIS, TEXT, code='0;0;0;"已全部完成"'), ("TAMPER26", ANALYSIS, TEXT)),
    harmless("填报的数字用千分位", styled(TABLE, ACTUAL, code="#,##0.00"), "显示的还是这个数"),
    harmless("填报的数字用“常规”", styled(TABLE, ACTUAL, built_in=1), "显示的还是这个数"),
    harmless("填报的百分数按小数显示", styled(TABLE, "E14", code="0.00"), "显示的还是这个数"),
    harmless("填报的金额带人民币符号", styled(FUNDS, AMOUNT, code='"¥"#,##0.00'), "显示的还是这个数"),
    harmless("同一格式的另一种写法", styled(TABLE, "D13", code='\\≥General\\公\\里'), "LibreOffice 这样写，显示的一样"),
)  # fmt: skip

HIDDEN_LINES = (
    seen("隐藏指标的两行", row(TABLE, 13, 14, hidden="1"), ("TAMPER24", TABLE, "B13")),
    seen("行高压到 0", row(TABLE, 13, ht="0", customHeight="1"), ("TAMPER24", TABLE, "B13")),
    seen("行高压到 2 磅", row(TABLE, 13, ht="2", customHeight="1"), ("TAMPER24", TABLE, "B13")),
    seen("隐藏权重一列", column(TABLE, 8, hidden="1"), ("TAMPER24", TABLE, "H13")),
    seen("列宽压到 0", column(TABLE, 8, width="0", customWidth="1"), ("TAMPER24", TABLE, "H13")),
    seen("列宽压到半个字", column(TABLE, 8, width="0.5", customWidth="1"), ("TAMPER24", TABLE, "H13")),
    seen("冻结窗格把上面的行挡在外面", view(TABLE, '<pane ySplit="1" topLeftCell="A14" state="frozen"/>', topLeftCell="A13"), ("TAMPER24", TABLE, "A1")),
    harmless("行高加大", row(TABLE, 13, ht="90", customHeight="1"), "内容更容易看清"),
    harmless("列宽加大", column(TABLE, 8, width="40", customWidth="1"), "内容更容易看清"),
    harmless("隐藏表格右边的空列", child(TABLE, '<cols><col min="30" max="40" width="0" hidden="1"/></cols>'), "那里没有内容"),
    harmless("隔开两部分的空列隐藏", column(TABLE, 11, hidden="1"), "那里没有内容"),
)  # fmt: skip

SHEETS_HIDDEN = (
    seen("隐藏一张表", sheet_state(TABLE, "hidden"), ("TAMPER22", TABLE, "")),
    seen("深度隐藏一张表", sheet_state(FUNDS, "veryHidden"), ("TAMPER22", FUNDS, "")),
    seen("真表隐藏，仿制一张给人看", all_of(lambda p: p.double(TABLE, "自评表 (2)"), sheet_state(TABLE, "veryHidden")), ("TAMPER22", TABLE, ""), ("TAMPER23", "自评表 (2)", "")),
    seen("仿制的表与真表并排", lambda p: p.double(FUNDS, "预算执行 (2)"), ("TAMPER23", "预算执行 (2)", "")),
    harmless("显示“标识”表", sheet_state("标识", "visible"), "里面是下发时的签名，显示出来不改变什么"),
    seen("不显示工作表标签", window(showSheetTabs="0"), ("TAMPER33", "", "")),
    harmless("打开时停在别的表", window(activeTab="3"), "别的表仍可点开"),
)  # fmt: skip

MERGES = (
    seen("填报单元格与右边的权重合并", merged(TABLE, "E13:H13"), ("TAMPER27", TABLE, "F13")),
    seen("两行的填报单元格合并", merged(TABLE, "E13:E14"), ("TAMPER27", TABLE, "E14")),
    seen("权重与得分合并", merged(TABLE, "H13:I13"), ("TAMPER27", TABLE, "I13")),
    harmless("表外的单元格合并", merged(TABLE, "P30:Q31"), "没有盖住下发的单元格"),
    harmless("合并的单元格拆开", lambda p: p.remove(TABLE, "mergeCells"), "内容还在第一格里，看得见"),
)  # fmt: skip

_OVER, _BESIDE = ((4, 12), (6, 13)), ((20, 12), (22, 13))
DRAWINGS = (
    seen("文本框盖住完成值和得分", drawn(TABLE, two_corners(SHAPE.format(hidden=""), *_OVER)), ("TAMPER28", TABLE, "E13")),
    seen("图片盖住", drawn(TABLE, two_corners(PICTURE, *_OVER)), ("TAMPER28", TABLE, "E13")),
    seen("图表盖住", drawn(TABLE, two_corners(CHART, *_OVER)), ("TAMPER28", TABLE, "E13")),
    seen("线条划掉一格", drawn(TABLE, two_corners(LINE, (5, 12), (5, 12))), ("TAMPER28", TABLE, "F13")),
    seen("组合图形盖住", drawn(TABLE, two_corners(GROUP, *_OVER)), ("TAMPER28", TABLE, "E13")),
    seen("控件盖住", older_shape(TABLE, "Label", "4, 2, 12, 2, 6, 5, 13, 5"), ("TAMPER28", TABLE, "E13")),
    seen("一直打开的批注盖住", older_shape(TABLE, "Note", "4, 2, 12, 2, 6, 5, 13, 5", "<x:Visible/>"), ("TAMPER28", TABLE, "E13")),
    harmless("鼠标移上去才显示的批注", older_shape(TABLE, "Note", "4, 2, 12, 2, 6, 5, 13, 5"), "平时不显示"),
    harmless("表格旁边的图片", drawn(TABLE, two_corners(PICTURE, *_BESIDE)), "没有盖住内容"),
    harmless("隐藏的图形", drawn(TABLE, two_corners(SHAPE.format(hidden=' hidden="1"'), *_OVER)), "不显示"),
)  # fmt: skip

_RED = '<font><color rgb="FFC00000"/></font><fill><patternFill><bgColor rgb="FFFDE3E1"/></patternFill></fill>'
RULES = (
    seen("条件格式把权重变成白字", tinted(TABLE, WEIGHT, '<font><color rgb="FFFFFFFF"/></font><fill><patternFill><bgColor rgb="FFFFFFFF"/></patternFill></fill>'), ("TAMPER25", TABLE, WEIGHT)),
    seen("条件格式把数字变成 ;;;", tinted(TABLE, WEIGHT, '<numFmt numFmtId="200" formatCode=";;;"/>'), ("TAMPER25", TABLE, WEIGHT)),
    seen("条件格式的底色与字相同", tinted(TABLE, ACTUAL, '<fill><patternFill><bgColor rgb="FF1F1F1F"/></patternFill></fill>'), ("TAMPER25", TABLE, ACTUAL)),
    seen("数据条不显示数字", tinted(TABLE, ACTUAL, rule='<cfRule type="dataBar" priority="1"><dataBar showValue="0"><cfvo type="min"/><cfvo type="max"/><color rgb="FF63C384"/></dataBar></cfRule>'), ("TAMPER25", TABLE, ACTUAL)),
    seen("图标集不显示数字", tinted(TABLE, ACTUAL, rule='<cfRule type="iconSet" priority="1"><iconSet showValue="0"><cfvo type="percent" val="0"/><cfvo type="percent" val="50"/></iconSet></cfRule>'), ("TAMPER25", TABLE, ACTUAL)),
    seen("另加的条件格式给得分涂绿", tinted(TABLE, SCORE, '<font><color rgb="FF00B050"/></font>'), ("TAMPER29", TABLE, SCORE)),
    seen("条件格式改数字格式", tinted(TABLE, SCORE, '<numFmt numFmtId="201" formatCode="&quot;100&quot;"/>'), ("TAMPER29", TABLE, SCORE)),
    seen("色阶", tinted(TABLE, ACTUAL, rule='<cfRule type="colorScale" priority="1"><colorScale><cfvo type="min"/><cfvo type="max"/><color rgb="FFFFFFFF"/><color rgb="FF63C384"/></colorScale></cfRule>'), ("TAMPER29", TABLE, ACTUAL)),
    seen("条件格式画删除线", tinted(TABLE, ACTUAL, "<font><strike/></font>"), ("TAMPER29", TABLE, ACTUAL)),
    harmless("条件格式都去掉", lambda p: p.remove(TABLE, "conditionalFormatting"), "它们只标出没填和填错的；集中审核自己会查"),
    harmless("另加一条用下发的颜色", tinted(TABLE, SCORE, _RED), "看得清，颜色与下发的一样"),
    harmless("表外的条件格式", tinted(TABLE, "P30", '<font><color rgb="FFFFFFFF"/></font>'), "没有盖住下发的单元格"),
)  # fmt: skip

TYPING = (
    seen("下拉列表多一个选项", typing_check(TABLE, TIER, '"达成,部分达成,未达成,优秀"'), ("TAMPER30", TABLE, TIER)),
    seen("下拉列表少一个选项", typing_check(TABLE, TIER, '"达成,部分达成"'), ("TAMPER30", TABLE, TIER)),
    seen("不在列表里的只警告", typing_check(TABLE, TIER, errorStyle="warning"), ("TAMPER30", TABLE, TIER)),
    seen("填错时不提示", typing_check(TABLE, TIER, showErrorMessage="0"), ("TAMPER30", TABLE, TIER)),
    seen("完成率的上限放宽", typing_check(TABLE, "G16", "0", "100"), ("TAMPER30", TABLE, "G16")),
    seen("金额允许负数", typing_check(FUNDS, AMOUNT, "-1000000"), ("TAMPER30", FUNDS, AMOUNT)),
    seen("数字校验换成别的种类", typing_check(TABLE, "G16", type="textLength"), ("TAMPER30", TABLE, "G16")),
    seen("下拉列表去掉", lambda p: p.remove_validation(TABLE, TIER), ("TAMPER10", TABLE, TIER)),
    harmless("填报提示改写", typing_check(TABLE, TIER, prompt="随便选"), "提示只在填的时候显示，不改变内容"),
)  # fmt: skip

SETTINGS = (
    seen("改为手动计算", book("calcPr", calcMode="manual"), ("TAMPER32", "", "")),
    seen("以显示精度为准", book("calcPr", fullPrecision="0"), ("TAMPER32", "", "")),
    seen("日期从 1904 年算起", book("workbookPr", date1904="1"), ("TAMPER32", "", "")),
    seen("不显示零值", view(TABLE, showZeros="0"), ("TAMPER33", TABLE, "")),
    seen("显示公式而不是结果", view(TABLE, showFormulas="1"), ("TAMPER33", TABLE, "")),
    seen("工作表级名称盖住校验的名称", local_name("check_indicator_001_actual", 3, "自评表!$Z$1"), ("TAMPER31", TABLE, "D29")),
    harmless("允许迭代计算", book("calcPr", iterate="1"), "只对循环引用起作用；公式都逐格核对过"),
    harmless("打开时不重新计算", book("calcPr", fullCalcOnLoad="0"), "集中审核自己重新计算"),
    harmless("显示比例 10%", view(TABLE, zoomScale="10"), "放大就能看见"),
    harmless("从右到左显示", view(TABLE, rightToLeft="1"), "左右对调，内容都在"),
    seen("打印区域去掉一行指标", print_area(TABLE, "$A$1:$N$13,$A$15:$N$60"), ("TAMPER36", TABLE, "B14")),
    seen("打印区域去掉权重一列", print_area(TABLE, "$A$1:$G$60"), ("TAMPER36", TABLE, "H13")),
    seen("打印区域只有一格", print_area(FUNDS, "$A$1"), ("TAMPER36", FUNDS, "H6")),
    seen("打印区域是公式", print_area(TABLE, "OFFSET($A$1,0,0,9,9)", sheet=False), ("TAMPER36", TABLE, "")),
    harmless("打印区域取消", print_area(TABLE, ""), "全部打印"),
    harmless("打印区域写成整列，或已失效", all_of(print_area(TABLE, "$A:$N"), print_area(FUNDS, "#REF!", sheet=False)), "全部打印"),
    harmless("打印区域分成两块，没有少", print_area(TABLE, "$A$1:$N$13,$A$14:$N$60"), "没有少打印"),
    seen("页眉写上得分", child_text(TABLE, "oddHeader", '&C&"黑体,加粗"&14自评总分 100 分'), ("TAMPER37", TABLE, "")),
    seen("页脚写上一句话", child_text(TABLE, "oddFooter", "&L已经财政局核定&C第 &P 页，共 &N 页"), ("TAMPER37", TABLE, "")),
    harmless("页脚换一种页码", child_text(TABLE, "oddFooter", '&C&"宋体,常规"&9— &P/&N —&R&D'), "没有加文字"),
    harmless("显示网格线", view(TABLE, showGridLines="1"), "不改变内容"),
)  # fmt: skip

LOCKS = (
    seen("权重的锁定去掉", styled(TABLE, WEIGHT, protection='locked="0"'), ("TAMPER35", TABLE, WEIGHT)),
    seen("得分公式的锁定去掉", styled(TABLE, SCORE, protection='locked="0"'), ("TAMPER35", TABLE, SCORE)),
    seen("填报单元格被锁定", styled(TABLE, ACTUAL, protection='locked="1"'), ("TAMPER10", TABLE, ACTUAL)),
    seen("取消一张表的保护", lambda p: p.remove(TABLE, "sheetProtection"), ("TAMPER06", TABLE, "")),
    seen("保护留着，开关关掉", frame(TABLE, "sheetProtection", sheet="0"), ("TAMPER06", TABLE, "")),
    seen("工作簿结构的保护去掉", book("workbookProtection", lockStructure="0"), ("TAMPER34", "", "")),
    harmless("公式改为不显示", styled(TABLE, SCORE, protection='locked="1" hidden="1"'), "结果照常显示，公式照常核对"),
)  # fmt: skip

_REFUSED = ("FILE32", "", "")


def _twice(part: str, element: str, text: str = "") -> Mutation:
    """An element of a part stands there twice; the second one is ``text``, or as the first."""

    def change(patient: Patient) -> None:
        patient.rewrite(
            part,
            lambda xml: re.sub(
                f"(?s)(<{element}[ >].*?</{element}>|<{element}[^>]*/>)", lambda m: m[1] + (text or m[1]), xml, count=1
            ),
        )

    return change


def _inside(part: str, end: str, text: str) -> Mutation:
    return lambda patient: patient.rewrite(part, lambda xml: xml.replace(end, text + end, 1))


_SHEET = "xl/worksheets/sheet4.xml"
_OTHER = "http://schemas.openxmlformats.org/markup-compatibility/2006"
TWO_READINGS = (
    seen("样式表里有两份单元格样式", _twice(STYLES, "cellXfs"), _REFUSED),
    seen("样式表里有两份字体", _twice(STYLES, "fonts"), _REFUSED),
    seen("样式表里夹有别的命名空间的样式", _inside(STYLES, "</cellXfs>", '<x:xf xmlns:x="urn:x" numFmtId="0"/>'), _REFUSED),
    seen("一个数字格式编号有两种写法", _inside(STYLES, "</numFmts>", '<numFmt numFmtId="164" formatCode=";;;"/>'), _REFUSED),
    seen("样式表藏在替代内容里", _inside(STYLES, "</styleSheet>", f'<mc:AlternateContent xmlns:mc="{_OTHER}"><mc:Choice><dxfs/></mc:Choice></mc:AlternateContent>'), _REFUSED),
    seen("工作表有两份合并", _twice(_SHEET, "mergeCells"), _REFUSED),
    seen("工作表有两份视图", _twice(_SHEET, "sheetViews"), _REFUSED),
    seen("工作表有两份保护", _twice(_SHEET, "sheetProtection", "<sheetProtection/>"), _REFUSED),
    seen("合并藏在替代内容里", _inside(_SHEET, "<printOptions", f'<mc:AlternateContent xmlns:mc="{_OTHER}"><mc:Choice><mergeCells/></mc:Choice></mc:AlternateContent>'), _REFUSED),
    seen("工作簿有两份计算设置", _twice(BOOK, "calcPr"), _REFUSED),
)  # fmt: skip

TAMPERING: tuple[Tampering, ...] = (
    *TWO_READINGS,
    *TEXTS,
    *HIDDEN_TEXTS,
    *NUMBER_FORMATS,
    *HIDDEN_LINES,
    *SHEETS_HIDDEN,
    *MERGES,
    *DRAWINGS,
    *RULES,
    *TYPING,
    *SETTINGS,
    *LOCKS,
)
