"""The projects of a province: 40 departments, each with units in its counties; what is measured in them is taken from published reports.

A project follows from its number, the size of the list and the seed alone, so that any process can make any of them.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TextIO

from workbook_tools.core.model import Amounts, Direction, FundingSource, Indicator, Project, ProjectList
from workbook_tools.core.values import MONEY_UNITS, PERCENT
from workbook_tools.rules.scheme import Dimension, Scheme, load_scheme
from workbook_tools.shipped.example import load_example

YEAR = 2024
PUBLISHED = Path(__file__).resolve().parent.parent / "tests" / "golden" / "cases.json"
DEPARTMENTS: dict[str, tuple[str, ...]] = {
    "教育": ("薄弱学校改造", "营养改善计划", "校舍维修", "特岗教师补助"),
    "科技": ("科技特派员工作", "技术转移示范", "农业科技示范"),
    "工业和信息化": ("中小企业发展", "技术改造贴息", "工业园区基础设施"),
    "公安": ("智慧交通", "警务通信", "视频监控联网", "禁毒宣传"),
    "民政": ("高龄津贴", "城乡低保", "社区养老服务", "殡葬设施"),
    "司法": ("法律援助", "社区矫正", "人民调解"),
    "财政": ("一事一议奖补", "农业保险保费补贴", "财政信息化"),
    "人力资源和社会保障": ("职业技能培训", "公益性岗位", "创业担保贷款贴息"),
    "自然资源": ("地质灾害防治", "土地整治", "不动产登记", "卫片执法"),
    "生态环境": ("水质自动监测", "散煤治理", "土壤污染详查"),
    "住房和城乡建设": ("老旧小区改造", "农村危房改造", "污水管网"),
    "交通运输": ("农村公路养护", "科技治超", "客运站改造", "危桥改造"),
    "水利": ("中型灌区节水改造", "水旱灾害防御", "小型水库安全监测", "农村饮水维修"),
    "农业农村": ("高标准农田", "特色种养补贴", "动物疫病防控", "人居环境整治"),
    "商务": ("县域商业体系", "电子商务进农村", "应急保供"),
    "文化和旅游": ("图书馆免费开放", "文化馆免费开放", "旅游厕所", "非遗传承"),
    "卫生健康": ("基本公共卫生服务", "乡村医生补助", "重大传染病防治"),
    "退役军人事务": ("优抚对象补助", "烈士纪念设施维护", "退役士兵培训"),
    "应急管理": ("森林防火物资", "安全生产执法", "救灾物资储备"),
    "审计": ("政府投资审计", "审计信息化"),
    "外事": ("友好城市交流", "涉外翻译服务"),
    "国有资产监督管理": ("三供一业移交", "企业改制补助"),
    "市场监督管理": ("食品抽检", "智慧监管", "计量检定"),
    "体育": ("全民健身路径", "体育场馆开放", "青少年训练"),
    "统计": ("人口抽样调查", "住户调查", "经济普查"),
    "医疗保障": ("医疗救助", "医保信息化"),
    "林业和草原": ("天然林管护", "森林抚育", "造林补助", "草原生态修复"),
    "乡村振兴": ("雨露计划", "小额信贷贴息", "帮扶车间"),
    "广播电视": ("应急广播", "公益电影放映"),
    "机关事务": ("公务用车平台", "办公用房维修", "节能改造"),
    "人民防空": ("警报器更新", "人防工程维护"),
    "信访": ("信访事项化解", "信访信息系统"),
    "能源": ("充电桩建设", "煤矿瓦斯治理"),
    "粮食和物资储备": ("县级储备粮", "粮库维修", "优质粮食工程"),
    "文物": ("古建筑修缮", "文物安全巡查"),
    "药品监督管理": ("药品抽检", "医疗器械监管"),
    "地方金融": ("融资担保风险补偿", "企业上市奖励"),
    "政务服务": ("一网通办", "政务大厅运行"),
    "残疾人联合会": ("残疾儿童康复", "辅助器具适配", "无障碍改造"),
    "科学技术协会": ("科普大篷车", "流动科技馆", "科普教育基地"),
}
"""What a department is for → what its projects are about."""
_ASSOCIATIONS = ("残疾人联合会", "科学技术协会")
_KINDS = ("补助资金", "专项经费", "建设项目", "运行维护经费", "更新改造工程", "工作经费")
_COUNTIES = [f"{first}{second}县" for first in "安平永清武广文建" for second in "泽阳宁原城河陵山"]
_OWN_SHARE, _SHAPES = 0.04, 6
"""So many projects have a set of indicators that nobody else has; so many sets has a department."""
_BORROWED = {
    "满意度指标": ("服务对象满意度", Direction.AT_LEAST, 90.0, PERCENT),
    "成本指标": ("项目总成本", Direction.AT_MOST, 100.0, "万元"),
    "效益指标": ("受益人口数量", Direction.AT_LEAST, 1000.0, "人"),
    "产出指标": ("年度任务完成数量", Direction.AT_LEAST, 12.0, "项"),
}
"""What is measured where a published set has nothing of a dimension."""
_WORDS = {
    "质量": ("率", "合格", "质量", "规范", "合规"),
    "时效": ("时", "期", "月"),
    "成本": ("成本", "投资", "补助", "万元", "价"),
    "经济": ("收入", "经济", "效益"),
    "生态": ("生态", "污染", "环境", "森林"),
    "可持续": ("持续", "机制", "管理", "使用年限"),
}
"""二级指标 by words of the indicator's name; what has none of them is a quantity, or social."""
_SCHEMES = ("mof-2020", "quwo", "zhangye", "sichuan", "hubei", "guizhou", "shandong", "pmkpi", "mof-2021-cost")
_MIXED = (FundingSource.PROVINCIAL, FundingSource.COUNTY)
_SOURCES = ((FundingSource.COUNTY,), (FundingSource.COUNTY,), _MIXED, (FundingSource.CENTRAL, *_MIXED))


