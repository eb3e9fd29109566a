"""Projects and filled workbooks for tests, small and correct; a test changes the one thing it is about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from workbook_tools.core.model import Answers, Direction, FundingSource, Indicator, IndicatorAnswer, Project
from workbook_tools.form.fields import Layout
from workbook_tools.form.identity import NO_ISSUE, SigningKey
from workbook_tools.form.layout import build_layout
from workbook_tools.rules.scheme import Scheme, load_scheme
from workbook_tools.workbooks.writing import build_workbook

KEY = SigningKey(bytes(range(32)))
KEYS = {KEY.id: KEY}
MOF = load_scheme("mof-2020")

INDICATORS = (
    Indicator(dimension="产出指标", category="数量指标", name="养护里程", weight=20, target=100.0, unit="公里"),
    Indicator(dimension="产出指标", category="质量指标", name="验收合格率", weight=20, target=95.0, unit="%"),
    Indicator(
        dimension="产出指标", category="成本指标", name="每公里成本", weight=10, target=1.5, unit="万元",
        direction=Direction.AT_MOST,
    ),
    Indicator(
        dimension="效益指标", category="社会效益指标", name="通行条件", weight=30, target="有效改善",
        direction=Direction.QUALITATIVE,
    ),
    Indicator(dimension="满意度指标", category="服务对象满意度指标", name="群众满意度", weight=10, target=90.0, unit="%"),
)  # fmt: skip
"""One of every direction; with 10 points of the execution rate their weights sum to 100."""


MET = (
    IndicatorAnswer(actual=102.0),
    IndicatorAnswer(actual=96.0),
    IndicatorAnswer(actual=1.45),
    IndicatorAnswer(actual="主要路段平整度达标，投诉减少三成", tier="达成", completion=1.0),
    IndicatorAnswer(actual=92.0),
)
"""An answer to each of the indicators: all are met."""


def project(**changes: Any) -> Project:
    """A project of the mof-2020 scheme with an indicator of every direction; weights sum to 90."""
    base = Project(
        code="P001",
        name="农村道路养护经费",
        department="示例县交通运输局",
        unit="示例县公路段",
        year=2024,
        initial_budget={FundingSource.COUNTY: 100.0},
        annual_budget={FundingSource.COUNTY: 120.0, FundingSource.OTHER: 30.0},
        indicators=INDICATORS,
    )
    return base.model_copy(update=changes)


def answers(scheme: Scheme = MOF, **changes: Any) -> Answers:
    """Everything met, everything spent, every text written: nothing to find."""
    base = Answers(
        received={FundingSource.COUNTY: 120.0, FundingSource.OTHER: 30.0},
        executed={FundingSource.COUNTY: 120.0, FundingSource.OTHER: 30.0},
        indicators=MET,
        texts={text.key: _TEXTS[i % len(_TEXTS)].format(text.label) for i, text in enumerate(scheme.texts)},
        info={"leader": "王强", "filler": "李敏", "phone": "0350-1234567", "fill_date": "2025年1月10日"},
    )
    return base.model_copy(update=changes)


_TEXTS = (
    "{}：全县农村公路日常养护由公路段组织实施，涉及十二个乡镇。",
    "{}：按月检查养护质量，发现坑槽三日内修补，做到有记录可查。",
    "{}：资金由县财政和自筹资金安排，专账核算，按进度拨付。",
    "{}：沿线群众反映出行更方便，雨后积水路段明显减少了。",
)


def filled(folder: Path, scheme: Scheme = MOF, name: str = "P001.xlsx", **changes: Any) -> Path:
    """A workbook with answers in it, as a unit sends it back. ``answers=``, ``issue=`` and project fields may be changed."""
    given, issue = changes.pop("answers", None) or answers(scheme), changes.pop("issue", NO_ISSUE)
    path = folder / name
    path.write_bytes(build_workbook(project(answers=given, **changes), scheme, KEY, issue=issue))
    return path


def layout_of(path_project: Project, scheme: Scheme = MOF) -> Layout:
    """The layout a project's workbook was drawn from."""
    return build_layout(path_project.model_copy(update={"answers": None}), scheme)
