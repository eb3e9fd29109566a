"""The index of 审核数据: which parts there are, how their files and folders are called, and of which 审核结果.json they are."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any, Self

from pydantic import Field

from workbook_tools.core.digests import digest_facts
from workbook_tools.core.labels import NO_DEPARTMENT
from workbook_tools.core.packed_texts import PackedTexts
from workbook_tools.core.review_result import REVIEW_SCHEMA_VERSION, Result, ReviewResult
from workbook_tools.files.paths import department_folder, replace_file, short_mark

INDEX = "索引.json"
KINDS = {
    "projects": "项目",
    "indicators": "指标",
    "findings": "问题",
    "missing": "缺报",
    "evidence": "佐证",
    "gone": "上年项目",
}
"""Field of a result → name of the folder and files of its rows."""
_VERSION = "1"
DEPARTMENT = "主管部门="
_NO_PART = "__HIVE_DEFAULT_PARTITION__"
"""Stands for no department: programs that read partitioned folders take it for a blank."""


class PartEntry(Result):
    """A part in the index."""

    projects: int = 0
    """How many rows of each kind it has."""
    indicators: int = 0
    findings: int = 0
    missing: int = 0
    evidence: int = 0
    gone: int = 0
    codes: PackedTexts = PackedTexts()
    """Its projects: first those that came, then those that are missing."""
    files: dict[str, str] = Field(default_factory=dict)
    """Its files, from 审核数据, with their SHA-256; a kind without rows has none."""

    def digest(self) -> str:
        """A digest of all that it holds."""
        return digest_facts(self.files)

    def find_file(self, field: str) -> str:
        """The SHA-256 of its file of a kind of rows; blank where it has none."""
        ending = f"/{KINDS[field]}.jsonl"
        return next((digest for name, digest in self.files.items() if name.endswith(ending)), "")


class PartsIndex(Result):
    """审核数据/索引.json."""

    version: str = _VERSION
    """Version of the index and of the layout of files; rows follow the result's own version."""
    result: str
    """SHA-256 of the 审核结果.json that the parts belong to; blank until it is written."""
    head: dict[str, Any]
    """The result without its rows, by the schema of 审核结果.json."""
    departments: dict[str, PartEntry] = Field(default_factory=dict)
    """Departments as the project list writes them, in its order; a blank name for projects without one."""
    rest: PartEntry = PartEntry()
    """What belongs to no project of any department."""

    @classmethod
    def of(cls, head: ReviewResult, departments: dict[str, PartEntry], rest: PartEntry, result: str = "") -> Self:
        """Of these parts."""
        return cls(result=result, head=_dump(head), departments=departments, rest=rest)

    @property
    def parts(self) -> tuple[PartEntry, ...]:
        """All parts, in the order in which they stand in 审核结果.json."""
        return self.rest, *self.departments.values()


def read_index(folder: Path) -> PartsIndex | None:
    """The index in 审核数据; ``None`` if there is none that this program understands."""
    try:
        index = PartsIndex.model_validate_json((folder / INDEX).read_bytes())
    except (OSError, ValueError):
        return None
    is_known = index.version == _VERSION and index.head.get("schema_version") == REVIEW_SCHEMA_VERSION
    return index if is_known else None


def name_departments(departments: Iterable[str]) -> dict[str, str]:
    """Department → name of its files and folders, which every system accepts and no other department has."""
    names: dict[str, str] = {}
    for department in departments:
        name = department_folder(Path(), department or NO_DEPARTMENT).name
        taken = name in names.values()  # one calls itself what a blank is called
        names[department] = name + short_mark(department) if taken else name
    return names


def name_rows(field: str, name: str | None) -> str:
    """The path within 审核数据 of a kind of rows of the department with this name for files, or of none."""
    kind = KINDS[field]
    return str(PurePosixPath(kind, DEPARTMENT + (name or _NO_PART), f"{kind}.jsonl"))


def write_index(folder: Path, index: PartsIndex) -> None:
    """Put the index into its place. Raises OutputError."""
    replace_file(folder / INDEX, index.model_dump_json(indent=1).encode() + b"\n")


def _dump(head: ReviewResult) -> dict[str, Any]:
    """A result without its rows, as JSON."""
    return head.model_dump(mode="json", exclude={*KINDS})


def describe_index() -> dict[str, Any]:
    """The JSON Schema of 索引.json."""
    from workbook_tools.core.described_schema import describe_model  # no command asks

    return describe_model(PartsIndex, "serialization") | {"title": "审核数据索引"}
