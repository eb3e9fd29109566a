"""A Word report without a usable table: its figures are read from the sentences.

What the sentences say in two ways, or say of something that has no place in the form, becomes a remark.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property, lru_cache

from workbook_tools.core.tolerances import PRINTED, rounding
from workbook_tools.legacy.prose.prose_form import ProseForm
from workbook_tools.legacy.prose.report_money import MONEY_FIELD, read_report_money
from workbook_tools.legacy.prose.report_scores import ScoreFinder, SentenceScore
from workbook_tools.legacy.prose.report_title import Title, TitleFinder, without_seal
from workbook_tools.legacy.prose.sections import HeadedPassage, SectionFinder, section_finder
from workbook_tools.legacy.prose.sentence_amounts import AmountFinder, amount_finder
from workbook_tools.legacy.prose.text import any_of, compact, split_sentences
from workbook_tools.legacy.tables.layouts import words_of_label, words_of_title
from workbook_tools.legacy.words.doubts import FormLayout, LayoutCell, ReadingBook
from workbook_tools.legacy.words.places import place_of_paragraph
from workbook_tools.legacy.words.records import Concern, HandmadeForm, Remark, Stated
from workbook_tools.legacy.words.vocabulary import Vocabulary
from workbook_tools.legacy.words.years import YEAR, YEAR_SPAN
from workbook_tools.word.reading import Document, Paragraph


def read_report(
    document: Document, vocabulary: Vocabulary, file: str = "", book: ReadingBook | None = None
) -> HandmadeForm | None:
    """What the sentences and headings of a report state, or ``None`` where it is no self-evaluation report.

    What an office has said of reports with the same title and headings stands in ``book``.
    """
    return _ReportReader(document, vocabulary, file, book or ReadingBook()).read()


def fill_from_report(form: HandmadeForm, report: HandmadeForm) -> None:
    """Fill what a report's tables leave out with what its sentences say. Money only where there is no funding table.

    What the tables say counts; where a sentence says something else, both are told.
    """
    for name, stated in report.head.items():
        form.head.setdefault(name, stated)
    for name, stated in report.texts.items():
        if form.texts.setdefault(name, stated).printed != stated.printed:
            _tell_text_not_used(form, stated)
    form.is_report = form.is_report or report.is_report
    form.blank_sections |= report.blank_sections
    form.year = form.year or report.year
    _doubt_differing(form, "总分", form.total, report.total)
    _doubt_differing(form, "评价等级", form.grade, report.grade)
    form.total = form.total or report.total
    form.grade = form.grade or report.grade
    form.title = form.title or report.title
    if form.total_line and report.total_line:
        for measure, stated in report.total_line.amounts.items():
            field = f"{MONEY_FIELD}－{measure.label}"
            _doubt_differing(form, field, form.total_line.amounts.get(measure), stated)
    about_money = not form.funding and bool(report.funding)
    if about_money:
        form.funding, form.funding_from, form.amount_unit = report.funding, "prose", report.amount_unit
    form.remarks += [r for r in report.remarks if about_money or not r.field.startswith(MONEY_FIELD)]
    more = report.places - form.places
    form.places |= more
    form.cells_filled += len(more)
    form.cells_understood += len(more)


def _tell_text_not_used(form: HandmadeForm, stated: Stated) -> None:
    """Tell of a section whose text a table has too, in other words."""
    remark = Remark(concern=Concern.UNKNOWN, where=stated.where, field="表中已有的一段文字", printed=stated.printed)
    form.remarks.append(remark)


def _doubt_differing(form: HandmadeForm, field: str, table: Stated | None, sentence: Stated | None) -> None:
    """Tell that a sentence does not say what a table says; a figure may be rounded in a sentence (85.8分 for 85.82)."""
    if table is None or sentence is None or table.value in (None, sentence.value):
        return
    numbers = table.value, sentence.value
    if all(isinstance(number, float) for number in numbers):
        typed = _FIGURE.search(sentence.printed)
        near = rounding(typed[0]) * (abs(float(sentence.value or 0)) / (float(typed[0]) or 1)) if typed else 0.0
        if PRINTED.same(float(table.value), float(sentence.value or 0), near):
            return
    place = f"{table.where.sheet} {table.where.cell}".strip()
    form.remarks.append(
        Remark(
            concern=Concern.AMBIGUOUS,
            where=sentence.where,
            field=field,
            printed=sentence.printed,
            taken=f"表中的 {table.printed}（{place}）",
            other=f"这句话的 {sentence.printed}",
        )
    )


# The figure of an amount or a score in a sentence: 118.5 of 118.5万元, 96 of 自评得分为96分.
_FIGURE = re.compile(r"\d+(?:\.\d+)?")


@lru_cache(maxsize=4)
def _finders(vocabulary: Vocabulary) -> tuple[SectionFinder, TitleFinder, ScoreFinder, AmountFinder]:
    return section_finder(vocabulary), TitleFinder(vocabulary), ScoreFinder(vocabulary), amount_finder(vocabulary)


# What stands for a text: nothing, what our own reports print for it, or the date that nobody filled in below the report.
_NOT_WRITTEN = ("", "(未填写)", "年月日")
# A report has so many sections with a text; a form with remarks around it has fewer.
_FEWEST_OF_REPORT = 4
# Keys of [head] that a sentence may tell: 项目主管部门：县水务局, 实施单位为…
_TOLD_OF_HEAD = ("project", "unit", "department")
# What stands between such a label and its value, and the value: up to the end of the clause.
_LINKED_VALUE = r"(?:为|是|:|系)([^,。;:、()]{2,40})"
# Reports say 主管机关 where forms say 主管部门.
_DEPARTMENT, _AUTHORITY = "部门", "机关"
# Sections that name the year where the title does not; documents they cite (《…2022年…》, 〔2021〕) name others.
_SECTIONS_OF_YEAR = ("plan", "goal_annual")
_CITED = re.compile(r"《[^》]*》|〔[^〕]*〕|【[^】]*】")
_YEAR, _YEAR_SPAN = re.compile(YEAR), re.compile(YEAR_SPAN)


class _ReportReader:
    def __init__(self, document: Document, vocabulary: Vocabulary, file: str, book: ReadingBook) -> None:
        self._document, self._vocabulary = document, vocabulary
        sections, self._titles, self._scores, self._amounts = _finders(vocabulary)
        self._passages = [*sections.passages(document)]
        self._title = self._titles.find(document)
        layout = self._describe()
        self._report = ProseForm(file, layout, book.of(layout))

    def _describe(self) -> FormLayout:
        """The layout: the words of the title, and the headings."""
        cells = [LayoutCell("标题", words_of_title(self._title.text, self._vocabulary))] if self._title else []
        headed = (p for p in self._passages if p.section and p.text != p.paragraph.text)
        headings = (compact(p.paragraph.text).removesuffix(compact(p.text)) for p in headed)
        return FormLayout((*cells, *(LayoutCell("小标题", words_of_label(text)) for text in headings)))

    def read(self) -> HandmadeForm | None:
        title = self._title
        self._read_head(title)
        self._read_texts()
        if self._report.form.year is None:
            self._read_year()
        self._read_scores()
        self._read_grade()
        read_report_money(self._report, self._passages, self._amounts)
        form = self._report.form
        form.is_report = len(form.texts) >= _FEWEST_OF_REPORT
        sections = {p.section for p in self._passages if p.section}
        if not (form.funding or form.total) or not (title or len(sections) > 1 or "project" in form.head):
            return None
        self._report.use(*(p.paragraph for p in self._passages if p.section))
        self._report.use(*(p.paragraph for p in self._passages if p.is_heading))
        form.places = {place_of_paragraph(number) for number in self._report.used}
        form.cells_understood = form.cells_filled = len(form.places)
        return form

    # -- who and when

    def _read_head(self, title: Title | None) -> None:
        report, head = self._report, self._report.form.head
        for passage in self._passages:
            text = compact(passage.paragraph.text)
            for name in _TOLD_OF_HEAD:
                value = self._labelled_value(name, text)
                if value and name not in head:
                    head[name] = report.state(value, value, passage.paragraph)
        if title:
            self._take_title(title)
        if "project" not in head:
            self._read_project_before_result()
        unit, date = self._titles.find_signature(self._document)
        if unit and "unit" not in head:
            name = without_seal(unit.text)
            head["unit"] = report.state(name, name, unit)
        if date:
            head["date"] = report.state(compact(date.text), date.text, date)

    def _take_title(self, title: Title) -> None:
        report, place = self._report, title.paragraphs[-1]
        report.form.title = title.text
        report.use(*title.paragraphs)
        if title.unit:
            report.form.head.setdefault("unit", report.state(title.unit, title.unit, place))
        if title.project:
            report.form.head.setdefault("project", report.state(title.project, title.project, place))
        if title.year:
            report.form.year = report.state(float(title.year), str(title.year), place)

    @cached_property
    def _head_patterns(self) -> Mapping[str, re.Pattern[str]]:
        """How the parts of the head are told."""
        return {name: self._make_head_pattern(name) for name in _TOLD_OF_HEAD}

    def _make_head_pattern(self, name: str) -> re.Pattern[str]:
        words = {compact(w) for w in self._vocabulary.words("head", name) if not w.startswith("=")}
        words |= {w.replace(_DEPARTMENT, _AUTHORITY) for w in words if w.endswith(_DEPARTMENT)}
        return re.compile(rf"(?:^|[,。;、.)(]|项目|实施)(?:{any_of(words)})(?:\(盖章\))?{_LINKED_VALUE}")

    def _labelled_value(self, name: str, text: str) -> str:
        """``项目主管部门：县水务局``: the value behind a label of the head, or a sentence that says so."""
        match = self._head_patterns[name].search(text)
        if not match:
            return ""
        return match[1] if name == "project" else self._titles.find_organisation(match[1])

    def _read_project_before_result(self) -> None:
        for passage in self._passages:
            if project := self._titles.find_project(compact(passage.paragraph.text)):
                self._report.form.head["project"] = self._report.state(project, project, passage.paragraph)
                return

    def _read_year(self) -> None:
        """The only year that the plan speaks of."""
        years: dict[int, Paragraph] = {}
        for passage in self._passages:
            if passage.section in _SECTIONS_OF_YEAR:
                text = _YEAR_SPAN.sub("", _CITED.sub("", compact(passage.text)))
                for year in _YEAR.findall(text):
                    years.setdefault(int(year), passage.paragraph)
        if len(years) == 1:
            [(year, paragraph)] = years.items()
            self._report.form.year = self._report.state(float(year), str(year), paragraph)

    # -- texts

    def _read_texts(self) -> None:
        parts: dict[str, list[HeadedPassage]] = {}
        end = {p.number for p in self._titles.find_signature(self._document) if p}
        for passage in self._passages:
            said = compact(passage.text) not in _NOT_WRITTEN
            if passage.section and said and passage.paragraph.number not in end:
                parts.setdefault(passage.section, []).append(passage)
        if "goal_actual" not in parts and "completion_intro" in parts:
            parts["goal_actual"] = parts.pop("completion_intro")
        headings = {passage.section for passage in self._passages if passage.section}
        self._report.form.blank_sections = headings - parts.keys()
        for section, passages in parts.items():
            text = "\n".join(p.text for p in passages)
            self._report.form.texts[section] = self._report.state(text, text, passages[0].paragraph)

    # -- score and grade

    def _sentences(self) -> list[tuple[str, Paragraph]]:
        """Those that may tell the score and the grade."""
        return [
            (sentence, passage.paragraph)
            for passage in self._passages
            for sentence in split_sentences(compact(passage.text))
            if not self._scores.is_about_another_year(sentence)
        ]

    def _read_scores(self) -> None:
        """The first of the surest; others that are as sure are a doubt."""
        scores: list[tuple[SentenceScore, Paragraph]] = [
            (score, paragraph)
            for sentence, paragraph in self._sentences()
            for score in self._scores.find_scores(sentence)
        ]
        if not scores:
            return
        surest = min(score.order for score, _ in scores)
        (score, paragraph), *others = [pair for pair in scores if pair[0].order == surest]
        self._report.form.total = self._report.state(score.value, score.printed, paragraph)
        differing = [(other.printed, place) for other, place in others if other.value != score.value]
        self._report.doubt("总分", paragraph, score.printed, differing)

    def _read_grade(self) -> None:
        grades = [
            (grade, paragraph)
            for sentence, paragraph in self._sentences()
            if (grade := self._scores.find_grade(sentence))
        ]
        if not grades:
            return
        (grade, paragraph), *others = grades
        self._report.form.grade = self._report.state(grade, grade, paragraph)
        differing = [(other, place) for other, place in others if other != grade]
        self._report.doubt("评价等级", paragraph, grade, differing)
