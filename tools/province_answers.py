"""What the units of a province write into their workbooks, and what goes wrong there about as often as in life.

What a project has follows from its number alone (:mod:`province_projects`), mistakes included, so that it can be counted what a review must find.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from enum import StrEnum

from province_projects import YEAR, Province

from workbook_tools.core.model import Direction, FundingSource, Measure, Project, Value
from workbook_tools.core.values import PERCENT, number_text
from workbook_tools.form.fields import FormBlock, Layout
from workbook_tools.form.funding import amount_name
from workbook_tools.form.narrative import text_name
from workbook_tools.form.rows import FormRow


class Slip(StrEnum):
    """What a unit has done wrong in a workbook."""

    RECEIVED = "到位资金大于预算"
    SPENT = "执行资金大于到位资金"
    NO_REASON = "失分没有写原因"
    YUAN = "金额以元填写"
    PERCENT = "百分数多写了一百倍"
    UNIT = "数字里写了单位"
    COPIED = "照抄同一单位别的项目"
    BLANK_TEXT = "有一节没有写"
    WRONG_YEAR = "写成上一年度"
    LOCKED = "改动了锁定的分值"


class Return(StrEnum):
    """How a workbook has come back."""

    ONCE = "一份"
    MISSING = "没有报送"
    BLANK = "没有填写就报来"
    TWICE = "同一份报了两遍"
    LATER = "另有较新的一份"
    BROKEN = "文件传坏了"


_SLIPS = {
    Slip.RECEIVED: 0.015,
    Slip.SPENT: 0.015,
    Slip.NO_REASON: 0.02,
    Slip.YUAN: 0.007,
    Slip.PERCENT: 0.007,
    Slip.UNIT: 0.02,
    Slip.COPIED: 0.015,
    Slip.BLANK_TEXT: 0.02,
    Slip.WRONG_YEAR: 0.01,
    Slip.LOCKED: 0.003,
}
"""Slip → in what share of the workbooks."""
_RETURNS = {
    Return.ONCE: 0.954,
    Return.MISSING: 0.01,
    Return.BLANK: 0.005,
    Return.TWICE: 0.01,
    Return.LATER: 0.02,
    Return.BROKEN: 0.001,
}
FOUND_BY: dict[Slip | Return, tuple[str, ...]] = {
    Slip.RECEIVED: ("FUND02",),
    Slip.SPENT: ("FUND01",),
    Slip.NO_REASON: ("FILL08",),
    Slip.YUAN: ("FUND08", "FUND12"),
    Slip.PERCENT: ("FILL05",),
    Slip.UNIT: ("FILL05",),
    Slip.COPIED: ("CROSS02",),
    Slip.BLANK_TEXT: ("TEXT01", "FILL01"),
    Slip.WRONG_YEAR: ("TEXT03", "TEXT13"),
    Slip.LOCKED: ("TAMPER02",),
    Return.BLANK: ("FILE18",),
    Return.TWICE: ("FILE20",),
    Return.LATER: ("FILE08",),
    Return.BROKEN: ("FILE03",),
}
"""One of these codes stands at the project (or file) that has it."""
_SURNAMES, _GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"


def name_person(chance: random.Random) -> str:
    """王伟芳."""
    return chance.choice(_SURNAMES) + "".join(chance.sample(_GIVEN, 2))


class Answers:
    """What the unit of a project returns: its contents by the names of the inputs, and what is wrong with them."""

    def __init__(self, province: Province, number: int) -> None:
        self._province, self._number = province, number
        chance = province.chance(number, "报送")
        self.slips = _choose_slips(province.project(number), chance)
        self.how = chance.choices([*_RETURNS], [*_RETURNS.values()])[0]
        self.saved_by = name_person(chance)
        self.saved_at = datetime(YEAR + 1, 1, 6, 8) + timedelta(minutes=chance.randrange(40_000))
        self.saved_later = self.saved_at + timedelta(days=20)

    def fill(self, layout: Layout, *, later: bool = False) -> dict[str, Value]:
        """What is typed; a ``later`` version says more of what was spent, and has lost its slips."""
        typist = _Typist(layout, self._province.chance(self._number, "填写"), [] if later else self.slips)
        typed = typist.type_all()
        if Slip.COPIED in typist.slips:
            typed |= self._copy_texts(layout)
        if later:
            typed["fill_date"] = f"{self.saved_later:%Y年%m月%d日}"
        return typed

    def find_locked(self, layout: Layout) -> dict[str, Value]:
        """The locked cells that were changed."""
        weight = layout.rows[0].indicator.weight or 0.0
        return {layout.rows[0].name("weight"): weight + 5} if Slip.LOCKED in self.slips else {}

    def _copy_texts(self, layout: Layout) -> dict[str, Value]:
        """The problems and the overview as the neighbour in the list has them, as far as both have such sections."""
        neighbour = self._number - 1 if self._number else 1
        other = _Typist(layout, self._province.chance(neighbour, "填写"), [], self._province.project(neighbour).name)
        copied = [*map(text_name, ("overview", "problems", "deviation"))]
        return {name: value for name, value in other.type_texts().items() if name in copied}


def _choose_slips(project: Project, chance: random.Random) -> list[Slip]:
    """What goes wrong with a project, as far as it can with what is measured in it."""
    units = {row.unit == PERCENT for row in project.indicators if row.direction is not Direction.QUALITATIVE}
    impossible = {slip for slip, is_percent in ((Slip.PERCENT, True), (Slip.UNIT, False)) if is_percent not in units}
    return [slip for slip, share in _SLIPS.items() if chance.random() < share and slip not in impossible]


class _Typist:
    """Fills one form."""

    def __init__(self, layout: Layout, chance: random.Random, slips: list[Slip], name: str = "") -> None:
        self._layout, self._project = layout, layout.project
        self._chance, self.slips = chance, slips
        self._name = name or self._project.name.partition("（")[0]
        self._typed: dict[str, Value] = {}
        self._seed = chance.random()
        self._words = random.Random(f"{self._seed}")

    def type_all(self) -> dict[str, Value]:
        self._type_contact()
        self._type_funding()
        for row in self._layout.rows:
            self._type_indicator(row)
        self._slip_in_indicators()
        self._typed |= self.type_texts()
        if Slip.BLANK_TEXT in self.slips:
            self._typed[
                next(
                    item.name
                    for item in reversed(self._layout.paragraphs)
                    if item.block is FormBlock.TEXTS and item.problem
                )
            ] = None
        return self._typed

    def _type_contact(self) -> None:
        chance = self._chance
        people = [name_person(chance) for _ in range(2)]
        values = (*people, f"0350-{chance.randint(2_000_000, 8_999_999)}", f"{YEAR + 1}年1月{chance.randint(6, 31)}日")
        self._typed |= dict(zip(("leader", "filler", "phone", "fill_date"), values, strict=True))

    def _type_funding(self) -> None:
        chance, budget = self._chance, self._project.annual_budget
        self.spent = 1.0 if chance.random() < 0.6 else chance.uniform(0.72, 0.999)
        factor = 10_000 if Slip.YUAN in self.slips else 1
        for source, amount in budget.items():
            received = round(amount * (1.08 if Slip.RECEIVED in self.slips else 1), 2)
            executed = round(received * (1.05 if Slip.SPENT in self.slips else self.spent), 2)
            self._typed[amount_name(Measure.RECEIVED, source)] = received
            self._typed[amount_name(Measure.EXECUTED, source)] = executed * factor
        whole = sum(budget.values())
        self.executed = round(whole * self.spent, 2)
        if self.spent < 1:
            self._typed["execution_reason"] = self._say(_REASONS)

    def _type_indicator(self, row: FormRow) -> None:
        chance, target = self._chance, row.target
        if row.qualitative or not isinstance(target, float):
            self._type_qualitative(row)
            return
        met = chance.random() < 0.88
        actual = target
        at_most = row.indicator.direction is Direction.AT_MOST
        if not met:
            actual = target * (1.06 if at_most else chance.uniform(0.6, 0.97))
        elif row.indicator.direction is not Direction.EQUAL and chance.random() < 0.4:
            actual = target * (chance.uniform(0.9, 1) if at_most else chance.uniform(1, 1.1))
        if row.indicator.unit == PERCENT:
            actual = round(min(actual, 1.0), 3)
        else:
            actual = (
                float(round(actual))
                if target.is_integer() and target > 20
                else round(actual, 2)
                if met
                else round(actual, 1)
            )
        self._typed[row.name("actual")] = actual
        if actual < target if not at_most else actual > target:
            self._typed[row.name("deviation_reason")] = self._say(_REASONS)

    def _type_qualitative(self, row: FormRow) -> None:
        tiers = self._layout.scheme.tiers
        best = self._chance.random() < 0.9
        tier = tiers[0 if best else 1]
        self._typed[row.name("actual")] = (
            self._chance.choice((str(row.target), "已按要求完成", "达到预期")) if best else "部分达到"
        )
        self._typed[row.name("tier")] = tier.name
        self._typed[row.name("stated")] = 1.0 if best else round((tier.lower + tier.upper) / 2, 2)
        if not best:
            self._typed[row.name("deviation_reason")] = self._say(_REASONS)

    def _slip_in_indicators(self) -> None:
        """A reason that is missing, a number with its unit, 95 for 95%."""
        rows = self._layout.rows
        reasons = [row.name("deviation_reason") for row in rows if row.name("deviation_reason") in self._typed]
        if Slip.NO_REASON in self.slips and not reasons:
            row = next((row for row in rows if row.qualitative), rows[0])
            tier = self._layout.scheme.tiers[1]
            if row.qualitative:
                self._typed |= {
                    row.name("actual"): "部分达到",
                    row.name("tier"): tier.name,
                    row.name("stated"): tier.lower,
                }
            elif isinstance(row.target, float):
                self._typed[row.name("actual")] = row.target * (
                    2 if row.indicator.direction is Direction.AT_MOST else 0.5
                )
        elif Slip.NO_REASON in self.slips:
            del self._typed[reasons[0]]
        for row in rows:
            actual = self._typed.get(row.name("actual"))
            if not isinstance(actual, float) or row.qualitative:
                continue
            if row.indicator.unit == PERCENT and Slip.PERCENT in self.slips:
                self._typed[row.name("actual")] = round(actual * 100, 3)
            elif row.indicator.unit != PERCENT and Slip.UNIT in self.slips:
                self._typed[row.name("actual")] = f"{number_text(actual)}{row.indicator.unit}"
                return

    def type_texts(self) -> dict[str, Value]:
        """The sections of the report, each with what it is about."""
        typed: dict[str, Value] = {}
        for item in self._layout.paragraphs:
            if item.block is FormBlock.TEXTS:
                self._words = random.Random(f"{self._seed}/{item.part}")
                about = next((pool for key, pool in _SECTIONS.items() if key in item.part), _GENERAL)
                typed[item.name] = "无" if item.part == "other" else self._write_section(about, item.part)
        return typed

    def _write_section(self, pools: tuple[_Pool, ...], part: str) -> str:
        said = [self._say(pool) for pool in pools]
        if "output" in part or "completion" in part or "goal_actual" in part:
            said[-1] += f"，其中{self._tell(self._words.choice(self._layout.rows))}"
        year = YEAR - 1 if Slip.WRONG_YEAR in self.slips else YEAR
        return f"{year}年，" + "；".join(said) + "。"

    def _tell(self, row: FormRow) -> str:
        """An indicator and what came of it."""
        actual, unit = self._typed.get(row.name("actual")), row.indicator.unit
        if isinstance(actual, float):
            actual = f"{number_text(round(actual * 100, 1) if unit == PERCENT else actual)}{unit}"
        return f"{row.indicator.name}为{actual or '已完成'}"

    def _say(self, pool: _Pool) -> str:
        facts = _Facts(self._words, self._name, self._project.unit, number_text(self._spent_so_far()))
        return "，".join(self._words.choice(choices).format_map(facts) for choices in pool)

    def _spent_so_far(self) -> float:
        executed = [amount_name(Measure.EXECUTED, source) for source in FundingSource]
        known = [value for name in executed if isinstance(value := self._typed.get(name), float)]
        return round(sum(known), 2) or round(sum(self._project.annual_budget.values()), 2)


class _Facts(dict[str, str]):
    """What stands in a sentence: whatever is asked for by another name than the project's facts is made up anew each time."""

    def __init__(self, words: random.Random, name: str, unit: str, spent: str) -> None:
        super().__init__(name=name, unit=unit, spent=spent)
        self._words = words

    def __missing__(self, key: str) -> str:
        words = self._words
        match key:
            case "place":
                return "".join(words.sample(_FIRST, 2)) + words.choice(_PLACE_ENDINGS)
            case "person":
                return name_person(words)
        low, high = {"n": (2, 48), "m": (3, 11), "k": (51, 970)}[key]
        return str(words.randint(low, high))


