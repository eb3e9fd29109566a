"""CROSS: what only a comparison of projects shows."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from workbook_tools.core.findings import Finding, finding, quote
from workbook_tools.core.review_result import ProjectRow, TextPlace
from workbook_tools.files.temporary_data import open_temporary_database
from workbook_tools.review.checks.declaring import reports
from workbook_tools.review.checks.passages import LONGEST, SENTENCE, normal_form, split_clauses, split_sentences

if TYPE_CHECKING:
    from workbook_tools.review.checks.similar_sentences import SimilarSentences

_NAMED = 3
"""At most so many other projects are named per section; of more only the number is given."""
_JOINED = 2 * SENTENCE
"""Characters from which short sentences, or clauses, one behind the other count."""
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

Pairs = dict[int, list[tuple[int, int]]]
"""Position of another project → numbers of sentences: one's own, and the one like it there."""


@dataclass(frozen=True, slots=True)
class ComparedProject:
    """What is told of a project whose texts are compared."""

    code: str
    name: str
    department: str
    unit: str
    file: str
    places: Mapping[str, TextPlace]

    def find_section(self, key: str) -> tuple[str, str, str]:
        """Sheet, cell and label of a section."""
        place = self.places.get(key)
        return (place.sheet, place.cell, place.label) if place else ("", "", "")


@dataclass(frozen=True, slots=True)
class ComparedTexts:
    """A project with its sentences: key of the section, the sentence in normal form and as it is written."""

    project: ComparedProject
    sentences: Sequence[tuple[str, str, str]]


def read_texts(row: ProjectRow) -> ComparedTexts:
    """What is compared of a project."""
    project = ComparedProject(row.code, row.name, row.department, row.unit, row.file, row.text_places)
    return ComparedTexts(project, [*_list_sentences(row, project)])


def _list_sentences(row: ProjectRow, project: ComparedProject) -> Iterator[tuple[str, str, str]]:
    goals = normal_form(row.annual_goal) + " " + normal_form(row.period_goal)
    for key, content in row.texts.items():
        standing = _STANDING_SECTIONS.search(project.find_section(key)[2])
        for written in () if standing else _list_pieces(content):
            plain = normal_form(_CITED.sub("", written))
            if SENTENCE <= len(plain) <= LONGEST and plain not in goals and not _STANDING_WORDS.search(written):
                yield key, plain, written


def _list_pieces(text: str) -> Iterator[str]:
    """What is compared of a text: its sentences. Stops may be put anywhere: short sentences one behind the other are pieces together, and
    of what has no stop for very long the clauses are."""
    short: list[str] = []
    for written in split_sentences(text):
        size = len(normal_form(written))
        short = [*short, written] if size < SENTENCE else []
        if size > LONGEST:
            yield from _join(split_clauses(written), "，")
        elif size >= SENTENCE:
            yield written
        elif sum(len(normal_form(one)) for one in short) >= _JOINED:
            yield "。".join(short)
            short = []


def _join(clauses: Iterable[str], sign: str) -> Iterator[str]:
    """Clauses one behind the other, as many as are worth comparing."""
    some: list[str] = []
    for clause in clauses:
        some.append(clause)
        if sum(len(normal_form(one)) for one in some) >= _JOINED:
            yield sign.join(some)
            some = []


class TextComparison:
    """The texts of projects, to be compared with each other when all are there; none of it is held in memory."""

    def __init__(self, known: bytes = b"") -> None:
        """``known``: what :meth:`SimilarSentences.pack_unlike` gave after an earlier comparison."""
        from workbook_tools.review.checks.similar_sentences import SimilarSentences  # loads numpy, and is seldom asked

        self.sentences, self.known = SimilarSentences(), known
        self._projects = open_temporary_database("CREATE TABLE project (position INTEGER PRIMARY KEY, data BLOB)")
        self._count = 0
        self.count_projects = lru_cache(maxsize=10_000)(self.sentences.count_projects)
        """In how many projects a sentence, or one like it, stands."""

    def add(self, rows: Iterable[ProjectRow]) -> None:
        """Take in projects, in the order of the result."""
        self.add_texts(map(read_texts, rows))

    def add_texts(self, texts: Iterable[ComparedTexts]) -> None:
        """The same of what was read of them."""
        for one in texts:
            self._projects.execute("INSERT INTO project VALUES (?, ?)", (self._count, pickle.dumps(one.project)))
            for section, plain, written in one.sentences:
                self.sentences.add(self._count, section, plain, written)
            self._count += 1

    def read_project(self, position: int) -> ComparedProject:
        """A project that was taken in."""
        [(data,)] = self._projects.execute("SELECT data FROM project WHERE position = ?", (position,))
        project: ComparedProject = pickle.loads(data)  # noqa: S301 - written above
        return project

    def close(self) -> None:
        """Nothing more is asked."""
        self.sentences.close()
        self._projects.close()


