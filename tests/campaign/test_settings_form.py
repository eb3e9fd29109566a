"""The settings as a text and as a form: both are made from the model, say what each means, and change nothing else in the file."""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from pydantic import BaseModel

from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.settings import Settings, change_settings, get_setting, read_settings
from workbook_tools.campaign.settings_form import InputKind, SettingSection, list_sections, read_typed, save_typed
from workbook_tools.core.errors import SettingsError
from workbook_tools.followup.proposals import GradeOutcome
from workbook_tools.rules.setting_base import setting_of

ODD = """\
year = 2024   # 今年
authority = '某县\\财政局' # 我们
scheme = "mof-2020"

[sample]# 抽查
share = 0.15 # 去年 0.1
bands = [
    50, # 小
    500,
]

[checks]
# 关掉的
"TEXT05" = "off" # 说过了
TEXT06 = 'info'

# 最后
[aliases]
"县农业农村局" = "某县农业农村局"
"""


def leaves(part: type[BaseModel], path: str = "") -> Iterator[str]:
    """Every setting that is no table of others."""
    for name, info in part.model_fields.items():
        inner = info.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from leaves(inner, f"{path}{name}.")
        else:
            yield f"{path}{name}"


def typist(sections: Sequence[SettingSection], **other: str | list[str]) -> Callable[[str], Sequence[str]]:
    """A form as a browser sends it, with some fields typed anew (``__`` is a dot)."""
    sent: dict[str, list[str]] = {}
    for section in sections:
        cells = [cell for row in section.table.rows for cell in row] if section.table else []
        for one in (*section.inputs, *cells):
            several = one.kind is InputKind.SEVERAL
            sent[one.name] = ["", *one.value] if several else [str(one.value)]
    sent |= {name.replace("__", "."): [text] if isinstance(text, str) else text for name, text in other.items()}
    return lambda name: sent.get(name, [])


def type_into(settings: Settings, **other: str | list[str]) -> tuple[dict[str, object], dict[str, str]]:
    found = read_typed(settings, typist(list_sections(settings), **other))
    return dict(found.changes), dict(found.faults)


def test_every_setting_has_its_name_its_meaning_and_its_field() -> None:
    shown = {one.name for section in list_sections(Settings(year=2024)) for one in section.inputs}
    shown |= {section.table.name for section in list_sections(Settings(year=2024)) if section.table}
    assert shown == set(leaves(Settings))
    for name, info in Settings.model_fields.items():
        assert setting_of(Settings, name).label, info


def test_the_file_says_all_settings_and_is_read_back() -> None:
    settings = Settings(
        year=2024,
        authority='某县"财政"局\\',
        checks={"TEXT05": "off"},
        aliases={"甲.乙": "甲乙"},
        outcome={"优": GradeOutcome(advice="优先", share=1.1), "差": GradeOutcome(advice="暂停")},
    )
    text = settings.toml()
    assert Settings.model_validate(tomllib.loads(text)) == settings
    assert all(f"{name.rpartition('.')[2]} = " in text or f"[{name}]" in text for name in leaves(Settings))


def test_a_form_that_nobody_has_touched_changes_nothing() -> None:
    settings = Settings.model_validate(tomllib.loads(ODD))
    changes, faults = type_into(settings)
    assert faults == {} and all(get_setting(settings, name) == value for name, value in changes.items())


def test_what_is_changed_is_written_and_all_else_stays(tmp_path: Path) -> None:
    changes = {
        "year": 2025,
        "sample.share": 0.2,
        "sample.bands": (80.0,),
        "sample.risk.amount": 3.5,
        "report.cover": True,
        "publish.reports": (),
        "return_by": "2025年4月10日",
        "aliases": {"农业局": "某县农业农村局"},
        "checks": {"TEXT06": "off", "SCORE03": "info"},
        "outcome": {"差": GradeOutcome(advice="暂停", share=0.0).model_dump()},
    }
    for text in (ODD, ODD.replace("\n", "\r\n"), Settings(year=2024).toml()):
        changed, settings = change_settings(text, changes, tmp_path / "wbt.toml")
        assert Settings.model_validate(tomllib.loads(changed)) == settings
        assert (settings.sample.share, settings.sample.risk.amount, settings.checks) == (0.2, 3.5, changes["checks"])
        kept = [line for line in text.splitlines() if "#" in line and "TEXT05" not in line and "小" not in line]
        assert [line for line in kept if line.partition("#")[2] not in changed] == []
        assert changed.count("\r\n") == (changed.count("\n") if "\r" in text else 0)
        assert change_settings(changed, changes, tmp_path / "wbt.toml")[0] == changed


def test_a_value_that_the_model_refuses_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"sample\.share"):
        change_settings(ODD, {"sample.share": 2}, tmp_path / "wbt.toml")


