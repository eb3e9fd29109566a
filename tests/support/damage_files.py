"""Damage to whole files: what is no workbook, half a workbook, packed, misnamed, or written in another manner."""

from __future__ import annotations

import io
import re
import struct
import zipfile

import docx
from damage import FUNDS, TABLE, Kind, kind, whole
from surgery import LINKS, MAIN, Patient, zipped

HTML = (
    "<html xmlns:x='urn:schemas-microsoft-com:office:excel'><body><table><tr><td>1020</td></tr></table></body></html>"
)
_VBA = "application/vnd.ms-office.vbaProject"
_MACRO_BOOK = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_MAIN_BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"

# -- what is no workbook ----------------------------------------------------------------------------------------------


@whole(("FILE02", "", ""))
def empty(_: bytes) -> bytes:
    """0 bytes."""
    return b""


@whole(("FILE01", "", ""))
def text_renamed(_: bytes) -> bytes:
    """A text file."""
    return "自评表见附件".encode()


@whole(("FILE05", "", ""))
def table_of_a_web_page(_: bytes) -> bytes:
    """Many systems export HTML under the name .xlsx: it is looked at, and holds no form."""
    return HTML.encode()


@whole(("FILE05", "", ""), file="P001.xls")
def old_table_of_a_web_page(_: bytes) -> bytes:
    """The same under .xls, with a byte order mark."""
    return b"\xef\xbb\xbf\r\n" + HTML.encode()


@whole(("FILE05", "", ""), file="P001.xls")
def xml_table_of_2003(_: bytes) -> bytes:
    """SpreadsheetML of Excel 2003."""
    return b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'


@whole(("FILE01", "", ""))
def csv_renamed(_: bytes) -> bytes:
    """Values separated by commas, in GBK."""
    return "指标,完成值\r\n养护里程,1020\r\n".encode("gb18030")


@whole(("FILE01", "", ""))
def document_renamed(_: bytes) -> bytes:
    """A Word document is a zip too."""
    buffer = io.BytesIO()
    docx.Document().save(buffer)
    return buffer.getvalue()


@whole(("FILE01", "", ""))
def pdf_renamed(_: bytes) -> bytes:
    """A scan."""
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


@whole(("FILE01", "", ""))
def photo_renamed(_: bytes) -> bytes:
    """A photograph of the form."""
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"


@whole(("FILE01", "", ""))
def archive_renamed(data: bytes) -> bytes:
    """A zip with the workbook in it, under the name .xlsx."""
    return zipped({"P001.xlsx": data})


# -- half a workbook --------------------------------------------------------------------------------------------------


def _truncated(name: str, share: float) -> Kind:
    return Kind(name, lambda data: data[: int(len(data) * share) or 30], (("FILE03", "", ""),), None)


@whole(("FILE03", "", ""))
def last_bytes_missing(data: bytes) -> bytes:
    """The end of the directory."""
    return data[:-22]


