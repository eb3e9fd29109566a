"""What happens to workbooks between the office that sends them out and the office that reads them: a gallery.

A kind of damage turns a good filled workbook into what comes back, and says which findings the review must then
have: code, sheet, cell; all of them and no other. Its total score shows that nothing was misread on the way.
The kinds stand in the modules ``damage_*``; ``KINDS`` is all of them.
"""

from __future__ import annotations

import base64
import json
import os
import zlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from builders import INDICATORS, KEY, MOF
from checking import ANSWERS, TEXTS, answered, good
from surgery import Content, Patient

from workbook_tools.core.model import Project
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.workbooks.writing import build_workbook

Place = tuple[str, str, str]
"""Code, sheet, cell."""

BASICS, FUNDS, TABLE, ANALYSIS, STATUS, IDENTITY = "基本情况", "预算执行", "自评表", "绩效分析", "校验", "标识"
FILE = "P001.xlsx"


@dataclass(frozen=True)
class Kind:
    """One kind of damage."""

    name: str
    make: Callable[[bytes], bytes]
    """A good workbook → the damaged one."""
    findings: tuple[Place, ...] = ()
    total: float | None = 100.0
    """The total score that the review comes to; None where there is nothing to score."""
    file: str = FILE
    """The name it comes under."""
    beside: Mapping[str, Callable[[bytes], bytes]] = field(default_factory=dict)
    """Other files that belong to the damage, by name; an earlier name is an older file."""
    marks: tuple[Any, ...] = ()
    """Marks for pytest: what the kind needs."""

    def files(self, data: bytes) -> dict[str, bytes]:
        """The files that come back instead of the good one."""
        return {**{name: make(data) for name, make in self.beside.items()}, self.file: self.make(data)}


def project() -> Project:
    """A correct project in which nothing is found; its first target has four digits, for thousands separators."""
    indicators, answers, texts = list(INDICATORS), list(ANSWERS.indicators), dict(TEXTS)
    indicators[0] = indicators[0].model_copy(update={"target": 1000.0})
    answers[0] = answers[0].model_copy(update={"actual": 1020.0})
    for old, new in (("一百公里", "一千公里"), ("一百零二公里", "一千零二十公里"), ("两公里", "二十公里")):
        texts = {key: text.replace(old, new) for key, text in texts.items()}
    return answered(good(indicators=tuple(indicators)), indicators=tuple(answers), texts=texts)


@cache
def workbook(**changes: Any) -> bytes:
    """The good workbook as the unit sends it; ``changes`` are fields of the project."""
    return build_workbook(project().model_copy(update=changes), MOF, KEY)


def reissued(code: str, department: str) -> bytes:
    """The good workbook for another project: signed anew, with new content where it is shown.

    Twenty times as fast as building it.
    """
    patient = Patient(workbook())
    content = json.loads(zlib.decompress(base64.b64decode(patient.text(IDENTITY, "B7"))))
    content["project"] |= {"code": code, "department": department}
    packed = base64.b64encode(zlib.compress(json.dumps(content, ensure_ascii=False).encode())).decode()
    for sheet, cell, text in (
        (IDENTITY, "B3", code),
        (IDENTITY, "B5", KEY.sign(packed)),
        (IDENTITY, "B7", packed),
        (BASICS, "B4", code),
        (BASICS, "B5", department),
    ):
        patient.put(sheet, cell, text)
    return patient.bytes()


def operated(operation: Callable[[Patient], object]) -> Callable[[bytes], bytes]:
    """The operation as a way to make the damaged file."""

    def make(data: bytes) -> bytes:
        patient = Patient(data)
        operation(patient)
        return patient.bytes()

    return make


def kind(*findings: Place, **facts: Any) -> Callable[[Callable[[Patient], None]], Kind]:
    """An operation on the opened workbook becomes a kind of damage."""
    return lambda operation: Kind(operation.__name__, operated(operation), findings, **facts)


def whole(*findings: Place, total: float | None = None, **facts: Any) -> Callable[[Callable[[bytes], bytes]], Kind]:
    """A function from the workbook's bytes to the damaged file's becomes a kind of damage."""
    return lambda function: Kind(function.__name__, function, findings, total, **facts)


def typed(
    name: str, sheet: str, cell: str, content: Content, *codes: str | Place, total: float = 100.0, **how: Any
) -> Kind:
    """Something typed into one cell; a bare code is a finding at that cell."""
    findings = tuple((code, sheet, cell) if isinstance(code, str) else code for code in codes)
    return Kind(name, operated(lambda patient: patient.put(sheet, cell, content, **how)), findings, total)


def save(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files, each a minute newer than the one before."""
    for number, (name, data) in enumerate(files.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (1_700_000_000 + 60 * number,) * 2)


def found(result: ReviewResult) -> Counter[Place]:
    """Code, sheet and cell of what was found in files."""
    return Counter((item.code, item.sheet, item.cell) for item in result.findings if item.file)
