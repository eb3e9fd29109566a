"""Names in the usual spelling are taken apart, and come to what the whole part says; anything else is parsed."""

import pytest

from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.excel import workbook_grammar
from workbook_tools.excel.workbook_grammar import read_outline
from workbook_tools.excel.written_names import cut_names

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NAMES = (
    '<definedName name="year">表!$A$1</definedName><definedName function="false" localSheetId="0" name="year">表!$A$2</definedName>'
    '<definedName name="empty"></definedName>'
)


def part(names=NAMES, *, head=HEAD, before="", behind="", start="<definedNames>", end="</definedNames>"):
    sheets = '<sheets><sheet name="表" sheetId="1"/></sheets>'
    return f'{head}<workbook xmlns="{MAIN}">{before}{sheets}{start}{names}{end}{behind}</workbook>'.encode()


def outcome(xml):
    try:
        outline = read_outline(xml)
    except UnreadableWorkbook as exc:
        return str(exc)
    except Exception as exc:
        return type(exc)
    return outline.kind, outline.sheets, outline.names, outline.settings


@pytest.mark.parametrize("names", [NAMES, "", '<definedName name="a">1</definedName>'])
def test_the_usual_spelling(names):
    _, found = cut_names(part(names)) or ("", None)
    assert found == read_outline(part(f"<!-- -->{names}")).names
    assert outcome(part(names)) == outcome(part(f"<!-- -->{names}"))


ODD = (
    part('<definedName name="a">1</definedName><definedName name="A">2</definedName>'),
    part('<definedName name="a">1</definedName><definedName name="A">1</definedName>'),
    part('<definedName name="a&amp;b">1&amp;2</definedName>'),
    part('<definedName name="a"><b/>1</definedName>'),
    part('<definedName name="a"/><definedName name="b">1</definedName>'),
    part('<definedName xmlns="x" name="a">1</definedName>'),
    part('<definedName name="a" name="b">1</definedName>'),
    part('<definedName name="a\tb">1\r\n2</definedName>'),
    part('<definedName name="a">\ufffe</definedName>'),
    part('<definedName name="a">1</definedName>x'),
    part('<?x <definedNames> ?><definedName name="a">1</definedName>'),
    part(head='<?xml version="1.0" encoding="GB18030"?>'),
    part(head=""),
    part(start="<x:definedNames>", end="</x:definedNames>"),
    part(behind=f"<definedNames>{NAMES}</definedNames>"),
    part(before=f"<sheets><definedNames>{NAMES}</definedNames></sheets>"),
    part(before=f'<extLst><ext xmlns="x"><definedNames>{NAMES}</definedNames></ext></extLst>'),
    part(before=f'<x xmlns="x"><definedNames>{NAMES}</definedNames></x>', start="<y>", end="</y>"),
    part(before=f'<extLst><ext xmlns="x"><definedNames>{NAMES}</definedNames></ext></extLst>', start="<y>", end="</y>"),
    part(start='<definedNames xmlns="x">'),
    part(NAMES + '<definedName name="b">1</definedName'),
    part().replace(b"empty", b"\xff"),
)


@pytest.mark.parametrize("number", range(len(ODD)))
def test_anything_else_is_as_the_parser_says(number, monkeypatch):
    found = outcome(ODD[number])
    monkeypatch.setattr(workbook_grammar, "cut_names", lambda _: None)
    assert found == outcome(ODD[number] + b" ")
