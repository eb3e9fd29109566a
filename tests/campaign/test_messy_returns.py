"""A messy 回收, from the first file to the last: what the officer of a county sees in three reviews and two returns.

Twelve projects of three departments. Everything that is seen is compared whole: which file counts, what is found, who is
missing, the ledger, and what goes back. What a unit sends stands in the story, one line for each file.
"""

from __future__ import annotations

import os
from pathlib import Path

from campaign_story import DEPARTMENTS, WRONG, Story, day

from workbook_tools.core.model import IndicatorAnswer

EDUCATION, TRANSPORT, WATER = DEPARTMENTS
OLD_FORMAT = Path(__file__).parent.parent / "golden" / "formats" / "issued.xls"
SOME, NINETY_NINE = IndicatorAnswer(actual="不少"), IndicatorAnswer(actual=99.0)
NOT_DUE = "还没有报送，2025年3月31日 截止"
NOTICE = "退回通知.docx"


def test_a_messy_inbox_through_three_reviews_and_two_returns(tmp_path: Path) -> None:
    story = Story.begin(tmp_path / "2024年自评")

    send_for_the_first_time(story)
    story.review(10)
    see_the_first_review(story)
    story.give_back(11)
    see_the_first_return(story)

    send_again(story)
    story.review(16)
    see_the_second_review(story)
    story.give_back(17)
    see_the_second_return(story)

    send_once_more(story)
    story.review(22)
    see_the_last_review(story)
    story.give_back(23)
    see_that_little_is_left(story)

    see_that_running_it_all_again_changes_nothing(story)


# -- the first time ---------------------------------------------------------------------------------------------------


def send_for_the_first_time(story: Story) -> None:
    """P11 sends nothing."""
    story.send("P01.xlsx", "P01", on=3)
    # Renamed by the unit, with a text where a number belongs.
    story.send("我们局的表（最终版）.xlsx", "P02", 3, WRONG)
    # An archive of Windows, its names in GBK; one of the two has an error.
    school, training = story.send("a.xlsx", "P03", 3), story.send("b.xlsx", "P04", 3, WRONG)
    story.send_zip("教育局.zip", [("教育局/农村小学.xlsx", school), ("教育局/职业教育.xlsx", training)])
    # A byte-identical copy, with a newer clock.
    original, copy = story.send("P05.xlsx", "P05", 3), story.path("P05 - 副本.xlsx")
    copy.write_bytes(original.read_bytes())
    os.utime(copy, (day(9).timestamp(),) * 2)
    # An old version that was copied later than the new one; both have an error.
    story.send("P06 初稿.xlsx", "P06", 3, WRONG, clock=9)
    story.send("P06 定稿.xlsx", "P06", 5, SOME, clock=4)
    # The form as it was issued; our own form saved as .xls; last year's workbook.
    story.path("P07.xlsx").write_bytes(story.issued("P07").read_bytes())
    story.path("P08.xls").write_bytes(OLD_FORMAT.read_bytes())
    os.utime(story.path("P08.xls"), (day(3).timestamp(),) * 2)
    story.send("水务局/P09.xlsx", "P09", 3, year=2023)
    # The same answers saved twice.
    story.send("P10.xlsx", "P10", 3)
    story.send("P10（又存了一次）.xlsx", "P10", 8)
    # Correct, but a locked weight was changed.
    story.send_copy("P12.xlsx", story.send("P12.xlsx", "P12", 3), 3, indicator_001_weight=25)
    # A project that nobody asked for.
    story.send("X99.xlsx", "P01", 3, code="X99", name="清单外项目")


