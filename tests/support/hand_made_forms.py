"""A form of today of the project of builders, filled in by hand; ``drawn_forms.drawn`` makes a workbook of it."""

from __future__ import annotations

FORM = """
项目支出绩效自评表|<|<|<|<|<|<|<
（2024年度）|<|<|<|<|<|<|<
项目名称|{name}|<|<|<|<|<|<
主管部门|示例县交通运输局|<|<|实施单位|{unit}|<|<
项目资金（万元）|<|年初预算数|全年预算数（A）|全年执行数（B）|分值|执行率（B/A）|得分
^|年度资金总额|150|150|150|10|100%|10
^|其中：当年财政拨款|150|150|150|—|100%|—
一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因分析及改进措施
产出指标|数量指标|养护里程|≥100公里|102公里|20|20|
^|质量指标|验收合格率|≥95%|96%|20|20|
^|成本指标|每公里成本|≤1.5万元|1.45万元|10|10|
效益指标|社会效益指标|通行条件|有效改善|达成预期指标|30|30|
满意度指标|服务对象满意度指标|群众满意度|≥90%|92%|10|{last}|
总分|<|<|<|<|100|{total}|
"""


def hand_made(name: str = "农村道路养护经费", unit: str = "示例县公路段", last: str = "10", total: str = "100") -> str:
    """A form in the national layout, all met."""
    return FORM.format(name=name, unit=unit, last=last, total=total)
