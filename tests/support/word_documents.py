"""Word documents made by hand, element by element."""

from __future__ import annotations

from raw_workbooks import links, zipped

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def document_file(body: str, styles: str = "", namespace: str = W, extra: str = "") -> bytes:
    """The bytes of a document with this body, written by hand."""
    return zipped(
        {
            "_rels/.rels": links(("main", "officeDocument", "word/document.xml")),
            "word/_rels/document.xml.rels": links(
                ("styles", "styles", "styles.xml"), ("lost", "image", "media/lost.png")
            ),
            "word/styles.xml": f'<w:styles xmlns:w="{W}">{styles}</w:styles>',
            "word/document.xml": f'{extra}<w:document xmlns:w="{namespace}" '
            'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
            f"<w:body>{body}</w:body></w:document>",
        }
    )


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def para(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def tile(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{para(run(text))}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"
