"""Types into a workbook in LibreOffice as a person does; run by :func:`office.run_uno`, with uno's Python.

uno_fill.py WORKBOOK STEPS.json RESULT → standard output: {"refused": ["自评表!B7", …]}

Each step goes to the cell and enters a line, so that protection holds as it does for a person: a value
set through the API would ignore it. A step is refused if the cell cannot be reached or keeps its content.
"""

# ruff: noqa: T201 - its answer is what it prints

import json
import os
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException


def connect(url: str, seconds: float = 90):
    """The desktop of the LibreOffice that is just starting."""
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    end = time.monotonic() + seconds
    while True:
        try:
            remote = resolver.resolve(url)
            break
        except NoConnectException:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
    manager = remote.ServiceManager
    return (
        manager.createInstanceWithContext("com.sun.star.frame.Desktop", remote),
        manager.createInstanceWithContext("com.sun.star.frame.DispatchHelper", remote),
    )


def properties(**values):
    """Named arguments as LibreOffice takes them."""
    return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())


class Person:
    """Somebody at the keyboard in front of an open workbook."""

    def __init__(self, document, dispatcher):
        self.document, self.dispatcher = document, dispatcher
        self.controller = document.CurrentController

    def enter(self, step) -> bool:
        """Do one step; False if the cell refused."""
        sheets = self.document.Sheets
        if not sheets.hasByName(step["sheet"]) or not sheets.getByName(step["sheet"]).IsVisible:
            return False
        sheet = sheets.getByName(step["sheet"])
        cell = sheet.getCellRangeByName(step["cell"])
        self.controller.setActiveSheet(sheet)
        self.dispatch(".uno:GoToCell", ToPoint=step["cell"])
        if not self.stands_on(cell):
            return False
        before = state(cell)
        for line in keys(step):
            self.dispatch(".uno:EnterString", StringName=line)
            if shows(cell, step):
                return True
        if state(cell) == before:
            return False
        if step["type"] == "text":  # no keys enter it as a text, "=8个" for one: it was pasted
            cell.String = step["content"]
        return True

    def stands_on(self, cell) -> bool:
        """The cursor is there (a protected sheet may keep it from going)."""
        selected = self.document.CurrentSelection.RangeAddress
        return [selected.Sheet, selected.StartColumn, selected.StartRow] == [
            cell.CellAddress.Sheet,
            cell.CellAddress.Column,
            cell.CellAddress.Row,
        ]

    def dispatch(self, command, **arguments) -> None:
        self.dispatcher.executeDispatch(self.controller.Frame, command, "", 0, properties(**arguments))


def keys(step):
    """What to type, in turn until the cell shows it.

    An apostrophe keeps a cell from taking a text for a number or a formula, and stays if there was no such danger.
    """
    content = step["content"]
    if step["type"] == "value":
        return [repr(content)]
    if step["type"] == "formula":
        return [f"={content.removeprefix('=')}"]
    return [f"'{content}", content] if content else [""]


def state(cell):
    """What the cell holds."""
    return cell.Formula, cell.Value, cell.String


def shows(cell, step) -> bool:
    """The cell already held what was typed."""
    if step["type"] == "value":
        return cell.Type.value == "VALUE" and cell.Value == step["content"]
    if step["type"] == "formula":
        return cell.Formula == f"={step['content'].removeprefix('=')}"
    return cell.Type.value in ("TEXT", "EMPTY") and cell.String == step["content"]


def main(workbook: str, steps: str, result: str) -> None:
    desktop, dispatcher = connect(os.environ["UNO_URL"])
    document = desktop.loadComponentFromURL(Path(workbook).resolve().as_uri(), "_blank", 0, ())
    person = Person(document, dispatcher)
    refused = [
        f"{step['sheet']}!{step['cell']}"
        for step in json.loads(Path(steps).read_text("utf-8"))
        if not person.enter(step)
    ]
    document.calculateAll()
    document.storeToURL(Path(result).resolve().as_uri(), properties(FilterName="Calc MS Excel 2007 XML"))
    document.close(True)
    print(json.dumps({"refused": refused}))


if __name__ == "__main__":
    main(*sys.argv[1:])
