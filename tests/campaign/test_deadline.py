"""Until when workbooks are to come: dates as people write them, and what goes by them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.deadline import Deadline, Deadlines, parse_deadline, read_deadlines, read_given_date
from workbook_tools.campaign.returning import agree_on_date
from workbook_tools.campaign.settings import read_settings, write_settings
from workbook_tools.core.errors import SettingsError

pytestmark = pytest.mark.usefixtures("china_clock")

CHINA = timezone(timedelta(hours=8))
NOW = datetime(2025, 3, 20, 1, tzinfo=UTC)


END = "2024-03-31 23:59:59.999999"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024年3月31日", END),
        ("2024年03月31日前", END),
        ("2024 年 3 月 31 日之前", END),
        ("２０２４年３月３１日", END),
        ("请于2024年3月31日前", END),
        ("截止2024年3月31日", END),
        ("2024年3月31日（星期日）前", END),
        ("2024年3月31日下班前", END),
        ("2024年3月31日止。", END),
        ("2024年3月31号", END),
        ("2024-03-31", END),
        ("2024/3/31", END),
        ("2024.3.31", END),
        ("24年3月31日", END),
        ("20240331", END),
        ("二〇二四年三月三十一日", END),
        ("2024年三月三十一日（星期日）前", END),
        ("2024年3月31日24时", "2024-04-01 00:00"),
        ("2024年3月31日下午5点", "2024-03-31 17:00"),
        ("2024年3月31日下午5点半前", "2024-03-31 17:30"),
        ("2024年3月31日 17:30", "2024-03-31 17:30"),
        ("2024-03-31T17:30:00", "2024-03-31 17:30"),
        ("2024年3月31日17时30分前", "2024-03-31 17:30"),
        ("2024年3月31日上午11点", "2024-03-31 11:00"),
        ("2024年3月31日中午12点", "2024-03-31 12:00"),
        ("2024年3月31日中午1点", "2024-03-31 13:00"),
        ("2024年3月31日下午12点", "2024-03-31 12:00"),
        ("2024年3月31日晚上12点", "2024-04-01 00:00"),
        ("2024年3月31日下午17时整", "2024-03-31 17:00"),
    ],
)
def test_a_deadline_as_people_write_it(text: str, moment: str) -> None:
    assert parse_deadline(text, CHINA) == datetime.fromisoformat(moment).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3月31日",
        "3.31",
        "三月底",
        "2024年3月",
        "2024年2月30日",
        "2024年13月1日",
        "2024年3月31日25点",
        "2024年3月31日17:60",
        "2024年3月1日至3月31日",
        "2024年3月31日或4月1日",
        "12024年3月31日",
        "2024年3月311日",
        "0000年1月1日",
        "尽快",
    ],
)
def test_what_is_not_exactly_one_date_is_no_deadline(text: str) -> None:
    assert parse_deadline(text, CHINA) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("3月31日", "2025-03-31"),
        ("3.31", "2025-03-31"),
        ("3/31前", "2025-03-31"),
        ("1月10日", "2025-01-10"),
        ("12月1日", "2024-12-01"),
        ("2月29日", "2024-02-29"),
    ],
)
def test_a_date_without_a_year_is_the_nearest_one(text: str, moment: str) -> None:
    found = parse_deadline(text, CHINA, near=NOW)
    assert found is not None
    assert f"{found.astimezone(CHINA):%Y-%m-%d}" == moment


def test_a_date_without_a_year_given_at_the_end_of_the_year_is_of_the_next() -> None:
    found = parse_deadline("1月10日", CHINA, near=datetime(2025, 12, 28, tzinfo=UTC))
    assert found == datetime(2026, 1, 10, 23, 59, 59, 999999, CHINA)


# -- what is given to a command ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2025年4月10日前", "2025年4月10日"),
        ("4月10日", "2025年4月10日"),
        ("2025-04-10", "2025年4月10日"),
        ("二〇二五年四月十日", "2025年4月10日"),
        ("今年4月10日".removeprefix("今年"), "2025年4月10日"),
        ("2025年4月10日下午5点半", "2025年4月10日17时30分"),
        ("4月10日24时", "2025年4月10日24时"),
        ("3月20日", "2025年3月20日"),
    ],
)
def test_a_given_date_is_printed_in_one_form(text: str, shown: str) -> None:
    assert read_given_date(text, "--by", NOW).text == shown


@pytest.mark.parametrize("text", ["昨天", "下周五", "三月底", "2025年2月30日", "4月", "10", "2025年4月1日或2日"])
def test_what_is_no_date_is_refused_with_the_form_to_type(text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_given_date(text, "--by", NOW)
    assert f"“{text}”看不出是哪一天。请写成 2025年4月3日、2025-04-03 或 4月3日 这样。" in str(caught.value)


@pytest.mark.parametrize("text", ["2025年3月19日", "3月19日", "2024年4月10日", "1月10日"])
def test_a_date_that_has_passed_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="已经过去了（今天是 2025年3月20日）"):
        read_given_date(text, "--by", NOW)


def test_a_date_years_ahead_is_a_slip() -> None:
    with pytest.raises(SettingsError, match="请核对年份"):
        read_given_date("2052年4月10日", "--by", NOW)


# -- one source -------------------------------------------------------------------------------------------------------


def make(tmp_path: Path, **settings: str) -> Campaign:
    return Campaign.create(tmp_path / "自评", Settings(year=2024, **settings))


def test_the_date_of_a_return_is_written_where_all_others_read_it(tmp_path: Path) -> None:
    campaign = make(tmp_path, deadline="2025年3月31日", contact='甲 "乙"')
    before = (campaign.root / "wbt.toml").read_text("utf-8")
    agree_on_date(campaign, "4月10日", NOW)
    assert Campaign.open(campaign.root).settings.return_by == "2025年4月10日"
    changed = set((campaign.root / "wbt.toml").read_text("utf-8").splitlines()) ^ set(before.splitlines())
    assert changed == {'return_by = ""', 'return_by = "2025年4月10日"'}


def test_a_refused_date_changes_nothing(tmp_path: Path) -> None:
    campaign = make(tmp_path, deadline="2025年3月31日")
    before = (campaign.root / "wbt.toml").read_bytes()
    with pytest.raises(SettingsError):
        agree_on_date(campaign, "昨天", NOW)
    assert (campaign.root / "wbt.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("deadline", "return_by", "named"),
    [
        ("2025年3月31日", "", "2025年3月31日"),
        ("2025年3月10日", "2025年4月10日", "2025年4月10日"),
        ("2025年3月31日", "2025年3月15日", "2025年3月31日"),
        ("2025年3月10日", "2025年3月15日", ""),
        ("三月中旬", "", ""),
    ],
)
def test_without_a_date_a_notice_names_the_one_that_is_still_ahead(
    tmp_path: Path, deadline: str, return_by: str, named: str
) -> None:
    found = agree_on_date(make(tmp_path, deadline=deadline, return_by=return_by), "", NOW)
    assert (found.text if found else "") == named


def test_settings_of_an_earlier_version_get_the_line(tmp_path: Path) -> None:
    path = tmp_path / "wbt.toml"
    path.write_bytes('\ufeffyear = 2024 # 年度\r\n\r\n[checks]\r\nTEXT05 = "off"\r\n'.encode())
    write_settings(path, {"return_by": "2025年4月10日"})
    found = read_settings(path)
    assert (found.return_by, found.checks) == ("2025年4月10日", {"TEXT05": "off"})
    assert "year = 2024 # 年度" in path.read_text("utf-8")


def test_what_only_looks_like_the_line_stays(tmp_path: Path) -> None:
    path = tmp_path / "wbt.toml"
    path.write_text('year = 2024\nauthority = """甲\nreturn_by = "丙"\n乙"""\n[sample]\n', "utf-8")
    write_settings(path, {"return_by": "2025年4月10日"})
    found = read_settings(path)
    assert (found.return_by, found.authority) == ("2025年4月10日", '甲\nreturn_by = "丙"\n乙')


def test_settings_written_in_an_odd_way_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "wbt.toml"
    path.write_text("year = 2024\nreport = { cover = true }\n", "utf-8")
    before = path.read_bytes()
    with pytest.raises(SettingsError, match="自己写上"):
        write_settings(path, {"report.date": "2025年4月10日"})
    assert path.read_bytes() == before


def test_a_deadline_in_the_settings_without_a_year_is_of_the_year_after() -> None:
    for now_or_later in ("3月31日", "12月20日", "1月5日"):
        found = read_deadlines(now_or_later, "", 2024).send
        assert found is not None
        assert found.text == f"2025年{now_or_later}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2023年3月31日", "在 2024 年以前，年份不对"),
        ("2052年3月31日", "比 2024 年晚了 28 年，年份不对"),
        ("2025年2月30日", "看不出是哪一天"),
    ],
)
def test_a_date_that_cannot_be_meant_is_none(text: str, told: str) -> None:
    found = read_deadlines(text, "", 2024)
    assert found.send is None and told in found.unclear[0] and "请写成 2025年3月31日 这样" in found.unclear[0]


def test_whoever_begins_is_asked_about_a_date_that_is_hardly_meant() -> None:
    now = datetime(2025, 1, 10, tzinfo=UTC)
    early, passed, ahead, wrong = (
        read_deadlines(text, "", 2024) for text in ("2024年3月31日", "2025年1月5日", "2025年3月31日", "三月中旬")
    )
    assert "在 2024 年度结束以前，请核对年份" in early.doubts[0] and early.passed(now) == ""
    assert "已经过去了" in passed.passed(now) and passed.doubts == ()
    assert (ahead.passed(now), ahead.doubts, wrong.passed(now)) == ("", (), "")
    assert "看不出是哪一天" in wrong.doubts[0]


def test_what_went_back_is_due_by_the_date_of_its_return() -> None:
    send, resend = (Deadline(parse_deadline(text) or NOW) for text in ("2025年3月31日", "2025年4月10日"))
    before, after = send.moment - timedelta(days=1), send.moment + timedelta(days=1)
    assert Deadlines(send, resend).due_again(before) == resend
    assert Deadlines(send).due_again(before) == send
    assert Deadlines(send).due_again(after) is None
