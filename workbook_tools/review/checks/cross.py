"""CROSS: what only a comparison of projects shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from workbook_tools.core.findings import Finding, finding, quote
from workbook_tools.core.review_result import ProjectRow
from workbook_tools.review.checks.declaring import reports
from workbook_tools.review.checks.passages import LONGEST, SENTENCE, normal_form, split_sentences
from workbook_tools.review.checks.similar_sentences import similar_pairs

_NAMED = 3
"""At most so many other projects are named per section; of more only the number is given."""
_STOCK = 20
"""A sentence that stands in the reports of more projects than this is a stock phrase."""
_CITED = re.compile(r"《[^》]*》|[（(〔【\[][^）)〕】\]]{0,20}号[）)〕】\]]?|[〔【\[]20\d\d[〕】\]]\d+号")
"""Titles and numbers of documents, which several reports may quote: 《预算法》, （曲财〔2025〕3号）."""

_STANDING_SECTIONS = re.compile(
    "指导思想|结果.{0,3}应用|应用.{0,3}公开|结果.{0,3}公开|评价(?:方法|依据|组织)|组织管理|管理情况|措施与制度|管理制度"
)
"""Sections that say the same in every report of an office: how it uses results, who keeps its accounts."""
_STANDING_WORDS = re.compile(
    "新时代中国特色|党的.{1,4}大|指导思想|为指导[，,]|[按根依].{0,30}(?:通知|要求|规定|办法|安排).{0,20}(?:开展|组织|实施).{0,12}自评"
    "|(?:评价|自评)结果.{0,20}(?:作为|用于|应用|运用|挂钩|公开)|作为.{0,12}(?:预算|资金)安排.{0,6}依据"
)
"""以习近平新时代中国特色社会主义思想为指导, 根据…通知要求开展自评, 评价结果作为下年度预算安排的依据."""

Spot = tuple[int, str]
"""A section: position of the project, key of the section."""
Pairs = dict[int, list[tuple[int, int]]]
"""Position of another project → numbers of sentences: one's own, and the one like it there."""


@dataclass(slots=True)
class _Sentences:
    """Every long sentence once, with the places where it stands."""

    number: dict[str, int] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    spots: list[list[Spot]] = field(default_factory=list)
    like: list[list[int]] = field(default_factory=list)
    """The sentences that are nearly the same, by number; itself first."""

    def add(self, spot: Spot, plain: str, written: str) -> None:
        """A sentence in normal form and as written, where it stands."""
        number = self.number.setdefault(plain, len(self.written))
        if number == len(self.written):
            self.written.append(written)
            self.spots.append([])
        if spot not in self.spots[number][-1:]:  # a section may say the same thing a thousand times
            self.spots[number].append(spot)

    def compare(self) -> None:
        """Find out which are nearly the same; once, after the last was added."""
        self.like = [[i] for i in range(len(self.written))]
        for one, other in similar_pairs(list(self.number)):
            self.like[one].append(other)
            self.like[other].append(one)

    def projects(self, number: int) -> set[int]:
        """The projects in whose reports the sentence, or one like it, stands."""
        return {project for i in self.like[number] for project, _ in self.spots[i]}


class TextComparison:
    """The texts of projects, to be compared with each other when all are there."""

    def __init__(self) -> None:
        self.rows: list[ProjectRow] = []
        self.known = _Sentences()

    def add(self, rows: Iterable[ProjectRow]) -> None:
        """Take in projects, in the order of the result."""
        for row in rows:
            self._add(len(self.rows), row)
            self.rows.append(row)

    def _add(self, position: int, row: ProjectRow) -> None:
        goals = normal_form(row.annual_goal) + " " + normal_form(row.period_goal)
        for key, content in row.texts.items():
            standing = _STANDING_SECTIONS.search(_find_section(row, key)[2])
            for written in () if standing else split_sentences(content):
                plain = normal_form(_CITED.sub("", written))
                if SENTENCE <= len(plain) <= LONGEST and plain not in goals and not _STANDING_WORDS.search(written):
                    self.known.add((position, key), plain, written)


