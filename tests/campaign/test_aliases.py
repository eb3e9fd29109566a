"""[aliases] of wbt.toml: other names of departments and units, in the list and in forms of today."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import project
from drawn_forms import drawn

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.ledger.standing import read_expected
from workbook_tools.campaign.reviewing import review_inbox
from workbook_tools.campaign.settings import read_settings
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.model import ProjectList


def with_aliases(campaign: Campaign, **aliases: str) -> Campaign:
    """The working folder with these lines in its wbt.toml."""
    path = campaign.root / "wbt.toml"
    lines = "".join(f'"{alias}" = "{name}"\n' for alias, name in aliases.items())
    path.write_text(path.read_text("utf-8").replace("[aliases]\n", f"[aliases]\n{lines}"), "utf-8")
    return Campaign.open(campaign.root)


FORM = """
项目支出绩效自评表|<|<|<|<|<|<|<
（2024年度）|<|<|<|<|<|<|<
项目名称|农村道路养护经费|<|<|<|<|<|<
主管部门|县交通局|<|<|实施单位|道路管护队|<|<
项目资金（万元）|<|年初预算数|全年预算数（A）|全年执行数（B）|分值|执行率（B/A）|得分
^|年度资金总额|150|150|150|10|100%|10
一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因分析及改进措施
产出指标|数量指标|养护里程|≥100公里|102公里|50|50|
效益指标|社会效益指标|通行条件|有效改善|达成预期指标|30|30|
满意度指标|服务对象满意度指标|群众满意度|≥90%|92%|10|10|
总分|<|<|<|<|100|100|
"""


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    """A working folder whose list has one project under other names than the units use."""
    made = Campaign.create(tmp_path / "自评", Settings(year=2024))
    text = ProjectList(
        year=2024, projects=(project(), project(code="P002", name="桥梁维修", department="交通局"))
    ).model_dump_json()
    (made.root / "项目清单.json").write_text(text, "utf-8")
    return made


def test_a_form_of_today_under_another_name_finds_its_project(campaign: Campaign) -> None:
    (campaign.folder("回收") / "甲.xlsx").write_bytes(drawn(FORM))

    def review(where: Campaign) -> list[tuple[str, str, str]]:
        result = review_inbox(where, where.folder("回收"), {}, datetime(2025, 3, 1, tzinfo=UTC)).review.result
        return [(row.code, row.department, row.unit) for row in result.projects]

    assert review(campaign) == []
    named = with_aliases(campaign, 道路管护队="示例县公路段", 县交通局="示例县交通运输局")
    assert review(named) == [("P001", "示例县交通运输局", "示例县公路段")]


def test_the_ledger_and_the_commands_expect_the_same_names(campaign: Campaign) -> None:
    named = with_aliases(campaign, 交通局="示例县交通运输局")
    assert {row.department for row in read_expected(named)} == {"示例县交通运输局"}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('"甲局" = "甲局"', "“甲局”写成了它自己"),
        ('"甲局" = "乙局"\n"乙局" = "甲局"', "互为别名"),
        ('"甲局" = "乙局"\n"乙局" = "丙局"', "请直接写最后的名称"),
        ('"甲局" = 3', "应为文字"),
    ],
)
def test_a_table_that_cannot_be_followed_is_refused_when_the_settings_are_read(
    campaign: Campaign, line: str, told: str
) -> None:
    path = campaign.root / "wbt.toml"
    path.write_text(path.read_text("utf-8").replace("[aliases]\n", f"[aliases]\n{line}\n"), "utf-8")
    with pytest.raises(SettingsError, match=told):
        read_settings(path)
