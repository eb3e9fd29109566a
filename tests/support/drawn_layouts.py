"""The layouts drawn in tests/golden/legacy_layouts.txt, and a form told as lines."""

from __future__ import annotations

from collections.abc import Iterator

from locations import GOLDEN

from workbook_tools.core.values import number_text
from workbook_tools.legacy.words.records import HandmadeForm, Stated

DRAWN = GOLDEN / "legacy_layouts.txt"


def layouts() -> dict[str, tuple[str, str]]:
    """Name → drawing and what it says."""
    found = {}
    for block in DRAWN.read_text("utf-8").split("== ")[1:]:
        name, _, rest = block.partition("\n")
        drawing, _, said = rest.partition("\n--\n")
        found[name] = (drawing, said.strip())
    return found


def shown(stated: Stated | None) -> str:
    """A value as text; nothing for none."""
    value = None if stated is None else stated.value
    return number_text(value) if isinstance(value, float) else (value or "").replace("\n", "/")


def told(form: HandmadeForm) -> Iterator[str]:
    """What a form was understood to say, line by line."""
    head = [f"{name}={shown(form.head[name])}" for name in ("project", "department", "unit") if name in form.head]
    yield f"{' '.join(head)} {shown(form.year)} {form.amount_unit}"
    for line in form.funding:
        amounts = " ".join(f"{measure}={shown(stated)}" for measure, stated in line.amounts.items())
        points = f"{shown(line.rate)} {shown(line.weight)}/{shown(line.score)}"
        yield f"money {line.label or '-'} [{line.source or ''}] {amounts} {points}"
    yield f"execution {shown(form.execution_rate)} {shown(form.execution_weight)}/{shown(form.execution_score)}"
    for entry in form.entries:
        levels = f"{entry.dimension}/{entry.category}/{shown(entry.name)}"
        target = f"{entry.direction.symbol}{shown(entry.target)}{entry.unit}"
        reason = f" ({shown(entry.reason)})" if entry.reason else ""
        yield f"{levels} {target} {shown(entry.actual)} {shown(entry.weight)}/{shown(entry.score)}{reason}"
    yield f"total {shown(form.total_weight)}/{shown(form.total)} {shown(form.grade)}".rstrip()
