"""Findings (校验问题): what is wrong with somebody's data, as data.

A finding says which file, sheet, cell and field, what is wrong, what was found and expected, and
what to do, always in that order. ``CODES`` is the one table of codes; a code is never used again
for another meaning. ``docs/校验规则.md`` is generated from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """error: return it; warning: look at it; info: for the record."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def label(self) -> str:
        """The word that users see."""
        return {"error": "错误", "warning": "提醒", "info": "说明"}[self.value]


class Family(StrEnum):
    """Families of checks; the letters of a code."""

    LIST = "LIST"
    FILE = "FILE"
    TAMPER = "TAMPER"
    FILL = "FILL"
    FUND = "FUND"
    WEIGHT = "WEIGHT"
    SCORE = "SCORE"
    GRADE = "GRADE"
    TEXT = "TEXT"
    CROSS = "CROSS"

    @property
    def label(self) -> str:
        """What the family is about."""
        return _FAMILY_LABELS[self]


_FAMILY_LABELS = {
    Family.LIST: "项目清单",
    Family.FILE: "文件",
    Family.TAMPER: "锁定内容被改动",
    Family.FILL: "填写",
    Family.FUND: "资金",
    Family.WEIGHT: "权重",
    Family.SCORE: "得分",
    Family.GRADE: "等级",
    Family.TEXT: "文字",
    Family.CROSS: "跨项目比对",
}


