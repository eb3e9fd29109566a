"""Which drafts (草稿) somebody has read and accepted (确认): 草稿确认.json, beside 审核结果.json.

An acceptance holds for the text that was read. When the figures change, and with them the text, it is a draft again.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from workbook_tools.core.errors import SettingsError, tell_os_error
from workbook_tools.core.findings import Finding
from workbook_tools.core.review_result import IndicatorRow, ReviewResult
from workbook_tools.files.paths import replace_file
from workbook_tools.reports.drafts import Facts, write_drafts
from workbook_tools.reports.formatting import DRAFT, EDITED, OUTDATED, mark_draft
from workbook_tools.rules.recorded import restore_schemes
from workbook_tools.word.text import paragraphs, place_text

FILE_NAME = "草稿确认.json"
PUBLIC_SUFFIX = "（公开版）"
"""Behind the department's name, by which drafts of a public report are accepted (wbt draft accept 公安局（公开版）)."""


class Acceptance(BaseModel):
    """One accepted text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    year: int
    project_code: str
    section: str
    """Key of the section in the scheme."""
    text: str
    """Digest of the text that was accepted."""
    by: str = ""
    at: str = ""
    """As 2025-03-10 14:05."""

    @property
    def key(self) -> tuple[int, str, str]:
        """What tells it from all others, as :attr:`Draft.key`."""
        return self.year, self.project_code, self.section


class EditedText(BaseModel):
    """What an officer wrote in place of a draft."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    year: int
    project_code: str
    section: str
    text: str

    @property
    def key(self) -> tuple[int, str, str]:
        """What tells it from all others, as :attr:`Draft.key`."""
        return self.year, self.project_code, self.section


class Acceptances(BaseModel):
    """草稿确认.json."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    accepted: tuple[Acceptance, ...] = ()
    edited: tuple[EditedText, ...] = ()

    def holds(self, draft: Draft) -> bool:
        """Somebody has accepted this very text."""
        return any(item.key == draft.key and item.text == draft.digest for item in self.accepted)

    def is_outdated(self, draft: Draft) -> bool:
        """Somebody has accepted it when the figures were others."""
        return not self.holds(draft) and any(item.key == draft.key for item in self.accepted)

    def count_waiting(self, drafts: Iterable[Draft]) -> int:
        """How many of these nobody has accepted."""
        return sum(not self.holds(draft) for draft in drafts)

    def find_edited(self, key: tuple[int, str, str]) -> str:
        """What an officer wrote in place of that draft; nothing where nobody did."""
        return next((item.text for item in self.edited if item.key == key), "")

    def with_edited(self, texts: Iterable[EditedText]) -> Acceptances:
        """With these texts in place of what was written there before; a blank one brings the draft back."""
        new = {item.key: item for item in (*self.edited, *texts)}
        kept = sorted((item for item in new.values() if item.text), key=lambda item: item.key)
        return self.model_copy(update={"edited": tuple(kept)})

    def with_these(self, chosen: Iterable[Draft], by: str, at: str) -> Acceptances:
        """With these drafts accepted too; an earlier acceptance of the same section is replaced."""
        chosen = list(chosen)
        new = (
            Acceptance(year=d.year, project_code=d.project_code, section=d.section, text=d.digest, by=by, at=at)
            for d in chosen
        )
        accepted = sorted((*self.without(chosen).accepted, *new), key=lambda item: item.key)
        return self.model_copy(update={"accepted": tuple(accepted)})

    def without(self, chosen: Iterable[Draft]) -> Acceptances:
        """With these sections as drafts again."""
        keys = {draft.key for draft in chosen}
        return self.model_copy(update={"accepted": tuple(item for item in self.accepted if item.key not in keys)})


NOTHING_ACCEPTED = Acceptances()


@dataclass(frozen=True, slots=True)
class Draft:
    """The draft of one section of a project's report, or of a report on several projects."""

    year: int
    project_code: str
    """Of a report on several projects the department's name, or 全部项目."""
    project_name: str
    section: str
    label: str
    text: str
    """As the figures say it."""
    edited: str = ""
    """What an officer wrote in its place."""

    @property
    def shown(self) -> str:
        """What the report prints."""
        return self.edited or self.text

    @property
    def digest(self) -> str:
        """Tells it from the same section with other figures, or in other words."""
        return digest("\n\n".join(filter(None, (self.text, self.edited))))

    @property
    def key(self) -> tuple[int, str, str]:
        """What tells it from all others."""
        return self.year, self.project_code, self.section

    @property
    def key_digest(self) -> str:
        """Tells it from all others in few letters."""
        return digest("\n".join(map(str, self.key)))[:8]

    @property
    def names(self) -> set[str]:
        """What its section may be called."""
        return {self.section, self.label}