@dataclass(frozen=True, slots=True)
class IndicatorSet:
    """What is measured in projects of a kind."""

    scheme: str
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a project belongs: its department and its county, and which of the projects there it is."""

    department: str
    county: int
    number: int


class Province:
    """The list of so many projects."""

    def __init__(self, size: int, seed: int) -> None:
        self.size, self.seed = size, seed
        self._counties = min(len(_COUNTIES), max(1, size // len(DEPARTMENTS) // 5))
        """A county has some projects of each department, and a small list few counties."""

    def __len__(self) -> int:
        return self.size

    def chance(self, number: int, of: str = "") -> random.Random:
        """What is random of a project."""
        return random.Random(f"{self.seed}/{number}/{of}")

    def find_place(self, number: int) -> Place:
        """The list goes department by department, and in each county by county."""
        share = -(-self.size // len(DEPARTMENTS))
        department, own = divmod(number, share)
        each = -(-share // self._counties)
        county, rest = divmod(own, each)
        return Place([*DEPARTMENTS][department], county, rest)

    def project(self, number: int) -> Project:
        """The project of that number, from 0, as it is listed: without answers."""
        place, chance = self.find_place(number), self.chance(number)
        topic = chance.choice(DEPARTMENTS[place.department])
        county, kind = _COUNTIES[place.county], chance.choice(_KINDS)
        sources = chance.choice(_SOURCES)
        budget = _draw_amounts(sources, chance)
        early = chance.random() < 0.2
        initial = {source: float(round(amount * 1.1)) for source, amount in budget.items()} if early else dict(budget)
        chosen = self._choose_set(place, chance)
        whole = round(sum(budget.values()), 2)
        return Project(
            code=f"P{[*DEPARTMENTS].index(place.department) + 1:02d}{place.county + 1:02d}{place.number + 1:04d}",
            name=f"{county}{topic}{kind}（{place.number + 1}期）",
            department=name_department(place.department),
            unit=name_unit(place.department, county),
            year=YEAR,
            scheme=chosen.scheme,
            initial_budget=initial,
            annual_budget=budget,
            annual_goal=f"{YEAR}年完成{county}{topic}{chance.randint(3, 60)}处，投入资金{whole:g}万元，{chance.choice(_GOALS)}。",
            indicators=tuple(_scale(row, whole, chance) for row in chosen.indicators),
        )

    def projects(self, first: int = 0, last: int | None = None) -> Iterator[Project]:
        """Those of these numbers, one after another."""
        return map(self.project, range(first, self.size if last is None else last))

    def _choose_set(self, place: Place, chance: random.Random) -> IndicatorSet:
        sets = _list_sets()
        if chance.random() < _OWN_SHARE:
            return _mix_set(chance)
        own = random.Random(f"{self.seed}/{place.department}").sample(range(len(sets)), _SHAPES)
        return sets[own[min(int(chance.expovariate(0.6)), _SHAPES - 1)]]


_GOALS = (
    "群众满意度达到90%以上",
    "改善当地生产生活条件",
    "保障正常运转",
    "按期通过验收",
    "补齐设施短板",
    "提高服务能力",
)


def name_department(department: str) -> str:
    """省教育厅, 省残疾人联合会."""
    return f"省{department}{'' if department in _ASSOCIATIONS else '厅'}"


def name_unit(department: str, county: str) -> str:
    """安泽县教育局."""
    return f"{county}{department}{'' if department in _ASSOCIATIONS else '局'}"


def write_lists(province: Province, folder: Path) -> int:
    """A list per department, project by project; the bytes of all of them."""
    head = ProjectList(year=YEAR, authority="某省财政厅").model_dump_json(exclude={"projects"})
    folder.mkdir(exist_ok=True)
    with ExitStack() as stack:
        files: dict[str, TextIO] = {}
        for project in province.projects():
            if file := files.get(project.department):
                file.write(",\n")
            else:
                path = folder / f"{project.department}.json"
                file = files[project.department] = stack.enter_context(path.open("w", encoding="utf-8"))
                file.write(head.removesuffix("}") + ',"projects":[\n')
            file.write(project.model_dump_json(exclude_defaults=True))
        for file in files.values():
            file.write("\n]}\n")
    return sum(path.stat().st_size for path in folder.iterdir())


def _draw_amounts(sources: Sequence[FundingSource], chance: random.Random) -> Amounts:
    """万元, most of them whole."""
    digits = chance.choices((0, 1, 2), (60, 25, 15))[0]
    return {source: round(chance.lognormvariate(4, 1), digits) + 5 for source in sources}


def _scale(row: Indicator, budget: float, chance: random.Random) -> Indicator:
    """The indicator with a target of the project's own."""
    target = row.target
    if not isinstance(target, float) or row.unit in (PERCENT, "‰"):
        return row
    if row.unit in MONEY_UNITS:
        return row.model_copy(update={"target": round(budget / MONEY_UNITS[row.unit], 6)})
    scaled = target * chance.choice((0.5, 1, 1, 1.5, 2, 3))
    return row.model_copy(update={"target": float(max(1, round(scaled))) if target.is_integer() else round(scaled, 2)})