@reports("CROSS02", "CROSS03")
def texts_are_own(comparison: TextComparison) -> Iterator[Finding]:
    """各项目应根据本项目实际填写：十五字以上的句子与其他项目相同或相近的，逐处列出对方的原文；套话不算。

    Titles of documents and approved goals are left out, for several projects may rest on the same ones; so is what
    every report of an office says alike: 指导思想, 结果应用, 管理制度.
    """
    comparison.sentences.compare(comparison.known)
    for position, rows in groupby(comparison.sentences.list_repeated(), itemgetter(0)):
        sections: dict[str, list[int]] = {}
        for _, section, number in rows:
            sections.setdefault(section, []).append(number)
        for section, own in sections.items():
            yield from _report_section(comparison, position, section, own)


def _report_section(comparison: TextComparison, position: int, section: str, own: Sequence[int]) -> Iterator[Finding]:
    """What is told of a section whose sentences ``own`` stand in others too."""
    project, count_projects = comparison.read_project(position), comparison.count_projects
    stock = [number for number in own if count_projects(number) > _STOCK]
    others = _pair_with_others(comparison.sentences, position, [number for number in own if number not in stock])
    if others:
        yield from _report_copies(comparison, project, section, others)
    elif stock:
        found = comparison.sentences.read_written(stock[0])
        yield _report_stock_phrase(project, section, count_projects(stock[0]) - 1, found)


def _pair_with_others(sentences: SimilarSentences, project: int, own: Iterable[int]) -> Pairs:
    """These sentences of a project with those like them in others."""
    pairs: Pairs = {}
    for number in own:
        for like in sentences.list_alike(number):
            for other, _ in sentences.list_spots(like):
                if other != project:
                    pairs.setdefault(other, []).append((number, like))
    return pairs


def _report_copies(comparison: TextComparison, row: ComparedProject, section: str, others: Pairs) -> Iterator[Finding]:
    """One finding per other project, those first that share most; another department's is for finance's eyes only."""
    sentences = comparison.sentences
    ranked = sorted(others.items(), key=lambda item: (-len({own for own, _ in item[1]}), item[0]))
    for rank, (project, pairs) in enumerate(ranked[:_NAMED], 1):
        other = comparison.read_project(project)
        own, like = pairs[0]
        key = next(key for position, key in sentences.list_spots(like) if position == project)
        count = len({a for a, _ in pairs})
        more = f"；另有{len(ranked) - _NAMED}个项目相似" if rank == _NAMED < len(ranked) else ""
        whose = f"“{other.name}”（{other.code}，{other.unit}）{_name_section(other, key)}"
        wording = f"对方写：“{quote(sentences.read_written(like))}”"
        if other.department and other.department == row.department:
            message, for_finance, partner = f"有{count}句话与{whose}相同或相近，{wording}{more}", "", other.code
        else:
            message, for_finance, partner = f"有{count}句话与其他部门的项目相同或相近{more}", f"{whose}；{wording}", ""
        item = _section_finding(row, section, "CROSS02", message, sentences.read_written(own))
        yield replace(item, for_finance=for_finance, shares_with=partner)


def _report_stock_phrase(row: ComparedProject, section: str, others: int, found: str) -> Finding:
    return _section_finding(row, section, "CROSS03", f"与其他{others}个项目的文字相同或相近", found)


def _section_finding(row: ComparedProject, section: str, code: str, message: str, found: str) -> Finding:
    sheet, cell, label = row.find_section(section)
    return finding(
        code, message, project_code=row.code, file=row.file, sheet=sheet, cell=cell, field=label, found=found
    )


def _name_section(row: ComparedProject, key: str) -> str:
    label = row.find_section(key)[2]
    return f"的“{label}”" if label else ""