@whole(("FILE03", "", ""))
def garbled_inside(data: bytes) -> bytes:
    """Bytes of a compressed sheet overwritten."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo("xl/worksheets/sheet4.xml")
    start = info.header_offset + 30 + len(info.filename) + info.compress_size // 2
    return data[:start] + bytes(64) + data[start + 64 :]


@kind(("FILE03", "", ""), total=None)
def sheet_part_missing(patient: Patient) -> None:
    """A repair program threw a part away."""
    patient.drop("xl/worksheets/sheet4.xml")


@kind(("FILE03", "", ""), total=None)
def strings_missing(patient: Patient) -> None:
    """All texts gone."""
    patient.drop("xl/sharedStrings.xml")


@kind()
def content_types_missing(patient: Patient) -> None:
    """Excel would repair it; it can be read."""
    patient.drop("[Content_Types].xml")


@kind(("FILE03", "", ""), total=None)
def sheet_xml_cut(patient: Patient) -> None:
    """A sound zip, but the sheet's XML ends in the middle."""
    part = "xl/worksheets/sheet4.xml"
    patient.parts[part] = patient.parts[part][: len(patient.parts[part]) // 2]


# -- names and archives -----------------------------------------------------------------------------------------------


def same(data: bytes) -> bytes:
    """Nothing is done to the content."""
    return data


NAMED = (
    Kind("xlsx_called_xls", same, file="P001.xls"),
    Kind("upper_case_ending", same, file="P001.XLSX"),
    Kind("a_copys_name", same, file="副本 P001 (1)（最终版）.xlsx.xlsx"),
    Kind("in_folders_with_blanks", same, file="回收 第二批/ 交通局 /P001 .xlsx"),
    Kind("half_downloaded_name", same, (("FILE09", "", ""),), None, "P001.xlsx.crdownload"),
    Kind("lock_file", lambda _: bytes(165), (("FILE09", "", ""),), None, "~$P001.xlsx"),
    Kind("lock_file_of_libreoffice", lambda _: b",,;", (), None, ".~lock.P001.xlsx#"),
    Kind("two_files_of_one_project", same, (("FILE20", "", ""),), 100.0, "P001.xlsx", {"P001 初稿.xlsx": same}),
    Kind("zipped", lambda data: zipped({"交通局/P001.xlsx": data}), file="报送.zip"),
    Kind("zipped_twice", lambda data: zipped({"里.zip": zipped({"P001.xlsx": data})}), file="报送.zip"),
    Kind("zipped_thrice", lambda data: zipped({"里.zip": zipped({"里.zip": zipped({"P001.xlsx": data})})}), (("FILE14", "", ""),), None, "报送.zip"),
    Kind("zip_cut", lambda data: zipped({"P001.xlsx": data})[:2000], (("FILE14", "", ""),), None, "报送.zip"),
    Kind("rar", lambda _: b"Rar!\x1a\x07\x01\x00", (("FILE14", "", ""),), None, "报送.rar"),
)  # fmt: skip


class _OldName(zipfile.ZipInfo):
    """A member whose name is written in GBK and without a flag, as Windows does it in China."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - zipfile's own hook
        return self.filename.encode("gb18030"), self.flag_bits & ~0x800


@whole(total=100.0, file="报送.zip")
def zipped_with_gbk_names(data: bytes) -> bytes:
    """As Windows packs it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(_OldName("示例县交通运输局/农村道路养护经费.xlsx"), data)
    return buffer.getvalue()


@whole(("FILE03", "", ""), total=100.0, file="报送.zip")
def zip_with_one_bad_member(data: bytes) -> bytes:
    """One member's checksum is wrong; the other is read."""
    archive = bytearray(zipped({"坏.xlsx": data, "P001.xlsx": data}))
    struct.pack_into("<I", archive, archive.index(b"PK\x01\x02") + 16, 0)
    return bytes(archive)


@whole(("FILE14", "", ""), file="报送.zip")
def zip_with_a_password(data: bytes) -> bytes:
    """The flag of encryption."""
    archive = bytearray(zipped({"P001.xlsx": data}))
    for start in (6, archive.index(b"PK\x01\x02") + 8):
        archive[start] |= 1
    return bytes(archive)


# -- active content ---------------------------------------------------------------------------------------------------


def _with_macros(patient: Patient, part: str = "vbaProject.bin") -> None:
    patient.rewrite("[Content_Types].xml", lambda xml: xml.replace(_MAIN_BOOK, _MACRO_BOOK))
    patient.declare(f"/xl/{part}", _VBA)
    patient.link("xl/_rels/workbook.xml.rels", "rIdVba", "vbaProject", part)
    patient.parts[f"xl/{part}"] = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)


@kind(("FILE15", "", ""), file="P001.xlsm")
def macros(patient: Patient) -> None:
    """A VBA project; it is never run and never copied."""
    _with_macros(patient)


@kind(("FILE15", "", ""), file="P001.xlsx")
def macros_in_disguise(patient: Patient) -> None:
    """Under the harmless ending, and under another case."""
    _with_macros(patient, "VBAPROJECT.BIN")