# -- sets of indicators -----------------------------------------------------------------------------------------------


@lru_cache(1)
def _list_sets() -> list[IndicatorSet]:
    """Those of the published reports, each under its own scheme and under one of the others."""
    published = [(p.scheme, list(p.indicators)) for p in load_example().projects if p.indicators]
    cases = json.loads(PUBLISHED.read_text("utf-8"))["cases"]
    published += [(case["scheme"], [*_read_case(case)]) for case in cases if case.get("indicators")]
    other = [(_SCHEMES[number % len(_SCHEMES)], rows) for number, (_, rows) in enumerate(published)]
    return [_fit_scheme(load_scheme(scheme), rows) for scheme, rows in (*published, *other)]


def _read_case(case: dict[str, Any]) -> Iterator[Indicator]:
    for row in case["indicators"]:
        direction = Direction.from_symbol(row["direction"]) or Direction.AT_LEAST
        target = row["target"]
        unit = {"万": "万元"}.get(row.get("unit") or "", row.get("unit") or "个")
        qualitative = direction is Direction.QUALITATIVE
        yield Indicator(
            dimension=row["dimension"],
            category="",
            name=row["name"],
            direction=direction,
            target=(target or "达到要求") if qualitative else float(target),
            unit="" if qualitative else unit,
        )


def _fit_scheme(scheme: Scheme, rows: Sequence[Indicator]) -> IndicatorSet:
    """The indicators with the dimensions, categories and weights of a scheme; a dimension without any borrows one."""
    by_dimension: dict[str, list[Indicator]] = {dimension.name: [] for dimension in scheme.dimensions}
    for row in rows:
        is_cost = "成本指标" in by_dimension and row.unit in MONEY_UNITS
        name = "成本指标" if is_cost else row.dimension.replace("效果", "效益")
        by_dimension[name if name in by_dimension else "产出指标"].append(row)
    fitted: list[Indicator] = []
    for dimension in scheme.dimensions:
        own = by_dimension[dimension.name] or [_borrow(dimension)]
        each = max(1, int(dimension.weight // len(own)))
        for place, row in enumerate(own):
            weight = float(each) if place else dimension.weight - each * (len(own) - 1)
            unit = row.unit or ("个" if row.direction is not Direction.QUALITATIVE else "")
            category = _choose_category(dimension, row)
            fitted.append(
                row.model_copy(
                    update={
                        "dimension": dimension.name,
                        "category": category,
                        "weight": weight,
                        "unit": unit,
                        "rule": "",
                    }
                )
            )
    return IndicatorSet(scheme.id, tuple(fitted))


def _borrow(dimension: Dimension) -> Indicator:
    name, direction, target, unit = _BORROWED[dimension.name]
    return Indicator(dimension=dimension.name, category="", name=name, direction=direction, target=target, unit=unit)


def _choose_category(dimension: Dimension, row: Indicator) -> str:
    if row.category in dimension.categories:
        return row.category
    for category in dimension.categories:
        if any(word in row.name + row.unit for key, words in _WORDS.items() if key in category for word in words):
            return category
    return next((category for category in dimension.categories if "社会" in category), dimension.categories[0])


def _mix_set(chance: random.Random) -> IndicatorSet:
    """Indicators of several reports, as a project has that is like no other."""
    pool = [row for one in _list_sets() for row in one.indicators]
    rows = [row.model_copy(update={"category": ""}) for row in chance.sample(pool, chance.randint(5, 14))]
    unique = {row.name: row for row in rows}
    return _fit_scheme(load_scheme(chance.choice(_SCHEMES)), [*unique.values()])
