"""A word is added in one file: with a made-up word in any list of the vocabulary, a form that uses it reads otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest
from drawn_layouts import told
from drawn_sheets import read, read_bytes, workbook

from workbook_tools.legacy.conversion.submission import convert
from workbook_tools.legacy.prose.report import read_report
from workbook_tools.legacy.tables.column_evidence import weigh_label
from workbook_tools.legacy.words.vocabulary import Terms, Vocabulary, default_vocabulary
from workbook_tools.rules.scheme import load_scheme
from workbook_tools.word.reading import Document, Paragraph

WORDS = default_vocabulary()
LABELS = ("columns", "measures", "sources", "head", "texts", "sections")
PARTS = ("column_ends", "column_parts")
NEW = "甲乙丙"
HEADER = "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分"
ROW = "产出指标|数量指标|养护里程|≥100公里|102公里|50|50"
TITLE = "临江县水务局2024年度农村饮水安全项目支出绩效自评报告"


def form(row: str = ROW, header: str = HEADER, head: str = "项目名称|村道养护|<|<|实施单位|公路站|<") -> str:
    return f"项目支出绩效自评表（2024年度）|<|<|<|<|<|<\n{head}\n{header}\n{row}"


def money(measure: str, source: str = "年度资金总额", beside: str = "年初预算数") -> str:
    """A form whose block of money has a column and a row of these labels."""
    rows = f"资金|<|{beside}|{measure}|||\n{source}|<|100|80|||\n其他资金|<|50|40|||"
    return form(head=f"项目名称|村道养护|<|<|实施单位|公路站|<\n{rows}")


DRAWINGS = {
    "government.central": form(
        head="资金|<|年初预算数|全年执行数|||\n年度资金总额|<|100|80|||\n甲乙丙省级资金|<|50|40|||"
    ),
    "government.provincial": form(
        head="资金|<|年初预算数|全年执行数|||\n年度资金总额|<|100|80|||\n中央补助和甲乙丙|<|50|40|||"
    ),
    "government.municipal": form(
        head="资金|<|年初预算数|全年执行数|||\n年度资金总额|<|100|80|||\n中央补助和甲乙丙|<|50|40|||"
    ),
    "government.county": form(
        head="资金|<|年初预算数|全年执行数|||\n年度资金总额|<|100|80|||\n中央补助和甲乙丙|<|50|40|||"
    ),
    "rows.total": form(f"{ROW}\n甲乙丙|<|<|<|<|100|98"),
    "rows.subtotal": form(f"{ROW}\n甲乙丙|<|<|<|<|100|98\n{ROW}"),
    "rows.execution": form(f"{ROW}\n甲乙丙|甲乙丙|甲乙丙|100%|90%|10|9"),
    "rows.counting": form(f"甲乙丙|1|2|3|4|5|6\n{ROW}"),
    "rows.part": form(f"{ROW}\n||甲乙丙县道|≥40公里|40公里||"),
    "rows.template": form(f"{ROW}\n^|^|甲乙丙||||"),
    "rows.notes": form(f"{ROW}\n甲乙丙各项指标应与批复一致||||||"),
    "marks.dimensions": form(ROW.replace("产出指标|数量指标", "甲乙丙—数量指标|")),
    "marks.cost": form(ROW.replace("数量指标", "甲乙丙").replace("≥", "")),
    "marks.all_levels": form(header=HEADER.replace("一级指标|二级指标|三级指标", "甲乙丙|<|<")),
    "marks.bare_values": form(
        "产出指标|数量指标|养护里程|≥100公里|102|公里|50",
        header="一级指标|二级指标|三级指标|指标值|全年完成值|<|得分\n^|^|^|^|甲乙丙|单位|^",
    ),
    "marks.counters": form(ROW.replace("≥100公里", "三甲乙丙")),
    "marks.all_points": form(f"{ROW}\n{ROW}\n{ROW[:-2]}甲乙丙"),
    "marks.shares": form(ROW.replace("养护里程|≥100公里|102公里", "养护甲乙丙|0.95|0.96")),
    "marks.units": form(ROW.replace("养护里程|≥100公里|102公里", "养护（甲乙丙）|≥100|102")),
    "marks.around_before": form(ROW.replace("102公里", "甲乙丙102公里")),
    "marks.done": form(ROW.replace("102公里", "甲乙丙，102公里")),
    "marks.around_behind": form(ROW.replace("≥100公里|102公里", "≥90%|92%甲乙丙")),
    "marks.less": form(ROW.replace("养护里程|≥100公里", "甲乙丙数|3次")),
    "marks.projects": "2024年项目绩效自评一览表|<|<|<|<\n三级指标|指标值|完成值|分值|得分\n一、防疫甲乙丙|<|<|<|<\n头数|≥5头|6头|60|60",
    "marks.levels": form(
        ROW.replace("产出指标|数量指标", "甲乙丙一|数量"), HEADER.replace("一级指标", "项目"), "单位名称|公路站|<|<|||"
    ),
    "marks.titles": f"某县甲乙丙表|<|<|<|<|<|<\n项目名称|村道养护|<|<|实施单位|公路站|<\n{HEADER}\n{ROW}",
    "marks.whole": f"某县甲乙丙绩效自评表|<|<|<|<|<|<\n单位名称|公路站|<|<|||\n{HEADER}\n{ROW}",
    "marks.title_words": f"甲乙丙绩效自评表|<|<|<|<|<|<\n单位名称|公路站|<|<|||\n{HEADER}\n{ROW}",
    "marks.before_levels": form(ROW.replace("产出指标|数量指标", "甲乙丙产出—数量指标|")),
    "marks.behind_levels": form(ROW.replace("产出指标|数量指标", "产出甲乙丙—数量指标|")),
    "sums.of_all": form(f"{ROW}\n各项甲乙丙|<|<|<|<|100|98"),
    "sums.of_part": form(f"{ROW}\n甲乙丙得分|<|<|<|<|100|98"),
    "sums.deducted": form(f"{ROW}\n甲乙丙合计|<|<|<|<|100|98"),
    "sums.fillers": form(f"{ROW}\n甲乙丙合计|<|<|<|<|100|98"),
    "head_ends.project": form(head="专项甲乙丙|村道养护|<|<|实施单位|公路站|<"),
    "head_ends.this_project": form(head="本次甲乙丙|村道养护|<|<|实施单位|公路站|<"),
    "head_ends.unit": form(head="项目名称|村道养护|<|<|经办甲乙丙|公路站|<"),
    "head_ends.department": form(head="项目名称|村道养护|<|<|归口甲乙丙|公路站|<"),
    "head_ends.year": form(head="项目名称|村道养护|<|<|所属甲乙丙|2022|<").replace("（2024年度）", ""),
    "head_ends.total": form(head="项目名称|村道养护|<|<|自查甲乙丙|98|<"),
    "head_parts.project": form(head="甲乙丙全称|村道养护|<|<|实施单位|公路站|<"),
    "head_parts.this_project": form(head="甲乙丙项目|村道养护|<|<|实施单位|公路站|<"),
    "head_parts.unit": form(head="项目名称|村道养护|<|<|甲乙丙单位|公路站|<"),
    "head_parts.department": form(head="项目名称|村道养护|<|<|甲乙丙机关|公路站|<"),
    "head_parts.year": form(head="项目名称|村道养护|<|<|甲乙丙年度|2022|<").replace("（2024年度）", ""),
    "head_parts.total": form(head="项目名称|村道养护|<|<|甲乙丙总分|98|<"),
    "money_parts.when": money("甲乙丙列支"),
    "money_parts.initially": money("甲乙丙核定", beside="全年执行数"),
    "money_parts.spent": money("全年甲乙丙"),
    "money_parts.received": money("全年甲乙丙"),
    "money_parts.budgeted": money("全年甲乙丙"),
    "money_parts.rates": money("支出甲乙丙"),
    "money_parts.of_all": money("执行数", "甲乙丙可用资金"),
    "money_parts.fiscal": money("执行数", "甲乙丙出资"),
    "money_parts.other": money("执行数", "甲乙丙来源资金"),
    "money_parts.amounts": money("列支甲乙丙"),
    "money_parts.fillers": money("全年甲乙丙列支"),
    "marks.other_sheets": form().replace("项目支出绩效自评表", "项目甲乙丙表"),
    "marks.own_sheets": form().replace("项目支出绩效自评表", "项目甲乙丙运行监控表"),
    "marks.planned": form(header=HEADER.replace("年度指标值", "甲乙丙完成数").replace("实际完成值", "结果")),
    "marks.behind_kinds": form().replace("项目支出绩效自评表", "项目运行监控甲乙丙表"),
    "signs.quantitative": form(ROW.replace("数量指标", "甲乙丙"), HEADER.replace("二级指标", "指标性质")),
    "marks.grades": form(f"{ROW}\n总分|<|<|<|甲乙丙|100|98"),
    "signs.at_least": form(ROW.replace("≥", "甲乙丙")),
    "signs.at_most": form(ROW.replace("≥", "甲乙丙")),
    "signs.equal": form(ROW.replace("≥", "甲乙丙")),
    "signs.qualitative": form(
        ROW.replace("数量指标", "甲乙丙").replace("≥", ""), HEADER.replace("二级指标", "指标性质")
    ),
    "signs.behind_at_least": form(ROW.replace("≥100公里", "100公里甲乙丙")),
    "signs.behind_at_most": form(ROW.replace("≥100公里", "100公里甲乙丙")),
}
"""By list: a form that uses the made-up word."""
ALSO = {
    "marks.all_levels": "columns.name",
    "marks.bare_values": "columns.target",
    "prose_amounts.this_year": "prose_amounts.annual_budget",
    "prose_amounts.left": "prose_amounts.other_money",
    "prose_amounts.added": "prose_amounts.other_money",
    "prose_amounts.reduced": "prose_amounts.other_money",
}
"""Lists that tell apart what another list of the file holds."""

SENTENCES = {
    "prose_amounts.initial_budget": "甲乙丙100万元，全年预算120万元。",
    "prose_amounts.annual_budget": "甲乙丙100万元，支出90万元。",
    "prose_amounts.received": "预算100万元，甲乙丙90万元。",
    "prose_amounts.executed": "预算100万元，甲乙丙90万元。",
    "prose_amounts.doubtful": "预算100万元，甲乙丙90万元。",
    "prose_amounts.funds": "本项目甲乙丙90万元。自评得分90分。",
    "prose_amounts.other_money": "预算100万元，甲乙丙预算90万元。",
    "prose_amounts.left": "预算100万元，甲乙丙20万元。",
    "prose_amounts.added": "年初预算100万元，甲乙丙20万元。",
    "prose_amounts.reduced": "年初预算100万元，甲乙丙20万元。",
    "prose_amounts.rest": "预算100万元，支出60万元，甲乙丙40万元已支付。",
    "prose_amounts.spent_behind": "预算100万元，支出60万元，其余40万元甲乙丙。",
    "prose_amounts.left_behind": "预算100万元，支出60万元，其余40万元支付甲乙丙。",
    "prose_amounts.spent_all": "预算100万元，已甲乙丙。",
    "prose_amounts.general": "预算100万元，甲乙丙支出14.3万元，执行率100%。",
    "prose_amounts.other_years": "甲乙丙预算90万元，本年预算100万元。",
    "prose_amounts.parts": "支出100万元，甲乙丙资金30万元。",
    "prose_amounts.sums": "预算60万元，预算甲乙丙100万元。",
    "prose_amounts.respectively": "预算和支出甲乙丙100万元和90万元。",
    "prose_amounts.compared": "预算100万元，支出甲乙丙预算120万元的75%。",
    "prose_amounts.linking": "预算100万元，执行率甲乙丙90%。",
    "prose_amounts.all_of_it": "预算100万元甲乙丙支出。",
    "prose_amounts.limits": "预算100万元甲乙丙，支出90万元。",
    "prose_amounts.no_cue_before": "预算甲乙丙100万元。自评得分90分。",
    "prose_amounts.this_year": "2021-2023年规划支出900万元，甲乙丙100万元，支出90万元。",
    "prose_amounts.rates": "预算100万元，甲乙丙为90%。",
    "prose_scores.total": "预算100万元。甲乙丙96分。",
    "prose_scores.parts": "预算100万元。甲乙丙得分48分。",
    "prose_scores.of_the_whole": "预算100万元。甲乙丙得96分。",
    "prose_scores.full_marks": "预算100万元。甲乙丙得分100分。",
    "prose_scores.grade_cues": "预算100万元。甲乙丙为优秀。",
    "prose_scores.grade_links": "预算100万元。等级甲乙丙优秀。",
    "prose_scores.grade_nouns": "预算100万元。优秀甲乙丙。",
    "prose_scores.linking": "预算100万元。自评得分甲乙丙96分。",
    "prose_scores.other_years": "预算100万元。甲乙丙自评得分96分。",
}
"""By list: a sentence of a report that uses it."""
TITLES = {
    "prose_titles.kinds": "2024年饮水安全甲乙丙报告",
    "prose_titles.between": "2024年饮水安全绩效自评甲乙丙报告",
    "prose_titles.ends": "2024年饮水安全绩效自评甲乙丙",
    "prose_titles.before": "2024年饮水安全甲乙丙绩效自评报告",
    "prose_titles.organisations": "临江县甲乙丙2024年饮水安全绩效自评报告",
}


def with_word(folder: Path, *lists: str, word: str = NEW) -> Vocabulary:
    """The vocabulary as an office extends it."""
    path = folder / "词表.toml"
    tables = {table: [n for t, n in (name.split(".") for name in lists) if t == table] for table in WORDS.tables}
    lines = (f"[{table}]\n" + "\n".join(f'{name} = ["{word}"]' for name in names) for table, names in tables.items())
    path.write_text("\n".join(lines), "utf-8")
    return WORDS.extended(path)


def without_and_with(folder: Path, name: str) -> tuple[Vocabulary, Vocabulary]:
    """The vocabulary without and with the word in a list."""
    more = [ALSO[name]] if name in ALSO else []
    return (with_word(folder, *more) if more else WORDS), with_word(folder, name, *more)


def lines_of(drawing: str, words: Vocabulary) -> list[object]:
    reading = read(drawing, words=words)
    return [
        (*told(made), made.title, made.remarks, made.template_rows, [(e.is_part, e.direction) for e in made.entries])
        for made in reading.forms
    ]


@pytest.mark.parametrize("table", LABELS)
def test_a_label_means_what_its_list_says(table: str, tmp_path: Path):
    for name in WORDS.tables[table]:
        terms = getattr(with_word(tmp_path, f"{table}.{name}"), table)
        assert isinstance(terms, Terms)
        assert terms.find(NEW) == name


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_word_of_a_form(name: str, tmp_path: Path):
    before, after = without_and_with(tmp_path, name)
    assert lines_of(DRAWINGS[name], after) != lines_of(DRAWINGS[name], before)


@pytest.mark.parametrize("table", PARTS)
def test_a_part_of_a_label_is_a_hint(table: str, tmp_path: Path):
    for name in WORDS.tables[table]:
        assert weigh_label(f"丁{NEW}", with_word(tmp_path, f"{table}.{name}")).get(name, 0) >= 1


@pytest.mark.parametrize("name", SENTENCES)
def test_a_word_of_a_sentence(name: str, tmp_path: Path):
    document = Document((Paragraph(1, TITLE), Paragraph(2, SENTENCES[name])))
    before, after = without_and_with(tmp_path, name)
    assert read_report(document, after) != read_report(document, before)


@pytest.mark.parametrize("name", TITLES)
def test_a_word_of_a_title(name: str, tmp_path: Path):
    document = Document((Paragraph(1, TITLES[name]), Paragraph(2, "预算100万元。")))
    assert read_report(document, with_word(tmp_path, name)) != read_report(document, WORDS)


@pytest.mark.parametrize("section", WORDS.tables["prose_sections"])
def test_a_word_of_a_heading(section: str, tmp_path: Path):
    paragraphs = (TITLE, "预算100万元。", f"三、{NEW}", "文字。")
    document = Document(tuple(Paragraph(number, text) for number, text in enumerate(paragraphs, 1)))
    report = read_report(document, with_word(tmp_path, f"prose_sections.{section}"))
    assert report is not None
    assert "文字。" in [text.value for text in report.texts.values()]


@pytest.mark.parametrize(
    ("name", "score", "tier"), [("reached", 27, "达成"), ("partly", 21, "部分达成"), ("missed", 9, "未达成")]
)
def test_a_word_that_rates(name: str, score: int, tier: str, tmp_path: Path):
    words = with_word(tmp_path, f"ratings.{name}")
    scheme = load_scheme("mof-2020")
    [made] = read(form(f"效益指标|社会效益|通行条件|改善|甲乙丙|30|{score}"), words=words).forms
    [answer] = convert(made, scheme, 2024, words).project.answers.indicators
    assert (answer.tier, answer.completion) == (tier, score / 30)


def test_a_word_of_satisfaction(tmp_path: Path):
    words = with_word(tmp_path, "marks.satisfaction")
    [made] = read(form("||群众甲乙丙|≥90%|95%|10|10"), words=words).forms
    [indicator] = convert(made, load_scheme("mof-2020"), 2024, words).project.indicators
    assert indicator.dimension == "满意度指标"


def test_a_word_for_samples_and_a_misread_sign(tmp_path: Path):
    sheets = (form(), form().replace("村道养护", "桥梁养护"))
    assert len(read(*sheets).forms) == 2
    assert len(read(*sheets, words=with_word(tmp_path, "marks.samples", word="表1")).forms) == 1
    misread = form(ROW.replace("≥100公里|102公里", "甲90%|95%"))
    assert len(lines_of(misread, with_word(tmp_path, "signs.misread", word="甲"))[0][-3]) == 1  # type: ignore[index]


def test_a_word_that_self_evaluations_speak_of(tmp_path: Path):
    table = workbook("""
项目名称|村道养护|<|<|<|<
序号|事项|任务数|达到数|上限|甲乙丙
1|养护里程|≥9公里|9公里|60|60
2|平整路面|≥5公里|6公里|40|40
""")
    assert read_bytes(table, "表.xlsx").forms == []
    assert len(read_bytes(table, "表.xlsx", with_word(tmp_path, "marks.subjects")).forms) == 1


def test_every_list_is_tried():
    tried = {*DRAWINGS, *SENTENCES, *TITLES, "marks.satisfaction", "marks.samples", "marks.subjects", "signs.misread"}
    all_lists = {f"{table}.{name}" for table, lists in WORDS.tables.items() for name in lists}
    elsewhere = {name for name in all_lists if name.split(".")[0] in (*LABELS, *PARTS, "prose_sections", "ratings")}
    assert all_lists - elsewhere - tried == set()