@kind(("FILE15", "", ""), file="P001.xlsm")
def macro_sheet_of_excel_4(patient: Patient) -> None:
    """Older than VBA, and still alive."""
    patient.parts["xl/macrosheets/sheet1.xml"] = (
        b"<xm:macrosheet xmlns:xm='http://schemas.microsoft.com/office/excel/2006/main'/>"
    )


@kind(("FILE16", "", ""))
def link_to_another_workbook(patient: Patient) -> None:
    """An orphan that pasting has left behind."""
    patient.parts["xl/externalLinks/externalLink1.xml"] = f'<externalLink xmlns="{MAIN}"/>'.encode()
    patient.link("xl/_rels/workbook.xml.rels", "rIdExt", "externalLink", "externalLinks/externalLink1.xml")


@kind(("FILE16", "", ""))
def data_connection(patient: Patient) -> None:
    """A query to a data base."""
    patient.parts["xl/connections.xml"] = f'<connections xmlns="{MAIN}"/>'.encode()


def _hyperlink(patient: Patient, target: str) -> None:
    patient.link("xl/worksheets/_rels/sheet4.xml.rels", "rIdUnc", "hyperlink", target, outside=True)
    link = f'<hyperlinks><hyperlink ref="E13" xmlns:r="{LINKS}" r:id="rIdUnc"/></hyperlinks>'
    patient.rewrite("xl/worksheets/sheet4.xml", lambda xml: xml.replace("<printOptions", f"{link}<printOptions"))


@kind(("FILE16", "", ""))
def hyperlink_to_a_server(patient: Patient) -> None:
    r"""\\server\share: looking at it sends the user's sign-on."""
    _hyperlink(patient, r"\\203.0.113.5\share\x.xlsx")


@kind(("FILE16", "", ""))
def hyperlink_to_a_server_as_address(patient: Patient) -> None:
    """The same in the spelling that Excel saves."""
    _hyperlink(patient, "file:///\\\\203.0.113.5\\share\\x.xlsx")


@kind()
def hyperlink_to_a_web_page(patient: Patient) -> None:
    """The publication of the budget, say: nothing wrong with it."""
    _hyperlink(patient, "https://www.example.gov.cn/yusuan")


# -- spellings --------------------------------------------------------------------------------------------------------


@kind()
def saved_by_wps(patient: Patient) -> None:
    """The traits of a file that WPS saves."""
    patient.rewrite(
        "docProps/app.xml", lambda xml: xml.replace("Microsoft Excel", "WPS 表格").replace("12.0000", "11.1.0.14309")
    )
    compatible = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    choice = (
        f'<mc:AlternateContent xmlns:mc="{compatible}"><mc:Choice Requires="x15"><x15ac:absPath '
        'xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac" url="D:\\自评\\"/></mc:Choice>'
        "</mc:AlternateContent>"
    )
    filtered = (
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="3" hidden="1">{TABLE}!$A$12:$H$17</definedName>'
    )
    patient.rewrite(
        "xl/workbook.xml",
        lambda xml: xml.replace("<bookViews>", f"{choice}<bookViews>").replace(
            "<definedNames>", f"<definedNames>{filtered}"
        ),
    )
    patient.declare("/docProps/custom.xml", "application/vnd.openxmlformats-officedocument.custom-properties+xml")
    patient.parts["docProps/custom.xml"] = b"<Properties/>"