_Pool = tuple[tuple[str, ...], tuple[str, ...]]
"""Beginnings and ends of a sentence: so much in each is a project's own that no two are alike by chance."""
_FIRST = "东西南北上下前后大小新老红白青黄龙虎凤马牛羊山水河湖沟坪岭塔寨堡湾桥铺店营庄屯村石金银玉松柳桃杏梅兰竹荷泉潭溪岩崖坡峪洼塘堰"
_PLACE_ENDINGS = ("镇", "乡", "村", "街道", "片区", "社区", "林场", "工业园")
_ABOUT: _Pool = (
    (
        "{name}由{place}和{place}承担",
        "{unit}在{place}设{n}个实施点",
        "项目涉及{place}等{n}处",
        "成立{person}任组长的{m}人专班",
        "前期由{person}在{place}摸底{k}户",
    ),
    (
        "覆盖{place}至{place}沿线{k}户",
        "用于{place}、{place}的{n}处点位",
        "{place}等{m}个单位配合",
        "安排{n}个子项，{place}{m}月启动",
        "{place}受益约{k}人",
    ),
)
_MONEY: _Pool = (
    (
        "全年支出{spent}万元，{place}占{n}笔",
        "{person}经手支付{spent}万元",
        "到年底执行{spent}万元，含{place}{m}项",
        "{place}、{place}等处用去{spent}万元",
    ),
    (
        "{person}按合同分{m}次拨付",
        "{place}的第{m}批于{n}日支付",
        "{n}笔凭证由{person}保管",
        "由{person}逐笔审核{k}张单据",
        "余款待{place}验收",
    ),
)
_DONE: _Pool = (
    (
        "完成{place}、{place}等{n}处",
        "{person}带队检查{m}次，整改{n}项",
        "在{place}建成{n}个点位",
        "{m}月{n}日{place}先行验收",
        "在{place}抽查{k}份资料",
    ),
    (
        "{place}的质量由{person}复核",
        "{place}按{m}月{n}日的计划完工",
        "经{person}等{m}人验收",
        "较{place}多{n}处",
        "{place}还有{m}处收尾",
        "{place}的{m}个问题已改",
    ),
)
_GOOD: _Pool = (
    (
        "惠及{place}、{place}{k}人",
        "{place}{k}户的条件得到改善",
        "带动{place}{n}人就业",
        "{place}投诉少了{n}件",
        "在{place}发放问卷{k}份，回收{n}份",
    ),
    (
        "{place}的{person}等群众认可",
        "{n}个组、{place}尤其明显",
        "预计在{place}发挥{m}年作用",
        "对{place}到{place}一线有促进",
        "{place}满意的占{m}成",
    ),
)
_TROUBLE: _Pool = (
    (
        "{place}的{n}处点位偏慢",
        "{place}前期用了{m}个月",
        "{place}与{place}征地协调困难",
        "{person}经办的{n}份资料归档迟",
        "{place}标段少到岗{m}人",
    ),
    (
        "影响{place}{m}月的支付",
        "{person}统筹{place}不够",
        "{place}雨季停工{n}天",
        "涉及{place}{k}户",
        "与{place}{person}的衔接不够",
    ),
)
_BETTER: _Pool = (
    (
        "{person}将在{m}月前补齐{n}份资料",
        "每{m}周由{person}到{place}调度",
        "对{place}的{n}处建台账",
        "提前{m}个月做{place}的前期",
        "{place}、{place}合并招标",
    ),
    (
        "确保{place}{k}户受益",
        "{place}{n}项列入督办",
        "由{person}驻{place}",
        "与{place}等{m}个单位会商",
        "责任落实到{person}等{n}人",
    ),
)
_REASONS: _Pool = (
    (
        "{place}雨季停工{n}天",
        "{place}{n}户搬迁未谈妥",
        "{place}招标流标{m}次",
        "{place}至{place}的标段开工晚",
        "{place}材料涨价，{n}处暂缓",
    ),
    (
        "计划次年{m}月在{place}完成",
        "{person}已与{place}商定补做",
        "将给{place}增加{n}人",
        "{person}负责于{m}月{n}日前改到位",
        "由{person}每{m}天到{place}跟踪",
    ),
)
_GENERAL = (_ABOUT, _DONE)
_SECTIONS: dict[str, tuple[_Pool, ...]] = {
    "overview": (_ABOUT, _ABOUT), "execution": (_MONEY, _DONE), "arrival": (_MONEY,), "funding": (_MONEY,), "output": (_DONE, _DONE),
    "benefit": (_GOOD, _GOOD), "satisfaction": (_GOOD,), "completion": (_DONE, _GOOD), "goal_actual": (_DONE, _GOOD), "goal": (_DONE,),
    "problems": (_TROUBLE, _TROUBLE), "deviation": (_TROUBLE, _BETTER), "suggestions": (_BETTER, _BETTER), "experience": (_BETTER, _DONE),
    "plan": (_DONE, _BETTER), "basis": (_ABOUT,), "necessity": (_GOOD,), "safeguards": (_BETTER,), "organization": (_ABOUT, _BETTER),
    "disclosure": (_BETTER,), "conclusion": (_DONE, _GOOD), "budget_change": (_MONEY,),
}  # fmt: skip
"""A word of a section's key → what its sentences are made of."""
