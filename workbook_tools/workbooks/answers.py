"""单位说明: what a unit answered to 提醒 on the sheet 退回意见 of a returned copy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count

from workbook_tools.core.cells import Place
from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.model import Project
from workbook_tools.core.questions import UnitAnswer, is_answer
from workbook_tools.core.visible_text import clean_cell_text
from workbook_tools.excel.headings import cell_text, find_heading
from workbook_tools.excel.reading import RawWorkbook
from workbook_tools.form import asking, identity_sheet
from workbook_tools.form.asking import Question
from workbook_tools.form.identity import SigningKey
from workbook_tools.workbooks.comments import find_comment, find_written_comments

_MAX_ROWS = 5000
"""Of the hidden sheet that are looked at: it has a thousand for pieces, and some for what is asked."""
_READ = (asking.NUMBER, asking.MESSAGE, asking.FOUND, asking.EXPECTED, asking.ANSWER)


def read_answers(raw: RawWorkbook, project: Project, key: SigningKey | None) -> tuple[list[UnitAnswer], list[Finding]]:
    """The answers in a workbook, and what is wrong with them; neither where it is no copy that asked anything.

    ``project`` is the issued one; ``key`` verifies what was asked, without it nobody can. An answer under a question
    that is not the one that was put is not taken. Raises UnreadableWorkbook.
    """
    record = _find_record(raw)
    lines = list(_read_lines(raw, record))
    if not lines:
        return [], []
    signature = _text(raw, record[asking.SIGNATURE]) if asking.SIGNATURE in record else ""
    questions = asking.read_record(lines, signature, project, key)
    if questions is None:
        message = "退回时提出的问题记录被改动，单位说明没有采用"
        return [], [finding("ANSWER03", message, sheet=asking.TITLE)]
    table = _find_table(raw)
    if table is None:
        return [], [finding("ANSWER04", sheet=asking.TITLE, expected=asking.TITLE)]
    return _read_rows(raw, *table, {question.number: question for question in questions})


def _find_record(raw: RawWorkbook) -> Mapping[str, Place]:
    """Where what was asked stands on the hidden sheet: by the names of its cells, or where a format keeps none by the labels
    before them."""
    title = identity_sheet.TITLE
    if raw.names or title not in raw.sheets:
        return raw.names
    rows = range(min(raw.row_count(title), _MAX_ROWS))
    labels = {cell_text(raw.value(Place(title, row, 0))): Place(title, row, 1) for row in rows}
    names = {asking.SIGNATURE_LABEL: asking.SIGNATURE}
    names |= {asking.asked_label(number): asking.asked_name(number) for number in range(1, len(labels) + 1)}
    return {name: labels[label] for label, name in names.items() if label in labels}


def _read_lines(raw: RawWorkbook, record: Mapping[str, Place]) -> Iterator[str]:
    for number in count(1):
        place = record.get(asking.asked_name(number))
        if place is None:
            return
        yield _text(raw, place)


def _find_table(raw: RawWorkbook) -> tuple[Place, dict[str, int]] | None:
    """The heading of the sheet, and its columns; the sheet is where the name says, or else the one that has its title."""
    named = raw.names.get(asking.TABLE)
    title = named.sheet if named else asking.TITLE
    if title not in raw.sheets:
        return None
    row, columns = find_heading(raw, title, _READ)
    return (Place(title, row, columns[asking.NUMBER]), columns) if len(columns) == len(_READ) else None


def _read_rows(
    raw: RawWorkbook, heading: Place, columns: dict[str, int], asked: dict[str, Question]
) -> tuple[list[UnitAnswer], list[Finding]]:
    answers: dict[str, UnitAnswer] = {}
    findings: list[Finding] = []
    empty: dict[str, Finding] = {}
    comments = find_written_comments(raw, heading.sheet)
    for row in range(heading.row + 1, raw.row_count(heading.sheet)):
        places = {name: Place(heading.sheet, row, col) for name, col in columns.items()}
        number, *shown, answer = (_text(raw, places[name]) for name in _READ)
        answer = (
            answer or (raw.formula(places[asking.ANSWER]) or "").strip()
        )  # -已到账: a program takes it for a formula
        if not answer and number in asked and (comment := find_comment(comments, places[asking.ANSWER].cell)):
            empty.setdefault(number, _report_comment(asked[number], *comment, places[asking.ANSWER]))
        if not answer or number in answers or answer in (asking.CORRECT, asking.TOGETHER):
            continue
        question = asked.get(number)
        where = {"sheet": heading.sheet, "cell": places[asking.ANSWER].cell}
        put = question and [_plain(part) for part in (question.message, question.found, question.expected)]
        if question is None or put != shown:
            findings.append(_report_change(question, shown, answer, where))
        elif not is_answer(answer):
            empty[number] = finding("ANSWER01", found=answer, field=question.message, **where)
        else:
            answers[number] = UnitAnswer(
                code=question.code,
                place=question.place,
                facts=question.facts,
                question=question.text,
                answer=answer,
                sheet=heading.sheet,
                cell=places[asking.ANSWER].cell,
            )
    findings += [item for number, item in empty.items() if number not in answers]
    return list(answers.values()), findings


def _report_change(question: Question | None, shown: list[str], answer: str, where: dict[str, str]) -> Finding:
    """A question that is not the one that was put; the answer is told, so that it is not lost."""
    message = f"退回意见中的{'问题' if question else '编号'}被改动，说明“{answer}”没有采用"
    asked = question.text if question else ""
    return finding("ANSWER03", message, found="；".join(filter(None, shown)), expected=asked, **where)


def _report_comment(question: Question, cell: str, comment: str, place: Place) -> Finding:
    """The unit has answered in a comment."""
    return finding(
        "ANSWER01",
        f"说明写在 {cell} 的批注里，没有采用",
        found=comment,
        field=question.message,
        sheet=place.sheet,
        cell=place.cell,
        advice=f"批注不算说明，请单位把它写进“{asking.ANSWER}”一栏（{place.cell}）；这条提醒仍待说明。",
    )


def _text(raw: RawWorkbook, place: Place) -> str:
    """What a cell holds, as a text."""
    return _plain(cell_text(raw.value(place)))


def _plain(text: str) -> str:
    """Programs differ in line ends and drop blanks at the ends when they save."""
    return "\n".join(line.strip() for line in clean_cell_text(text).split("\n")).strip()
