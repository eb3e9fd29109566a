"""Works in a workbook with macros in LibreOffice; run by :func:`office.run_uno`, with uno's Python.

uno_macros.py WORKBOOK STEPS.json → standard output: a list with an answer for each step

A step is one of
``{"buttons": sheet}`` → [[label, script] …]; ``{"unattended": true}``: from now on no dialogs, which nobody would answer;
``{"press": label, "on": sheet}``; ``{"call": "Module.Function"}`` → what it returns;
``{"type": [sheet, cell], "content": text}``; ``{"paste": [sheet, cell], "from": [sheet, cell]}``: as a person does;
``{"lock": [sheet, cell], "password": …}``, which pasting does in Excel but not in LibreOffice;
``{"look": [sheet, cell]}`` → content, lock, number format and validation of the cell; ``{"protected": sheet}``;
``{"selected": true}`` → the cell where the cursor stands; ``{"save": path}``.
"""

# ruff: noqa: T201 - its answer is what it prints

import json
import os
import sys
from pathlib import Path

from uno_fill import connect, properties

SCRIPT = "vnd.sun.star.script:VBAProject.{}?language=Basic&location=document"
MACROS_ALLOWED = 4
FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".xlsm": "Calc MS Excel 2007 VBA XML"}
UNATTENDED = """Rem Attribute VBA_ModuleType=VBAModule
Option VBASupport 1
Sub Begin()
    Application.DisplayAlerts = False
End Sub
"""
"""Without it, LibreOffice without a screen closes each dialog unseen, as if the person had said no."""


class Workplace:
    """An open workbook whose macros may run."""

    def __init__(self, workbook: str):
        self.desktop, self.dispatcher = connect(os.environ["UNO_URL"])
        url = Path(workbook).resolve().as_uri()
        self.document = self.desktop.loadComponentFromURL(
            url, "_blank", 0, properties(MacroExecutionMode=MACROS_ALLOWED)
        )
        self.controller = self.document.CurrentController

    def unattended(self, step):
        library = self.document.BasicLibraries.getByName("VBAProject")
        library.insertByName("Unattended", UNATTENDED)
        self.run(SCRIPT.format("Unattended.Begin"))
        library.removeByName("Unattended")

    def run(self, script):
        return self.document.ScriptProvider.getScript(script).invoke((), (), ())[0]

    def buttons(self, step):
        forms = self.document.Sheets.getByName(step["buttons"]).DrawPage.Forms
        return [
            [form.getByIndex(i).Label, event.ScriptCode]
            for form in (forms.getByIndex(i) for i in range(forms.Count))
            for i in range(form.Count)
            for event in form.getScriptEvents(i)
        ]

    def press(self, step):
        self.run(dict(self.buttons({"buttons": step["on"]}))[step["press"]])

    def call(self, step):
        return self.run(SCRIPT.format(step["call"]))

    def type(self, step):
        self.go(*step["type"])
        self.dispatch(".uno:EnterString", StringName=step["content"])

    def paste(self, step):
        self.go(*step["from"])
        self.dispatch(".uno:Copy")
        self.go(*step["paste"])
        self.dispatch(".uno:EnterString", StringName="")  # or it asks whether to replace what is there
        self.dispatch(".uno:Paste")

    def lock(self, step):
        cell = self.cell(*step["lock"])
        cell.Spreadsheet.unprotect(step["password"])
        protection = cell.CellProtection
        protection.IsLocked = True
        cell.CellProtection = protection
        cell.Spreadsheet.protect(step["password"])

    def look(self, step):
        cell = self.cell(*step["look"])
        formats = self.document.NumberFormats
        return {
            "content": cell.Formula,
            "locked": cell.CellProtection.IsLocked,
            "format": formats.getByKey(cell.NumberFormat).FormatString,
            "fill": cell.CellBackColor,
            "validation": cell.Validation.Type.value,
            "prompt": cell.Validation.InputTitle,
            "conditions": cell.ConditionalFormat.Count,
        }

    def protected(self, step):
        return self.document.Sheets.getByName(step["protected"]).isProtected()

    def selected(self, step):
        return self.document.CurrentSelection.AbsoluteName.replace("$", "")

    def save(self, step):
        url = Path(step["save"]).resolve().as_uri()
        self.document.storeToURL(url, properties(FilterName=FILTERS[Path(step["save"]).suffix]))

    def cell(self, sheet, address):
        return self.document.Sheets.getByName(sheet).getCellRangeByName(address)

    def go(self, sheet, address):
        self.controller.setActiveSheet(self.document.Sheets.getByName(sheet))
        self.dispatch(".uno:GoToCell", ToPoint=address)

    def dispatch(self, command, **arguments):
        self.dispatcher.executeDispatch(self.controller.Frame, command, "", 0, properties(**arguments))


def main(workbook: str, steps: str) -> None:
    place = Workplace(workbook)
    answers = [getattr(place, next(iter(step)))(step) for step in json.loads(Path(steps).read_text("utf-8"))]
    place.document.close(True)
    print(json.dumps(answers))


if __name__ == "__main__":
    main(*sys.argv[1:])