@dataclass(frozen=True, slots=True)
class Code:
    """One row of the catalogue: the rule as an official would say it, its source, and the usual advice."""

    code: str
    severity: Severity
    title: str
    rule: str
    advice: str
    source: str = ""

    @property
    def family(self) -> Family:
        """The family that the letters name."""
        return Family(self.code.rstrip("0123456789"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding. Build it with :func:`finding`, which takes severity and advice from the catalogue."""

    code: str
    severity: Severity
    message: str
    project_code: str = ""
    file: str = ""
    sheet: str = ""
    cell: str = ""
    field: str = ""
    found: str = ""
    expected: str = ""
    advice: str = ""

    @property
    def place(self) -> str:
        """文件，工作表!单元格，字段 - as much of it as is known."""
        address = f"{self.sheet}!{self.cell}" if self.sheet and self.cell else self.sheet or self.cell
        return "，".join(part for part in (self.file, address, self.field) if part)

    def __str__(self) -> str:
        """The finding as one sentence, in the fixed order: place, what is wrong, found, expected, advice."""
        parts = [f"{self.place}：{self.message}" if self.place else self.message]
        if self.found:
            parts.append(f"现为“{self.found}”")
        if self.expected:
            parts.append(f"应为“{self.expected}”")
        return "；".join(parts) + (f"。{self.advice}" if self.advice else "。")


def finding(
    code: str,
    message: str = "",
    *,
    project_code: str = "",
    file: str = "",
    sheet: str = "",
    cell: str = "",
    field: str = "",
    found: object = "",
    expected: object = "",
    advice: str = "",
) -> Finding:
    """A finding of the catalogue; message and advice default to the catalogue's."""
    entry = CODES[code]
    return Finding(
        code=code,
        severity=entry.severity,
        message=message or entry.title,
        project_code=project_code,
        file=file,
        sheet=sheet,
        cell=cell,
        field=field,
        found=show(found),
        expected=show(expected),
        advice=advice or entry.advice,
    )


def show(value: object) -> str:
    """A value as a finding quotes it: numbers without superfluous zeros, long texts shortened."""
    if value is None:
        return ""
    text = f"{value:.10g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 120 else f"{text[:117]}…"


_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO
_NORM = "财预〔2020〕10号"

CODES: dict[str, Code] = {
    entry.code: entry
    for entry in (
        # -- 项目清单 -------------------------------------------------------------------------------------
        Code(
            "LIST01",
            _E,
            "清单缺少工作表或列",
            "项目清单应有“项目”“指标”两张表和规定的列。",
            "请从项目清单模板重新填写，不要删列改名。",
        ),
        Code("LIST02", _E, "必填项为空", "项目编码、项目名称、主管部门、实施单位和指标名称必须填写。", "请补填。"),
        Code("LIST03", _E, "项目编码重复", "项目编码在一个年度内唯一。", "请核对后改为不同的编码，或删除重复的一行。"),
        Code("LIST04", _E, "应为数字", "金额以万元计，权重以分计，只写数字。", "请改为数字。"),
        Code(
            "LIST05",
            _E,
            "权重之和不对",
            "一个项目各指标权重之和加预算执行率分值应等于方案规定的总分。",
            "请调整权重。",
            _NORM,
        ),
        Code(
            "LIST06",
            _W,
            "一级指标权重与方案规定不一致",
            "各一级指标的权重一般按评分方案规定的分值设置。",
            "请确认是否确需如此设置。",
            _NORM,
        ),
        Code("LIST07", _E, "指标性质无法识别", "指标性质为 ≥、≤、＝ 或 定性 之一。", "请从下拉列表中选择。"),
        Code("LIST08", _E, "指标所属的项目不在清单中", "“指标”表每行的项目编码都应在“项目”表中。", "请核对项目编码。"),
        Code(
            "LIST09",
            _W,
            "项目没有指标",
            "下发前应有经批复的绩效指标。",
            "将下发可由单位自拟指标的空白行；如已有批复指标请补入清单。",
            _NORM,
        ),
        Code("LIST10", _E, "一级指标不在评分方案中", "一级指标名称应与评分方案一致。", "请改为方案中的名称。"),
        Code("LIST11", _I, "写法已自动规范", "目标值、单位写在一起时由程序拆开。", "请核对拆分结果。"),
        Code(
            "LIST12",
            _E,
            "评分方案不存在",
            "“评分方案”列应为已有方案的代号，留空则用本次自评的方案。",
            "用 wbt scheme list 查看可用方案。",
        ),
        Code(
            "LIST13",
            _E,
            "目标值缺失或不是数字",
            "定量指标应有数字目标值，定性指标应有文字目标。",
            "请补填目标值，或把指标性质改为“定性”。",
        ),
        Code("LIST14", _W, "定量指标没有计量单位", "目标值应带计量单位，以便与完成值比较。", "请在“计量单位”列补填。"),
        Code(
            "LIST15",
            _E,
            "清单文件无法读取",
            "项目清单应为 .xlsx 或 .json 文件。",
            "请用 Excel 或 WPS 打开并另存为 .xlsx 后重试。",
        ),
        Code("LIST16", _E, "数字超出允许范围", "金额和权重不能为负，金额不超过 1 亿万元。", "请核对后更正。"),
        Code(
            "LIST17",
            _E,
            "计分规则不存在",
            "“计分规则”列应为方案中列出的规则名，留空则按方案一般规则。",
            "请核对规则名。",
        ),
        Code(
            "LIST18",
            _E,
            "工作簿无法生成",
            "项目内容应在 Excel 的限制以内（一个单元格最多 32767 个字）。",
            "请缩短过长的内容。",
        ),
        # -- 文件 ---------------------------------------------------------------------------------------
        Code(
            "FILE01", _E, "不是 Excel 工作簿", "报送文件应为 .xlsx 或 .xlsm 工作簿。", "请让单位重新报送下发的工作簿。"
        ),
        Code("FILE02", _E, "文件是空的（0 字节）", "文件没有内容，多为传输中断。", "请让单位重新发送。"),
        Code(
            "FILE03",
            _E,
            "文件已损坏或不完整",
            "文件内容残缺，多为下载或拷贝中断。",
            "请让单位重新发送；必要时用 Excel 打开修复后另存。",
        ),
        Code("FILE04", _E, "文件加了打开密码", "加密的工作簿无法读取。", "请让单位去掉“打开密码”后重新报送。"),
        Code(
            "FILE05",
            _E,
            "不是本工具下发的自评工作簿",
            "工作簿中没有标识信息。",
            "请让单位在下发的工作簿中填写，不要另建文件。",
        ),
        Code(
            "FILE06", _E, "模板版本不认识", "工作簿由其他版本的工具生成。", "请用当前版本重新生成并下发，或升级本工具。"
        ),
        Code(
            "FILE07", _E, "不是本次自评的项目", "工作簿的项目编码不在项目清单中，或年度不符。", "请核对是否发错了文件。"
        ),
        Code(
            "FILE08",
            _E,
            "同一项目报送了多份",
            "一个项目只保留一份，采用最后修改的一份。",
            "请确认采用的是哪一份，删除其余。",
        ),
        Code("FILE09", _I, "已跳过", "临时文件和其他无关文件不处理。", ""),
        Code(
            "FILE10",
            _E,
            "旧格式文件",
            ".xls、.et、.ods 等格式不保留工作簿的标识信息。",
            "请用 Excel 或 WPS 另存为 .xlsx 后重新报送。",
        ),
        Code(
            "FILE11",
            _E,
            "文件过大或压缩异常",
            "单个工作簿解压后不应超过规定大小。",
            "请删除插入的图片等内容后重新报送。",
        ),
        Code("FILE12", _E, "文件打不开", "文件正被占用或没有读取权限。", "请关闭正在打开它的程序后重试。"),
        Code(
            "FILE13", _E, "处理时发生意外错误", "程序未能处理该文件，其余文件不受影响。", "请把该文件和日志一并反馈。"
        ),
        Code(
            "FILE14",
            _E,
            "压缩包无法读取",
            "可以直接放 .zip 压缩包（里面最多再套一层）；其他格式和加密的压缩包不能读取。",
            "请解压后把工作簿放进文件夹。",
        ),
        # -- 锁定内容 -----------------------------------------------------------------------------------
        Code("TAMPER01", _E, "标识信息被改动", "下发时的签名与工作簿内容不符。", "请让单位用原下发文件重新填写。"),
        Code(
            "TAMPER02",
            _E,
            "锁定的内容被改动",
            "指标、权重、目标值等以批复为准，不得改动。",
            "集中评分以下发内容为准；请让单位说明并恢复。",
        ),
        Code(
            "TAMPER03",
            _E,
            "公式被改动",
            "得分、执行率等由公式计算，不得改动。",
            "集中评分不采用该单元格；请让单位恢复公式。",
        ),
        Code("TAMPER04", _E, "工作表被删除", "工作簿的工作表应当齐全。", "请让单位用原下发文件重新填写。"),
        Code("TAMPER05", _W, "工作表被改名", "工作表名称不应改动；已按内容识别。", "如内容无误可不处理。"),
        Code("TAMPER06", _I, "工作表保护被取消", "保护用于防止误改，取消本身不影响评分。", "已逐格核对锁定内容。"),
        Code("TAMPER07", _W, "单元格名称丢失", "个别单元格的定义名称丢失，已按原位置读取。", "请核对该处读取的内容。"),
        Code(
            "TAMPER08",
            _W,
            "无法核验签名",
            "签名所用密钥不在本机。",
            "请在下发时的工作文件夹中审核，或用 --key 指定密钥。",
        ),
        # -- 填写 ---------------------------------------------------------------------------------------
        Code("FILL01", _E, "必填项未填", "黄色单元格均须填写。", "请补填。"),
        Code("FILL02", _E, "应填数字", "数字单元格只填数字，不写单位和文字。", "请改为数字。"),
        Code("FILL03", _E, "数字超出允许范围", "金额不为负，完成率在规定范围内。", "请核对后更正。"),
        Code("FILL04", _E, "不在可选范围内", "下拉单元格应从列表中选择。", "请从下拉列表中选择。"),
        Code("FILL05", _I, "写法已自动规范", "数字带单位、全角等写法按其数值读取。", "请核对读取的数值。"),
        Code("FILL06", _W, "计量单位不一致", "完成值的单位应与目标值一致。", "请核对目标值与完成值的单位。"),
        Code(
            "FILL07",
            _E,
            "完成率与所选完成程度不符",
            "定性指标的完成率应在所选档次的区间内。",
            "请重新选择完成程度，或更正完成率。",
            _NORM,
        ),
        Code(
            "FILL08",
            _E,
            "失分未说明原因",
            "得分低于权重的指标应说明偏差原因和改进措施。",
            "请在“偏差原因分析及改进措施”中说明。",
            _NORM,
        ),
        Code("FILL09", _E, "自拟指标填写不全", "自拟指标应写明名称、权重、性质、目标值。", "请补全该行，或清空整行。"),
        Code(
            "FILL10",
            _E,
            "填了完成情况但没有填完成率",
            "定性指标须同时选择完成程度并填写完成率，否则不得分。",
            "请选择完成程度并填写完成率。",
            _NORM,
        ),
        Code(
            "FILL11",
            _E,
            "超额完成未说明原因",
            "完成值明显高于目标值的，应说明原因。",
            "请说明超额完成的原因，并核实目标值是否偏低。",
            _NORM,
        ),
        Code(
            "FILL12", _W, "以 = + - @ 开头的文字", "这类文字在表格软件中可能被当作公式。", "已按文字读取；请单位改写。"
        ),
        Code(
            "FILL13",
            _W,
            "联系信息未填",
            "应写明项目负责人、填报人、联系电话和填报日期。",
            "请补填；不影响评分，暂不退回。",
        ),
        Code(
            "FILL14",
            _I,
            "偏差原因只写了打算",
            "偏差原因应先写没有完成的原因，再写改进措施。",
            "请补写没有完成的具体原因。",
            _NORM,
        ),
        Code(
            "FILL15",
            _E,
            "工作簿没有填写",
            "报送的工作簿应已填写。",
            "请核对是否误发了空白工作簿，填写后重新报送。",
        ),
        # -- 资金 ---------------------------------------------------------------------------------------
        Code("FUND01", _W, "执行数大于到位数", "全年执行资金一般不大于实际到位资金。", "请核对两个数字。"),
        Code(
            "FUND02", _W, "到位数大于全年预算数", "实际到位资金一般不大于全年预算资金。", "请核对，或补报预算调整情况。"
        ),
        Code("FUND03", _E, "全年预算为零或未填", "没有全年预算无法计算执行率。", "请核对预算数。"),
        Code("FUND04", _W, "预算执行率偏低", "预算执行率低于方案规定的比例时应说明原因。", "请说明原因。"),
        Code("FUND05", _E, "全年执行资金未填", "没有执行数无法计算执行率。", "请补填全年执行资金。"),
        Code("FUND06", _E, "实际到位资金未填", "没有到位数无法计算到位率和结余。", "请补填实际到位资金。"),
        Code(
            "FUND07",
            _I,
            "年初没有预算",
            "年初预算为零或未填而全年有预算的，多为年中追加。",
            "请确认年初预算确为零。",
        ),
        Code(
            "FUND08",
            _E,
            "金额可能以元为单位",
            "资金表以万元为单位；金额达到全年预算百倍以上的，多为误填了元。",
            "请核对单位，改填万元数。",
        ),
        Code(
            "FUND09",
            _W,
            "资金表的合计或比率与计算结果不一致",
            "小计、合计、结余、到位率和执行率按表内公式计算。",
            "以集中计算的结果为准；请用 Excel 打开，等公式重算后保存。",
        ),
        Code(
            "FUND10",
            _W,
            "项目资金用于补充公用经费",
            "项目资金不应用来弥补公用经费。",
            "请核实资金用途。",
        ),
        Code(
            "FUND11",
            _W,
            "下发的预算为零",
            "没有预算无法计算执行率；预算由财政下发的，单位无法更正。",
            "请财政部门核对项目清单中的预算数。",
        ),
        # -- 权重 ---------------------------------------------------------------------------------------
        Code(
            "WEIGHT01",
            _E,
            "权重之和不对",
            "各指标权重之和加预算执行率分值应等于方案规定的总分。",
            "请调整权重。",
            _NORM,
        ),
        Code(
            "WEIGHT02",
            _W,
            "一级指标权重与方案规定不一致",
            "产出、效益、满意度等一级指标一般按方案规定的分值设置。",
            "请确认是否确需如此设置。",
            _NORM,
        ),
        Code("WEIGHT03", _I, "各指标权重平均分配", "权重应体现指标的重要程度。", "请确认权重是否有依据。", _NORM),
        Code(
            "WEIGHT04",
            _E,
            "一级指标权重不等于方案规定的分值",
            "方案规定一级指标权重固定的，应与规定的分值相等。",
            "请按方案规定的分值调整权重。",
            _NORM,
        ),
        Code(
            "WEIGHT05",
            _W,
            "缺少一级指标",
            "方案规定的每个一级指标下都应有三级指标。",
            "请确认是否确无该类指标。",
            _NORM,
        ),
        # -- 得分 ---------------------------------------------------------------------------------------
        Code(
            "SCORE01",
            _W,
            "表中得分与集中评分不一致",
            "得分由程序按填报数据统一计算。",
            "以集中评分为准；请核对该行填写内容。",
        ),
        Code(
            "SCORE02",
            _E,
            "没有绩效指标，无法得出总分",
            "自评应有指标、目标值、完成值和得分。",
            "请单位补报绩效指标自评表。",
            _NORM,
        ),
        Code(
            "SCORE03",
            _E,
            "目标已达成却失分",
            "完成值达到目标值的指标应得满分，失分须有依据。",
            "请核对完成率和得分。",
            _NORM,
        ),
        Code(
            "SCORE04",
            _W,
            "完成值远超目标值",
            "完成值大幅超过目标值，可能是目标值偏低或单位写错。",
            "请核实目标值与完成值。",
            _NORM,
        ),
        Code("SCORE05", _W, "表中总分与集中评分不一致", "总分由程序按填报数据统一计算。", "以集中评分为准。"),
        Code(
            "SCORE06",
            _W,
            "定性指标用数字作答",
            "定性指标的完成值应写实际情况，完成率另填。",
            "请写明实际达到的情况，并说明百分数从何而来。",
            _NORM,
        ),
        Code(
            "SCORE07",
            _I,
            "完成值照抄目标值",
            "定性指标的完成值应写事实，不宜重复目标的字样。",
            "请补充能说明完成情况的事实或数据。",
        ),
        Code(
            "SCORE08",
            _W,
            "完成值中的百分数与完成率不一致",
            "完成值以百分数作答的，应与所填完成率一致。",
            "请核对完成值和完成率。",
        ),
        Code(
            "SCORE09",
            _I,
            "各项完成值恰好等于目标值",
            "各项指标都与目标一分不差的，应有佐证。",
            "请核对佐证材料。",
        ),
        Code(
            "SCORE10",
            _W,
            "成本目标值未随预算调整",
            "预算年中调整的，成本类指标的目标值应相应调整。",
            "请核实目标值是否仍应为年初预算数。",
        ),
        Code(
            "SCORE11",
            _I,
            "完成率大于100%表示超出控制数",
            "不得超过的指标，完成率大于100%是超支，不是超额完成。",
            "请按超出控制数理解该行的完成率。",
        ),
        Code(
            "SCORE12",
            _W,
            "总分因漏填完成率而偏低",
            "目标已达成而完成率未填的指标按零分计入总分。",
            "请补填完成率后重新计算总分。",
        ),
        # -- 等级 ---------------------------------------------------------------------------------------
        Code("GRADE01", _W, "表中等级与集中评定不一致", "等级由总分按方案的分档确定。", "以集中评定为准。"),
        # -- 文字 ---------------------------------------------------------------------------------------
        Code("TEXT01", _W, "章节空白", "报告规定的各部分都应填写。", "请补写；确无内容的写明“无”。"),
        Code("TEXT02", _E, "把填表说明当作内容", "文字中留有填表要求的原话。", "请删去说明，写实际内容。"),
        Code("TEXT03", _W, "年份与自评年度不符", "总体完成情况应写自评年度。", "请核对年份。"),
        Code("TEXT04", _W, "金额与资金表不一致", "文字中的金额应与资金表一致。", "请核对金额。"),
        Code("TEXT05", _W, "同一报告内文字重复", "不同部分不应照抄同一段文字。", "请按各部分的要求分别填写。"),
        Code(
            "TEXT06",
            _I,
            "文字中的金额大于资金表",
            "文字写到多年总投资、合同价或申请数的，应说明与本年资金的关系。",
            "请说明其余资金的安排。",
        ),
        Code(
            "TEXT07",
            _W,
            "文字中的比率与计算结果不一致",
            "文字中的执行率、到位率应与资金表一致，按四舍五入取位。",
            "请改为资金表中的比率。",
        ),
        Code("TEXT08", _I, "同一报告内句子重复", "不同部分不应重复同一句话。", "请删去重复的句子。"),
        Code("TEXT09", _I, "句子没有写完", "每句话都应完整。", "请把话写完整。"),
        Code("TEXT10", _I, "提到的图不在报告中", "文字提到的图应附在报告中。", "请改写为文字，或改提指标表。"),
        Code("TEXT11", _I, "内容过于简单", "应按该部分的要求写明具体内容。", "请按该部分的要求补写。"),
        Code(
            "TEXT12",
            _W,
            "文字中的总分或等级与集中评分不一致",
            "文字中的总分、等级应与评分表一致。",
            "请核对总分和等级。",
        ),
        Code("TEXT13", _I, "没有写明年份", "文字中的时间应能看出是哪一年。", "请写明年份。"),
        Code(
            "TEXT14",
            _I,
            "内容与该部分的题目不符",
            "问题部分应写问题，成本部分应写成本。",
            "请按该部分的题目改写。",
        ),
        Code(
            "TEXT15",
            _I,
            "缺少依据或数据",
            "立项依据应有文件，满意度应有调查情况，比率应有数字。",
            "请补充文件名称、调查情况或数据。",
        ),
        Code(
            "TEXT16",
            _W,
            "文字与指标表矛盾",
            "文字所说的完成情况应与指标表一致。",
            "请核对文字和指标表。",
        ),
        Code(
            "TEXT17",
            _I,
            "文字前后可能矛盾",
            "各部分对完成情况的说法应一致。",
            "请核对两处说法，统一起来。",
        ),
        Code("TEXT18", _I, "错别字、引号或序号有误", "文字、标点和序号应规范。", "请改正。"),
        Code(
            "TEXT19",
            _I,
            "沿用了申报时的文字",
            "自评报告写已经做了什么，不写打算做什么。",
            "请按实际完成情况改写。",
        ),
        Code(
            "TEXT20",
            _I,
            "指标在文字中没有说明",
            "各指标的完成情况应在相应部分逐项说明，失分的应说明原因。",
            "请补充说明。",
        ),
        # -- 跨项目 -------------------------------------------------------------------------------------
        Code("CROSS01", _E, "未报送", "清单中的项目都应报送。", "请催报。"),
        Code("CROSS02", _W, "与其他项目的文字雷同", "各项目应根据本项目实际填写。", "请核实是否照抄。"),
        Code(
            "CROSS03",
            _I,
            "与许多项目的文字相同",
            "许多项目都有的文字，多为统一下发的说法或套话。",
            "请核实是否应结合本项目改写。",
        ),
    )
}