def see_the_first_review(story: Story) -> None:
    assert story.counted() == {
        "P01": ("P01.xlsx", 100.0, "可接收", 0),
        "P02": ("我们局的表（最终版）.xlsx", 80.0, "待更正", 1),
        "P03": ("教育局.zip/教育局/农村小学.xlsx", 100.0, "可接收", 0),
        "P04": ("教育局.zip/教育局/职业教育.xlsx", 80.0, "待更正", 1),
        "P05": ("P05.xlsx", 100.0, "可接收", 0),
        "P06": ("P06 定稿.xlsx", 80.0, "待更正", 1),
        "P08": ("P08.xls", 100.0, "可接收", 0),
        "P10": ("P10.xlsx", 100.0, "可接收", 0),
        "P12": ("P12.xlsx", 100.0, "待更正", 1),
    }
    assert story.missing() == {
        "P07": "收到的是未填写的下发表，2025年3月31日 截止",
        "P09": NOT_DUE,
        "P11": NOT_DUE,
    }
    assert story.told() == {
        "我们局的表（最终版）.xlsx": ["FILL02"],
        "教育局.zip/教育局/职业教育.xlsx": ["FILL02"],
        "P05 - 副本.xlsx": ["FILE20"],
        "P06 初稿.xlsx": ["FILE08"],
        "P06 定稿.xlsx": ["FILL02"],
        "P07.xlsx": ["FILE18"],
        "P08.xls": ["FILE42"],
        "水务局/P09.xlsx": ["FILE07"],
        "P10（又存了一次）.xlsx": ["FILE08"],
        "P12.xlsx": ["TAMPER02"],
        "X99.xlsx": ["FILE07"],
    }
    assert (story.errors(), story.files()) == (7, 15)
    assert story.ledger(10) == {
        "P01": ("可接收", "P01.xlsx", 1, False),
        "P02": ("待更正", "我们局的表（最终版）.xlsx", 1, False),
        "P03": ("可接收", "教育局.zip/教育局/农村小学.xlsx", 1, False),
        "P04": ("待更正", "教育局.zip/教育局/职业教育.xlsx", 1, False),
        "P05": ("可接收", "P05.xlsx", 1, False),
        "P06": ("待更正", "P06 定稿.xlsx", 2, False),
        "P07": ("缺报", "", 0, False),
        "P08": ("可接收", "P08.xls", 1, False),
        "P09": ("缺报", "", 0, False),
        "P10": ("可接收", "P10.xlsx", 2, False),
        "P11": ("缺报", "", 0, False),
        "P12": ("待更正", "P12.xlsx", 1, False),
    }
    assert (story.folder(), story.notices()) == (set(), {})


def see_the_first_return(story: Story) -> None:
    assert story.folder() == {
        f"{EDUCATION}/我们局的表（最终版）.xlsx",
        f"{EDUCATION}/职业教育.xlsx",
        f"{EDUCATION}/{NOTICE}",
        f"{TRANSPORT}/P06 定稿.xlsx",
        f"{TRANSPORT}/{NOTICE}",
        f"{WATER}/P12.xlsx",
        f"{WATER}/{NOTICE}",
        f"其他文件/{NOTICE}",
    }
    assert story.notices() == {
        EDUCATION: ["P02号项目（P02）", "P04号项目（P04）"],
        TRANSPORT: ["P06号项目（P06）", "P07.xlsx"],
        WATER: ["P12号项目（P12）", "水务局/P09.xlsx"],
        "其他文件": ["X99.xlsx"],
    }
    assert story.out(11) == {"P02", "P04", "P06", "P12"}
    assert story.rounds() == {"我们局的表（最终版）.xlsx": 1, "职业教育.xlsx": 1, "P06 定稿.xlsx": 1, "P12.xlsx": 1}


# -- the second time --------------------------------------------------------------------------------------------------


def send_again(story: Story) -> None:
    """What came the first time stays where it is."""
    # Something was changed, but not what was wrong.
    story.send_copy(
        "第二次/我们局的表.xlsx", story.returned("我们局的表（最终版）.xlsx"), 13, indicator_005_actual=0.95
    )
    # The copy as it was returned.
    story.path("第二次/职业教育.xlsx").write_bytes(story.returned("职业教育.xlsx").read_bytes())
    # Corrected; and later still somebody fills in the form as it was issued.
    story.send_copy("第二次/P06.xlsx", story.returned("P06 定稿.xlsx"), 13, indicator_001_actual=102)
    story.send("第二次/P06 下发表.xlsx", "P06", 15, NINETY_NINE)
    # Filled in at last, as .xlsx, of this year.
    for code in ("P07", "P08", "P09"):
        story.send(f"第二次/{code}.xlsx", code, 13)
    # Its weight is right again in the copy: the unit has nothing to type, and saves it.
    story.send_copy("第二次/P12.xlsx", story.returned("P12.xlsx"), 13)
    # The officer drops a file of ours into the wrong folder.
    results = story.campaign.folder("审核") / "审核结果.xlsx"
    story.path("第二次/审核结果.xlsx").write_bytes(results.read_bytes())


