"""Cells of a workbook typed over, moved, given formulas and other looks: sound files that say something else."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from interesting import NUMBERS, TEXTS
from mutate_package import read_parts, write_parts
from surgery import MAIN, Patient

_FORMULAS = (
    "1+1",
    "A1",
    "SUM(A1:C9)",
    "自评表!B7",
    "[1]表!A1",
    "NOW()",
    "#REF!+1",
    'WEBSERVICE("http://x")',
    "IF(TRUE,1,2)",
)


def change_cell(data: bytes, random: Random) -> bytes:
    """A few cells of one sheet."""
    patient = Patient(data)
    title = random.choice(patient.titles)
    addresses = [cell.get("r", "") for cell in patient.sheet(title).iter(f"{{{MAIN}}}c")]
    for _ in range(random.choice((1, 1, 2, 6))):
        change: Callable[[Patient, str, list[str], Random], None] = random.choice(
            (_type, _type, _type, _type, _clear, _swap, _calculate, _restyle, _drag, _move_rows)
        )
        change(patient, title, addresses, random)
    return write_parts(read_parts(patient.bytes()))  # which have no time of day


def _type(patient: Patient, title: str, addresses: list[str], random: Random) -> None:
    """A number or a text, as somebody types it."""
    texts = tuple(text for text in TEXTS if len(text) < 5000)
    content = random.choice(
        (float(random.choice((0, 1, 95, 0.95, 1e9, -3, random.random()))), random.choice(texts), random.choice(NUMBERS))
    )
    patient.put(title, random.choice(addresses), content)


def _clear(patient: Patient, title: str, addresses: list[str], random: Random) -> None:
    patient.put(title, random.choice(addresses), None)


def _swap(patient: Patient, title: str, addresses: list[str], random: Random) -> None:
    patient.swap(title, random.choice(addresses), random.choice(addresses))


def _calculate(patient: Patient, title: str, addresses: list[str], random: Random) -> None:
    patient.put(title, random.choice(addresses), random.choice((None, 5.0, "甲")), formula=random.choice(_FORMULAS))


def _restyle(patient: Patient, title: str, addresses: list[str], random: Random) -> None:
    patient.restyle(
        title,
        random.choice(addresses),
        number_format=random.choice((None, 0, 9, 14, 49)),
        locked=random.choice((None, True, False)),
    )


def _drag(patient: Patient, title: str, addresses: list[str], random: Random) -> None:
    patient.drag(title, random.choice(addresses), random.choice(addresses))


def _move_rows(patient: Patient, title: str, _: list[str], random: Random) -> None:
    patient.insert_rows(title, random.randrange(1, 20), random.choice((1, 2, 30)))