@kind()
def lists_in_the_extension(patient: Patient) -> None:
    """Lists as Excel 2010 and WPS keep them where they point to another sheet."""
    new, old = (
        "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main",
        "http://schemas.microsoft.com/office/excel/2006/main",
    )
    patient.remove_validation(TABLE, "F16")
    patient.add("选项", f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'.encode())
    for row, option in enumerate(("达成", "部分达成", "未达成"), 1):
        patient.put("选项", f"A{row}", option)
    moved = (
        f'<extLst><ext uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}" xmlns:x14="{new}"><x14:dataValidations count="1" '
        f'xmlns:xm="{old}"><x14:dataValidation type="list" allowBlank="1" showErrorMessage="1"><x14:formula1>'
        "<xm:f>选项!$A$1:$A$3</xm:f></x14:formula1><xm:sqref>F16</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>"
    )
    patient.rewrite("xl/worksheets/sheet4.xml", lambda xml: xml.replace("</worksheet>", f"{moved}</worksheet>"))


@kind()
def validations_joined(patient: Patient) -> None:
    """Programs join equal validations into one with many ranges."""
    patient.remove(FUNDS, "dataValidations")
    joined = (
        '<dataValidations count="1"><dataValidation type="decimal" showErrorMessage="1" sqref="C2 E8:J9"><formula1>0</formula1>'
        "<formula2>100000000</formula2></dataValidation></dataValidations>"
    )
    patient.rewrite("xl/worksheets/sheet3.xml", lambda xml: xml.replace("<printOptions", f"{joined}<printOptions"))


@kind()
def prefixed_elements(patient: Patient) -> None:
    """Every element with the prefix x: as some libraries write it."""
    for part in [
        name for name in patient.parts if name.startswith("xl/") and not name.endswith(".rels") and "theme" not in name
    ]:
        patient.rewrite(part, lambda xml: re.sub(r"<(/?)(?=[A-Za-z])", r"<\1x:", xml).replace('xmlns="', 'xmlns:x="'))


@kind()
def absolute_targets(patient: Patient) -> None:
    """Relationships that start at the root of the package."""
    patient.rewrite("xl/_rels/workbook.xml.rels", lambda xml: re.sub(r'Target="(?!/)', 'Target="/xl/', xml))


@kind()
def inline_strings(patient: Patient) -> None:
    """No shared strings at all."""
    texts = ["".join(map(str, item.itertext())) for item in patient.tree("xl/sharedStrings.xml")]
    for title in patient.titles:
        for cell in patient.sheet(title).iter(f"{{{MAIN}}}c"):
            if cell.get("t") == "s":
                text = texts[int(cell[0].text or "0")]
                cell.set("t", "inlineStr")
                cell[0].tag = f"{{{MAIN}}}is"
                cell[0].text = None
                item = cell[0].makeelement(f"{{{MAIN}}}t", {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
                item.text = text
                cell[0].append(item)
    patient.drop("xl/sharedStrings.xml")


@kind()
def strict_namespaces(patient: Patient) -> None:
    """Excel's Strict Open XML."""
    for part in [name for name in patient.parts if name.startswith("xl/") and "theme" not in name] + ["_rels/.rels"]:
        patient.rewrite(
            part,
            lambda xml: (
                xml.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
                    LINKS, "http://purl.oclc.org/ooxml/officeDocument/relationships"
                )
                + "\n"
            ),
        )


@whole(total=100.0)
def backslashes_in_part_names(data: bytes) -> bytes:
    """Written by a careless library on Windows."""
    return zipped({name.replace("/", "\\"): content for name, content in Patient(data).parts.items()})


@whole(total=100.0)
def stored_uncompressed(data: bytes) -> bytes:
    """No compression."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in Patient(data).parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


FILES: tuple[Kind, ...] = (
    empty,
    text_renamed,
    table_of_a_web_page,
    old_table_of_a_web_page,
    xml_table_of_2003,
    csv_renamed,
    document_renamed,
    pdf_renamed,
    photo_renamed,
    archive_renamed,
    _truncated("truncated_at_once", 0),
    _truncated("truncated_early", 0.1),
    _truncated("truncated_in_the_middle", 0.5),
    _truncated("truncated_late", 0.95),
    last_bytes_missing,
    garbled_inside,
    sheet_part_missing,
    strings_missing,
    content_types_missing,
    sheet_xml_cut,
    *NAMED,
    zipped_with_gbk_names,
    zip_with_one_bad_member,
    zip_with_a_password,
    macros,
    macros_in_disguise,
    macro_sheet_of_excel_4,
    link_to_another_workbook,
    data_connection,
    hyperlink_to_a_server,
    hyperlink_to_a_server_as_address,
    hyperlink_to_a_web_page,
    saved_by_wps,
    lists_in_the_extension,
    validations_joined,
    prefixed_elements,
    absolute_targets,
    inline_strings,
    strict_namespaces,
    backslashes_in_part_names,
    stored_uncompressed,
)