def see_the_second_review(story: Story) -> None:
    assert story.counted() == {
        "P01": ("P01.xlsx", 100.0, "可接收", 0),
        "P02": ("第二次/我们局的表.xlsx", 80.0, "待更正", 1),
        "P03": ("教育局.zip/教育局/农村小学.xlsx", 100.0, "可接收", 0),
        "P04": ("教育局.zip/教育局/职业教育.xlsx", 80.0, "待更正", 1),
        "P05": ("P05.xlsx", 100.0, "可接收", 0),
        "P06": ("第二次/P06.xlsx", 100.0, "可接收", 0),
        "P07": ("第二次/P07.xlsx", 100.0, "可接收", 0),
        "P08": ("第二次/P08.xlsx", 100.0, "可接收", 0),
        "P09": ("第二次/P09.xlsx", 100.0, "可接收", 0),
        "P10": ("P10.xlsx", 100.0, "可接收", 0),
        "P12": ("第二次/P12.xlsx", 100.0, "可接收", 0),
    }
    assert story.missing() == {"P11": NOT_DUE}
    assert story.told() == {
        "我们局的表（最终版）.xlsx": ["FILE08"],
        "第二次/我们局的表.xlsx": ["FILL02"],
        "教育局.zip/教育局/职业教育.xlsx": ["FILL02"],
        "第二次/职业教育.xlsx": ["FILE19"],
        "P05 - 副本.xlsx": ["FILE20"],
        "P06 初稿.xlsx": ["FILE08"],
        "P06 定稿.xlsx": ["FILE08"],
        "第二次/P06 下发表.xlsx": ["FILE21"],
        "P07.xlsx": ["FILE09"],
        "P08.xls": ["FILE23"],
        "水务局/P09.xlsx": ["FILE09"],
        "P10（又存了一次）.xlsx": ["FILE08"],
        "P12.xlsx": ["FILE08"],
        "X99.xlsx": ["FILE07"],
        "第二次/审核结果.xlsx": ["FILE09"],
    }
    assert (story.errors(), story.files()) == (4, 23)
    assert story.ledger(16) == {
        "P01": ("可接收", "P01.xlsx", 1, False),
        "P02": ("待更正", "第二次/我们局的表.xlsx", 2, False),
        "P03": ("可接收", "教育局.zip/教育局/农村小学.xlsx", 1, False),
        "P04": ("待更正", "教育局.zip/教育局/职业教育.xlsx", 1, True),
        "P05": ("可接收", "P05.xlsx", 1, False),
        "P06": ("可接收", "第二次/P06.xlsx", 4, False),
        "P07": ("可接收", "第二次/P07.xlsx", 1, False),
        "P08": ("可接收", "第二次/P08.xlsx", 2, False),
        "P09": ("可接收", "第二次/P09.xlsx", 1, False),
        "P10": ("可接收", "P10.xlsx", 2, False),
        "P11": ("缺报", "", 0, False),
        "P12": ("可接收", "第二次/P12.xlsx", 2, False),
    }


def see_the_second_return(story: Story) -> None:
    """The copy of P04, which has still to come back, stays as it is; all others are history."""
    assert story.folder() == {
        f"{EDUCATION}/我们局的表.xlsx",
        f"{EDUCATION}/职业教育.xlsx",
        f"{EDUCATION}/{NOTICE}",
        f"其他文件/{NOTICE}",
        f"归档/{EDUCATION}/我们局的表（最终版）.xlsx",
        f"归档/{EDUCATION}/{NOTICE}",
        f"归档/{TRANSPORT}/P06 定稿.xlsx",
        f"归档/{TRANSPORT}/{NOTICE}",
        f"归档/{WATER}/P12.xlsx",
        f"归档/{WATER}/{NOTICE}",
    }
    assert story.notices() == {
        EDUCATION: ["P02号项目（P02）", "P04号项目（P04）", "第二次/职业教育.xlsx"],
        "其他文件": ["X99.xlsx"],
    }
    assert story.out(17) == {"P02", "P04"}
    assert story.rounds() == {"我们局的表.xlsx": 2, "职业教育.xlsx": 1}