@reports("CROSS02", "CROSS03")
def texts_are_own(comparison: TextComparison) -> Iterator[Finding]:
    """各项目应根据本项目实际填写：十五字以上的句子与其他项目相同或相近的，逐处列出对方的原文；套话不算。

    Titles of documents and approved goals are left out, for several projects may rest on the same ones; so is what
    every report of an office says alike: 指导思想, 结果应用, 管理制度.
    """
    rows, known = comparison.rows, comparison.known
    known.compare()
    is_stock = [len(known.projects(i)) > _STOCK for i in range(len(known.written))]
    for spot, own in _group_by_spot(known).items():
        others = _pair_with_others(known, spot[0], [number for number in own if not is_stock[number]])
        stock = [number for number in own if is_stock[number]]
        if others:
            yield from _report_copies(rows, known, spot, others)
        elif stock:
            yield _report_stock_phrase(rows, known, spot, stock[0])


def _group_by_spot(known: _Sentences) -> dict[Spot, list[int]]:
    """The numbers of the sentences of each section, project by project."""
    spots: dict[Spot, list[int]] = {}
    for number, places in enumerate(known.spots):
        for spot in places:
            spots.setdefault(spot, []).append(number)
    return dict(sorted(spots.items(), key=lambda item: item[0][0]))


def _pair_with_others(known: _Sentences, project: int, own: Iterable[int]) -> Pairs:
    """These sentences of a project with those like them in others."""
    pairs: Pairs = {}
    for number in own:
        for like in known.like[number]:
            for other, _ in known.spots[like]:
                if other != project:
                    pairs.setdefault(other, []).append((number, like))
    return pairs


def _report_copies(rows: Sequence[ProjectRow], known: _Sentences, spot: Spot, others: Pairs) -> Iterator[Finding]:
    """One finding per other project, those first that share most; another department's is for finance's eyes only."""
    ranked = sorted(others.items(), key=lambda item: (-len({own for own, _ in item[1]}), item[0]))
    for rank, (project, pairs) in enumerate(ranked[:_NAMED], 1):
        other = rows[project]
        own, like = pairs[0]
        key = next(key for position, key in known.spots[like] if position == project)
        count = len({a for a, _ in pairs})
        more = f"；另有{len(ranked) - _NAMED}个项目相似" if rank == _NAMED < len(ranked) else ""
        whose = f"“{other.name}”（{other.code}，{other.unit}）{_name_section(other, key)}"
        wording = f"对方写：“{quote(known.written[like])}”"
        row = rows[spot[0]]
        if other.department and other.department == row.department:
            message, for_finance, partner = f"有{count}句话与{whose}相同或相近，{wording}{more}", "", other.code
        else:
            message, for_finance, partner = f"有{count}句话与其他部门的项目相同或相近{more}", f"{whose}；{wording}", ""
        item = _section_finding(row, spot[1], "CROSS02", message, known.written[own])
        yield replace(item, for_finance=for_finance, shares_with=partner)


def _report_stock_phrase(rows: Sequence[ProjectRow], known: _Sentences, spot: Spot, number: int) -> Finding:
    message = f"与其他{len(known.projects(number)) - 1}个项目的文字相同或相近"
    return _section_finding(rows[spot[0]], spot[1], "CROSS03", message, known.written[number])


def _section_finding(row: ProjectRow, key: str, code: str, message: str, found: str) -> Finding:
    sheet, cell, label = _find_section(row, key)
    return finding(
        code, message, project_code=row.code, file=row.file, sheet=sheet, cell=cell, field=label, found=found
    )


def _name_section(row: ProjectRow, key: str) -> str:
    label = _find_section(row, key)[2]
    return f"的“{label}”" if label else ""


def _find_section(row: ProjectRow, key: str) -> tuple[str, str, str]:
    """Sheet, cell and label of a section."""
    place = row.text_places.get(key)
    return (place.sheet, place.cell, place.label) if place else ("", "", "")
