"""The dry run of docs/adding.md: a form of a kind that is not there yet (监控表) is drawn, signed, read and verified by what is there."""

from __future__ import annotations

from pathlib import Path

from builders import KEY, KEYS, project
from surgery import Patient

from workbook_tools.core.cells import Span
from workbook_tools.core.values import MAX_AMOUNT
from workbook_tools.form.fields import Evaluation, Field, Kind, Layout, LayoutVersion, Notice, Role, SheetPlan
from workbook_tools.form.identity import Seal
from workbook_tools.form.layout import VERSIONS as EVALUATIONS
from workbook_tools.form.layout import place_fields
from workbook_tools.form.status import check_name
from workbook_tools.rules.rule_set import CURRENT_RULES
from workbook_tools.rules.scheme import load_scheme
from workbook_tools.workbooks.reading import read_submission
from workbook_tools.workbooks.writing import draw_workbook

TITLE = "监控表"
CHANCES = ("确定能", "有可能", "完全不可能")


def _place(layout: Layout) -> None:
    """Budget as it was approved, what was executed up to a month, the rate, and whether the targets will be met."""
    layout.add_sheet(SheetPlan(TITLE, (30.0, 20.0, 16.0)))
    rules, month = layout.rules, layout.facts["month"]

    def add(row: int, role: Role, name: str, label: str, **facts: object) -> None:
        layout.add(Field(sheet=TITLE, span=Span.cell(row, 0), role=Role.LABEL, value=label))
        layout.add(Field(sheet=TITLE, span=Span.cell(row, 1), role=role, name=name, label=label, **facts))  # type: ignore[arg-type]

    add(0, Role.FIXED, "project_code", "项目编码", value=layout.project.code)
    add(1, Role.FIXED, "budget", "调整后预算数（万元）", kind=Kind.AMOUNT, value=layout.facts["budget"])
    add(
        2,
        Role.INPUT,
        "executed",
        f"1—{month}月执行数（万元）",
        kind=Kind.AMOUNT,
        problem=rules.amount_problem(MAX_AMOUNT, True, ""),
        problem_variables={"cell": "executed"},
    )
    shared = {"executed": "executed", "budget": "budget"}
    add(3, Role.FORMULA, "rate", "执行率", kind=Kind.PERCENT, rule=rules.rate("executed", "budget"), variables=shared)
    add(
        4,
        Role.INPUT,
        "chance",
        "完成目标可能性",
        kind=Kind.CHOICE,
        choices=CHANCES,
        problem=rules.required_problem(),
        problem_variables={"cell": "chance"},
    )
    for row, name in ((2, "executed"), (4, "chance")):
        item = layout.fields[name]
        layout.add(
            Field(
                sheet=TITLE,
                span=Span.cell(row, 2),
                role=Role.FORMULA,
                name=check_name(name),
                label=f"{item.label}的检查",
                rule=item.problem,
                variables=item.problem_variables,
                link=name,
            )
        )


MONITORING = LayoutVersion(
    "监控表1", builders={TITLE: _place}, of_facts=(), tabs=(TITLE,), rules=CURRENT_RULES, called="绩效运行监控表"
)
VERSIONS = {MONITORING.name: MONITORING}


def issue() -> tuple[Layout, bytes]:
    facts = {"month": 7, "budget": 80.0}
    layout = place_fields(Layout(MONITORING, project(), load_scheme("mof-2020"), Notice("清河县财政局"), facts=facts))
    return layout, draw_workbook(layout, Seal.on(layout, KEY))


def test_it_comes_back_with_what_was_typed_and_its_rules_computed(tmp_path: Path) -> None:
    layout, data = issue()
    patient = Patient(data)
    patient.put(TITLE, layout.fields["executed"].cell, 20.0)
    patient.put(TITLE, layout.fields["chance"].cell, "有可能")
    path = tmp_path / "监控表.xlsx"
    path.write_bytes(patient.bytes())
    reading = read_submission(path, KEYS, VERSIONS)
    assert reading.submission is not None and reading.findings == []
    assert reading.submission.layout.facts == layout.facts
    given = {name: answer.value for name, answer in reading.submission.answers.items()}
    assert given == {"executed": 20.0, "chance": "有可能"}
    assert Evaluation(reading.submission.layout, given)["rate"] == 0.25


def test_what_was_issued_is_compared_and_a_form_of_another_kind_is_named(tmp_path: Path) -> None:
    layout, data = issue()
    patient = Patient(data)
    patient.put(TITLE, layout.fields["budget"].cell, 40.0)
    path = tmp_path / "监控表.xlsx"
    path.write_bytes(patient.bytes())
    assert [(one.code, one.cell) for one in read_submission(path, KEYS, VERSIONS).findings] == [("TAMPER02", "B2")]
    assert [(one.code, one.found) for one in read_submission(path, KEYS, EVALUATIONS).findings] == [
        ("FILE06", "监控表1")
    ]
