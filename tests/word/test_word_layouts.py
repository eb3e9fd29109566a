"""Word reports beyond the published files, drawn in golden/word_layouts.txt with what must be understood of them."""

from __future__ import annotations

import pytest
from drawn_layouts import told
from drawn_reports import document, read
from drawn_sheets import read_bytes
from locations import GOLDEN
from word_documents import document_file, para, run, table, tile

from workbook_tools.legacy.words.records import Concern

DRAWN = GOLDEN / "word_layouts.txt"
ROWS = (
    ("项目名称", "河道保洁", "", "", "实施单位", "清河县水利局", ""),
    ("一级指标", "二级指标", "三级指标", "指标值", "完成值", "分值", "得分"),
    ("产出指标", "数量指标", "保洁河道", "≥35公里", "36公里", "60", "60"),
    ("满意度", "满意度", "群众满意度", "≥90%", "88%", "30", "29"),
)
SAID = [
    "project=河道保洁 unit=清河县水利局 2023 万元",
    "execution  /",
    "产出指标/数量指标/保洁河道 ≥35公里 36 60/60",
    "满意度/满意度/群众满意度 ≥90% 88 30/29",
    "total /",
]
TITLE = para(run("项目支出绩效自评表（2023年度）"))


def layouts() -> dict[str, tuple[str, str]]:
    """Name → report and what it says."""
    found = {}
    for block in DRAWN.read_text("utf-8").split("== ")[1:]:
        name, _, rest = block.partition("\n")
        report, _, said = rest.partition("\n--\n")
        found[name] = (report, said.strip())
    return found


def rows(*wanted: tuple[str, ...]) -> str:
    return table(*("".join(tile(text) for text in row) for row in wanted))


def cell(content: str) -> str:
    return f"<w:tc><w:tcPr/>{content}{para()}</w:tc>"


def box(content: str) -> str:
    """A text box, in the two versions that Word stores."""
    versions = "".join(
        f"<mc:{kind}><w:txbxContent>{content}</w:txbxContent></mc:{kind}>" for kind in ("Choice", "Fallback")
    )
    return f"<w:p><w:r><mc:AlternateContent>{versions}</mc:AlternateContent></w:r></w:p>"


def revised() -> str:
    """The form with a weight and an actual changed under revision."""
    deleted = '<w:del w:id="2"><w:r><w:delText>55</w:delText></w:r></w:del>'
    inserted = "".join(f'<w:ins w:id="1">{run(text)}</w:ins>' for text in ("6", "0"))
    return rows(*ROWS).replace(run("60"), deleted + inserted).replace(run("88%"), run("8") + run("8%"))


@pytest.mark.parametrize("name", layouts())
def test_report_is_understood(name: str):
    report, said = layouts()[name]
    forms = read(report).forms
    assert [line.strip() for form in forms for line in told(form)] == said.splitlines()
    assert [r for form in forms for r in form.remarks if r.concern is Concern.UNKNOWN] == []


@pytest.mark.parametrize(
    "body",
    [
        rows(*ROWS),
        table(cell(rows(*ROWS))),
        rows(ROWS[0]) + para() + table(tile("绩效指标") + cell(rows(*ROWS[1:]))),
        box(rows(*ROWS)),
        revised(),
    ],
    ids=["plain", "in a frame", "table in a cell", "text box", "under revision"],
)
def test_a_form_is_read_wherever_word_keeps_it(body: str):
    [form] = read_bytes(document_file(TITLE + body), "自评表.docm").forms
    assert [line.strip() for line in told(form)] == SAID


def test_told_indicators_have_the_place_of_their_paragraph():
    [form] = read(layouts()["indicators told in paragraphs"][0]).forms
    assert [(e.name.where.sheet, e.name.where.cell) for e in form.entries] == [
        ("正文", "第6段"),
        ("正文", "第7段"),
        ("正文", "第9段"),
    ]


@pytest.mark.parametrize(
    "paragraph",
    [
        "1.培训人数：共培训210人，效果良好。",
        "2.资金管理：分值10分，按制度管理。",
        "经办人：得分10分，实际完成210人。",
    ],
)
def test_sentences_that_tell_no_result_are_no_indicators(paragraph: str):
    others = "新建卫生室：目标≥12个，实际完成11个，得分40分。\n受益群众：目标≥5000人，实际完成5200人，得分30分。"
    report = (
        f"2023年度道路养护项目支出绩效自评报告\n\n一、资金情况\n\n预算30万元，支出30万元。\n\n{paragraph}\n{others}"
    )
    [form] = read(report).forms
    assert [entry.name.printed for entry in form.entries] == ["新建卫生室", "受益群众"]


def test_a_table_of_something_else_is_told():
    report = layouts()["results and points in tables of their own"][0] + "\n\n月份|雨量\n一月|12"
    [form] = read(report).forms
    assert [(r.where.sheet, r.field) for r in form.remarks] == [("表格3", "其他表格")]


def test_deep_tables_take_no_time():
    inner = rows(*ROWS)
    for _ in range(25):
        inner = table(
            *(["".join((tile("甲"), tile("乙"), tile("丙"))), "".join((tile("丁"), tile("戊"), cell(inner)))])
        )
    assert len(read_bytes(document_file(TITLE + inner), "自评表.docx").forms) == 1


def test_an_empty_document_is_no_form():
    assert read_bytes(document("空"), "空.docx").forms == []