def test_a_table_written_in_one_line_is_left_to_a_person(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="自己写上"):
        change_settings("year = 2024\nsample = { share = 0.2 }\n", {"sample.count": 3}, tmp_path / "wbt.toml")


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("sample__share", "20%", 0.2),
        ("sample__share", "0.2", 0.2),
        ("sample__share", "12.5％", 0.125),
        ("sample__count", "12", 12),
        ("sample__bands", "50，500、 2000", (50, 500, 2000)),
        ("sample__risk__last_year", "0.5", 0.5),
        ("sample__by_risk", "true", True),
        ("publish__reports", ["", "一页简报"], ("一页简报",)),
        ("publish__reports", [""], ()),
        ("results__one_workbook", "200", 200),
        ("ledger", "postgresql+psycopg://u:x@h/d", "postgresql+psycopg://u:x@h/d"),
    ],
)
def test_what_is_typed_becomes_the_value(field: str, typed: str | list[str], value: object) -> None:
    changes, faults = type_into(Settings(year=2024), **{field: typed})
    assert (changes.get(field.replace("__", ".")), faults) == (value, {})


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("year", "二〇二四"),
        ("year", "1900"),
        ("year", ""),
        ("sample__share", "15"),
        ("sample__share", "0"),
        ("sample__share", "150%"),
        ("sample__count", "2.5"),
        ("sample__count", "-1"),
        ("sample__risk__amount", "nan"),
        ("sample__bands", "inf"),
        ("sample__bands", "五十"),
        ("publish__file_name", "{部门}"),
        ("results__one_workbook", "0"),
        ("checks__0__0", "TEXT05"),
        ("checks__0__1", "off"),
        ("aliases__0__1", "教育局"),
        ("outcome__0__2", "90%"),
    ],
)
def test_what_is_wrong_stands_at_its_field(field: str, typed: str) -> None:
    name = field.partition("__")[0] if field[-1].isdecimal() else field.replace("__", ".")
    sections = list_sections(Settings(year=2024))
    send = typist(sections, **{field: typed})
    faults = read_typed(Settings(year=2024), send).faults
    assert set(faults) == {name}
    faulty = [section for section in list_sections(Settings(year=2024), send, faults) if section.is_faulty]
    assert len(faulty) == 1 and any(typed in str(one) for one in (faulty[0].inputs, faulty[0].table))


def test_rows_are_added_changed_and_cleared() -> None:
    settings = Settings(year=2024, aliases={"甲": "甲局", "乙": "乙局"}, outcome={"优": GradeOutcome(advice="优先")})
    changes, faults = type_into(
        settings,
        aliases__0__0="",
        aliases__0__1="",
        aliases__1__1="乙乙局",
        aliases__2__0="丙",
        aliases__2__1="丙局",
        outcome__0__2="110%",
        checks__1__0="TEXT05",
        checks__1__1="off",
    )
    assert faults == {}
    assert changes["aliases"] == {"乙": "乙乙局", "丙": "丙局"}
    assert changes["outcome"] == {"优": {"advice": "优先", "share": 1.1}}
    assert changes["checks"] == {"TEXT05": "off"}


def test_grades_that_were_only_offered_are_not_written() -> None:
    settings, offered = Settings(year=2024), {"outcome": ["优", "良"]}
    sections = list_sections(settings, offered=offered)
    found = read_typed(settings, typist(sections, outcome__1__1="合理安排"), offered)
    assert (found.changes, found.faults) == ({"outcome": {"良": {"advice": "合理安排", "share": None}}}, {})


def test_a_password_is_not_shown_and_stays(tmp_path: Path) -> None:
    address = "postgresql+psycopg://wbt:geheim@server/db"
    campaign = Campaign.create(tmp_path / "2024", Settings(year=2024, ledger=address))
    sections = list_sections(campaign.settings)
    assert "geheim" not in str(sections)
    assert save_typed(campaign, typist(sections, contact="电话")).faults == {}
    assert save_typed(campaign, typist(sections, ledger="postgresql+psycopg://wbt:***@other/db")).faults.keys() == {
        "ledger"
    }
    assert read_settings(campaign.root / "wbt.toml").ledger == address


def test_a_row_that_nobody_has_touched_keeps_its_value_to_the_last_digit() -> None:
    settings = Settings(year=2024, outcome={"优": GradeOutcome(advice="优先", share=1.012345)})
    assert type_into(settings, outcome__1__0="良", outcome__1__1="保持")[0]["outcome"] == {
        "优": {"advice": "优先", "share": 1.012345},
        "良": {"advice": "保持", "share": None},
    }


def test_nothing_is_saved_where_something_is_wrong(tmp_path: Path) -> None:
    campaign = Campaign.create(tmp_path / "2024", Settings(year=2024))
    before = (campaign.root / "wbt.toml").read_bytes()
    sections = list_sections(campaign.settings)
    typed = typist(sections, contact="电话", deadline="月底", scheme="没有", sample__share="2")
    assert set(save_typed(campaign, typed).faults) == {"deadline", "scheme", "sample.share"}
    assert (campaign.root / "wbt.toml").read_bytes() == before