def print_draft(draft: Draft, accepted: Acceptances) -> str:
    """A draft as a report prints it: marked unless somebody has accepted it, in a place where it is found again."""
    mark = OUTDATED if accepted.is_outdated(draft) else EDITED if draft.edited else DRAFT
    shown = draft.shown if accepted.holds(draft) else mark_draft(draft.shown, mark)
    return place_text(f"{draft.key_digest}_{digest(draft.shown)[:8]}", shown)


def digest(text: str) -> str:
    """Tells one text from another."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def find_project_drafts(facts: Facts, accepted: Acceptances) -> Iterator[Draft]:
    """Every draft of a project, in the order of its scheme, with what an officer wrote in its place."""
    project, written = facts.project, write_drafts(facts)
    for section in facts.scheme.texts:
        if paragraphs(project.texts.get(section.key, "")):
            continue
        text, edited = written.get(section.key, ""), accepted.find_edited((project.year, project.code, section.key))
        if text or edited:
            yield Draft(project.year, project.code, project.name, section.key, section.label, text, edited)


def find_drafts(result: ReviewResult, accepted: Acceptances) -> Iterator[Draft]:
    """Every draft of the result's projects, likewise."""
    schemes = restore_schemes(result)
    indicators, findings = group_by_project(result.indicators), group_by_project(result.findings)
    for project in result.projects:
        scheme = schemes[project.scheme_digest]
        facts = Facts(project, indicators[project.code], scheme, findings[project.code])
        yield from find_project_drafts(facts, accepted)


def count_waiting(drafts: Iterable[Draft], accepted: Acceptances) -> tuple[int, int]:
    """How many of these wait for an acceptance, and of how many the figures have changed since they had one."""
    waiting = [draft for draft in drafts if not accepted.holds(draft)]
    return len(waiting), sum(accepted.is_outdated(draft) for draft in waiting)


def choose_drafts(drafts: Iterable[Draft], code: str, sections: Collection[str] = ()) -> list[Draft]:
    """The drafts of a project, or of these sections (key or label) of it. Raises SettingsError where there is none."""
    own = [draft for draft in drafts if draft.project_code == code]
    if not own:
        raise SettingsError(
            f"{code} 没有草稿：编码或部门名称写错了，或者文字都由单位写了。用 wbt draft list 查看全部草稿。"
        )
    if unknown := [name for name in sections if not any(name in draft.names for draft in own)]:
        labels = "、".join(draft.label for draft in own)
        raise SettingsError(f"{code} 没有这些章节的草稿：{'、'.join(unknown)}。有草稿的章节：{labels}。")
    return [draft for draft in own if not sections or draft.names & set(sections)]


Row = TypeVar("Row", IndicatorRow, Finding)


def group_by_project(rows: Iterable[Row]) -> defaultdict[str, list[Row]]:
    """Rows of a result, by the code of their project."""
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.project_code].append(row)
    return groups


def read_acceptances(result: Path) -> Acceptances:
    """What stands beside 审核结果.json; nothing where there is no such file. Raises SettingsError if it is damaged."""
    path = result.with_name(FILE_NAME)
    try:
        return Acceptances.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Acceptances()
    except OSError as exc:
        raise SettingsError(f"无法读取{tell_os_error(exc, path)}") from None
    except ValidationError:
        raise SettingsError(
            f"“{path}”已损坏。请从备份恢复；没有备份就删除它，再用 wbt draft accept 重新确认。"
        ) from None


def write_acceptances(acceptances: Acceptances, result: Path) -> None:
    """Write 草稿确认.json beside 审核结果.json. Raises OutputError."""
    replace_file(result.with_name(FILE_NAME), acceptances.model_dump_json(indent=1).encode() + b"\n")
