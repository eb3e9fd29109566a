"""Published tables, scored again: which printed figures come out, and exactly which do not."""

import pytest
from published_cases import PAGE, Disagreement, checked, disagreements, load, page
from scheme_variants import varied

from workbook_tools.rules.scheme import load_scheme

CASES, LEFT_OUT = load()


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_exactly_the_listed_figures_of_a_published_table_are_wrong(case):
    listed = [Disagreement(d["where"], d["printed"], d["computed"]) for d in case["discrepancies"]]
    assert disagreements(case) == listed
    assert all(d["why"] for d in case["discrepancies"])


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_every_case_checks_something(case):
    assert checked(case)


def test_how_many_tables_agree():
    wrong = [case for case in CASES if case["discrepancies"]]
    assert (len(CASES), len(wrong), sum(len(case["discrepancies"]) for case in wrong), len(LEFT_OUT)) == (22, 11, 32, 6)


def test_a_changed_figure_is_noticed():
    """The comparison is not blind: another printed score, actual or amount shows at once."""
    case = next(case for case in CASES if case["id"] == "sh-putuo-tiyu-jiesuan-2022")
    first, *others = case["indicators"]
    known = disagreements(case)
    assert disagreements({**case, "indicators": [{**first, "score": 9.5}, *others]}) == [
        *known,
        Disagreement(f"{first['name']} 得分", "9.5", "10"),
    ]
    assert disagreements({**case, "total": 98.6}) == [*known, Disagreement("总分", "98.6", "98.62")]
    total = {**case["funding"]["total"], "score": 8.61}
    assert Disagreement("年度资金总额 得分", "8.61", "8.62") in disagreements({**case, "funding": {"total": total}})


def test_two_tables_of_one_city_round_differently():
    """9.685 is printed as 9.68, 7.927 as 7.93: neither way of rounding gives both."""
    rounded = load_scheme("mof-2020")
    cut = varied(rounded, rounding__mode="truncate")
    by_id = {case["id"]: case for case in CASES}
    cut_off, half_up = by_id["cq-zhongxian-kexie-2024"], by_id["cq-liangping-linye-2022"]
    assert [d.printed for d in disagreements(cut_off, rounded)] == ["9.68"]
    assert [d.printed for d in disagreements(half_up, cut)] == ["7.93"]
    assert disagreements(cut_off, cut) == disagreements(half_up, rounded) == []


def test_the_page_is_up_to_date():
    assert PAGE.read_text("utf-8") == page()
