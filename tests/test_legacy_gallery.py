"""The recogniser against forms as offices draw them: the same values out of every layout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from legacy_gallery import LAMPS, LAYOUTS, ROADS, Content, Facts, Layout, document, draw, expected, workbook

from workbook_tools.legacy.reading import LegacyReading, read_forms
from workbook_tools.legacy.records import Entry, Form, Stated
from workbook_tools.legacy.vocabulary import default_vocabulary
from workbook_tools.sources import Source


def reading(data: bytes, tmp_path: Path, name: str = "自评表.xlsx") -> LegacyReading:
    path = tmp_path / name
    path.write_bytes(data)
    return read_forms(Source(path, name), default_vocabulary())


def value(stated: Stated | None) -> Any:
    return None if stated is None or stated.value in (None, "") else stated.value


def number(found: Any) -> Any:
    return round(found, 6) if isinstance(found, float) else found


def facts(form: Form, wanted: Facts) -> Facts:
    """What a form says of the things that are wanted."""
    total = form.total_line
    found: Facts = {name: value(form.head.get(name)) for name in ("project", "department", "unit")}
    found |= {"year": value(form.year), "total": number(value(form.total))}
    found["rows"] = [row(entry) for entry in form.entries if not entry.part and entry.name.value != "预算执行率"]
    if "money" in wanted:
        assert total is not None
        found["money"] = {measure.value: number(value(stated)) for measure, stated in total.amounts.items()}
        found["rate"] = round(float(value(total.rate)), 4) if value(total.rate) is not None else None
    if "execution_weight" in wanted:
        found["execution_weight"] = value(form.execution_weight)
        found["execution_score"] = value(form.execution_score)
    if "goal" in wanted:
        found |= {"goal": value(form.texts.get("goal_annual")), "done": value(form.texts.get("goal_actual"))}
    if "parts" in wanted:
        found["parts"] = [(entry.name.value, value(entry.target)) for entry in form.entries if entry.part]
    return found


def row(entry: Entry) -> Facts:
    name = str(entry.name.value)
    return {
        "level1": entry.dimension,
        "level2": entry.category,
        "name": name,
        "direction": entry.direction.value,
        "target": number(value(entry.target)),
        "unit": entry.unit,
        "actual": number(value(entry.actual)),
        "weight": number(value(entry.weight)),
        "score": number(value(entry.score)),
        "reason": value(entry.reason) or "",
    }


def plain_names(found: Facts, content: Content) -> Facts:
    """Names without the units and points that a layout writes behind them."""
    rows: Any = found["rows"]
    names = [r.name for r in content.rows]
    for one in rows:
        one["name"] = next((n for n in names if one["name"].startswith(n)), one["name"])
    return found


def check(form: Form, content: Content, layout: Layout) -> None:
    wanted = expected(content, layout)
    assert plain_names(facts(form, wanted), content) == wanted


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_says_the_same(name: str, tmp_path: Path) -> None:
    layout = LAYOUTS[name]
    [form] = reading(workbook([draw(ROADS, layout)], layout), tmp_path).forms
    check(form, ROADS, layout)