# -- the third time ---------------------------------------------------------------------------------------------------


def send_once_more(story: Story) -> None:
    story.send_copy("第三次/我们局的表.xlsx", story.returned("我们局的表.xlsx"), 20, indicator_001_actual=102)
    # Somebody else of the office goes on with the copy of the first return, a day later.
    first = story.campaign.folder("退回") / "归档" / EDUCATION / "我们局的表（最终版）.xlsx"
    story.send_copy("第三次/旧的退回副本.xlsx", first, 21, indicator_001_actual=77)
    story.send_copy("第三次/职业教育.xlsx", story.returned("职业教育.xlsx"), 20, indicator_001_actual=102)


def see_the_last_review(story: Story) -> None:
    files = {
        "P01": "P01.xlsx",
        "P02": "第三次/我们局的表.xlsx",
        "P03": "教育局.zip/教育局/农村小学.xlsx",
        "P04": "第三次/职业教育.xlsx",
        "P05": "P05.xlsx",
        "P06": "第二次/P06.xlsx",
        "P07": "第二次/P07.xlsx",
        "P08": "第二次/P08.xlsx",
        "P09": "第二次/P09.xlsx",
        "P10": "P10.xlsx",
        "P12": "第二次/P12.xlsx",
    }
    assert story.counted() == {code: (file, 100.0, "可接收", 0) for code, file in files.items()}
    assert story.missing() == {"P11": NOT_DUE}
    assert story.told() == {
        "我们局的表（最终版）.xlsx": ["FILE08"],
        "第二次/我们局的表.xlsx": ["FILE08"],
        "第三次/旧的退回副本.xlsx": ["FILE21"],
        "教育局.zip/教育局/职业教育.xlsx": ["FILE08"],
        "第二次/职业教育.xlsx": ["FILE09"],
        "P05 - 副本.xlsx": ["FILE20"],
        "P06 初稿.xlsx": ["FILE08"],
        "P06 定稿.xlsx": ["FILE08"],
        "第二次/P06 下发表.xlsx": ["FILE21"],
        "P07.xlsx": ["FILE09"],
        "P08.xls": ["FILE23"],
        "水务局/P09.xlsx": ["FILE09"],
        "P10（又存了一次）.xlsx": ["FILE08"],
        "P12.xlsx": ["FILE08"],
        "X99.xlsx": ["FILE07"],
        "第二次/审核结果.xlsx": ["FILE09"],
    }
    assert (story.errors(), story.files()) == (1, 26)
    versions = {"P02": 4, "P04": 2, "P06": 4, "P08": 2, "P10": 2, "P12": 2}
    came = {code: ("可接收", file, versions.get(code, 1), False) for code, file in files.items()}
    assert story.ledger(22) == {**came, "P11": ("缺报", "", 0, False)}


def see_that_little_is_left(story: Story) -> None:
    """Only the stranger lies there still. Of the notices to 教育局 there are two in the archive, none overwritten."""
    assert story.folder() == {
        f"其他文件/{NOTICE}",
        f"归档/{EDUCATION}/我们局的表（最终版）.xlsx",
        f"归档/{EDUCATION}/我们局的表.xlsx",
        f"归档/{EDUCATION}/职业教育.xlsx",
        f"归档/{EDUCATION}/{NOTICE}",
        f"归档/{EDUCATION}/退回通知（2）.docx",
        f"归档/{TRANSPORT}/P06 定稿.xlsx",
        f"归档/{TRANSPORT}/{NOTICE}",
        f"归档/{WATER}/P12.xlsx",
        f"归档/{WATER}/{NOTICE}",
    }
    assert story.notices() == {"其他文件": ["X99.xlsx"]}
    assert story.out(23) == set()


def see_that_running_it_all_again_changes_nothing(story: Story) -> None:
    before, rows, ledger = story.bytes(), story.rows(), story.ledger(23)
    story.review(23)
    story.give_back(23)
    assert (story.bytes(), story.rows(), story.ledger(23)) == (before, rows, ledger)
