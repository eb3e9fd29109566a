"""Which labels a form has, and which labels of other forms a text names."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from filling import compact_project

from workbook_tools.core.labels import USUAL_LABELS
from workbook_tools.form.fields import Role
from workbook_tools.form.layout import build_layout
from workbook_tools.rules.scheme import FormColumn, Scheme, builtin_schemes

_REMARK = re.compile(r"\s|[（(][^（）()]*[）)]$")
_ORDINARY = {
    "原因", "总额", "合计", "执行率", "执行数", "预算数", "年初预算", "改进措施", "项目资金", "立项依据",
    "优", "良", "中", "差", "达成",
}  # fmt: skip
"""Words of the language, though some form uses them as a label too."""


def _bare(label: str) -> str:
    """A label as a sentence calls it: without line breaks and the letter of a formula."""
    return _REMARK.sub("", label) or label


def labels_of(scheme: Scheme) -> frozenset[str]:
    """Every label on the sheets of a workbook under the scheme, with the names of its fields, choices and grades."""
    found = {scheme.form.title, *(band.name for band in scheme.grading.bands)}
    found |= {name for d in scheme.dimensions for name in (d.name, *d.categories)}
    for approved in (True, False):
        layout = build_layout(compact_project(scheme, approved=approved), scheme)
        for sheet in layout.sheets.values():
            found.add(sheet.title)
            for item in sheet.fields:
                found |= {_bare(part) for part in item.label.split("－")} | set(item.choices)
                if item.role is Role.LABEL and isinstance(item.value, str):
                    found |= {item.value, _bare(item.value)}
    return frozenset(found)


def _own_labels(scheme: Scheme) -> set[str]:
    """What a scheme itself says of its form."""
    form = scheme.form
    found = {*form.labels, form.total_label, *(text.label for text in scheme.texts), *(t.group for t in scheme.texts)}
    if form.funding:
        found |= {_bare(form.funding.label), *(_bare(column.label) for column in form.funding.columns)}
        found |= {_bare(row.label) for row in form.funding.rows}
    if form.goals:
        found.add(form.goals.label)
    if form.execution_row:
        found |= {form.execution_row.dimension, form.execution_row.name}
    for dimension in scheme.dimensions:
        found |= {dimension.name, *dimension.categories}
    return found | {tier.name for tier in scheme.tiers} | {band.name for band in scheme.grading.bands}


@cache
def known_labels() -> frozenset[str]:
    """The labels of all forms that come with the package, and the usual names."""
    return frozenset(set(USUAL_LABELS).union(*map(_own_labels, builtin_schemes().values())) - _ORDINARY - {""})


def foreign_labels(text: str, own: frozenset[str]) -> list[str]:
    """The labels that a text names and the form lacks; at each place the longest label counts (实际完成值, not 完成值)."""
    return [label for label in _any_label(own).findall(text) if label not in own]


@lru_cache(maxsize=4)
def _any_label(own: frozenset[str]) -> re.Pattern[str]:
    words = sorted((known_labels() | own) - _ORDINARY - {""}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


def relabelled(scheme: Scheme) -> Scheme:
    """The scheme of an office that calls every column otherwise, and has a column for every part."""
    names = {
        "dimension": "类别",
        "category": "子类",
        "indicator": "事项",
        "direction": "比法",
        "target": "应达到",
        "unit": "量词",
        "actual": "已达到",
        "completion": "到了几成",
        "weight": "满点",
        "score": "实点",
        "deviation_reason": "何故",
    }
    columns = tuple(FormColumn(key=key, label=f"{name}（B）", width=10) for key, name in names.items())
    form = scheme.form.model_copy(update={"title": "某表", "columns": columns})
    return Scheme.model_validate(scheme.model_copy(update={"form": form}).model_dump())
