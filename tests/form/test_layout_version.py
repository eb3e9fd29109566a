"""A layout that has been sent out is never changed: workbooks that are out there must still verify.

If a test here fails, a formula, a name or a place of layout version 1 has changed. Once a version has been released,
that calls for a new version beside it (form/layout.py, docs/adding.md), not for a new digest here.
"""

import hashlib

import pytest
from builders import MOF, project

from workbook_tools.form.fields import Role
from workbook_tools.form.layout import build_layout

DIGESTS = {"approved": "680c466d3c88a674", "open": "1e4d8ebb7766da82"}


def digest(given) -> str:
    layout = build_layout(given, MOF, version="1")
    lines = [
        f"{f.name} {f.sheet}!{f.span.range()} {f.role} {layout.formula(f) if f.role is Role.FORMULA else ''}"
        for f in layout.fields.values()
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


@pytest.mark.parametrize(("name", "given"), [("approved", project()), ("open", project(indicators=()))])
def test_version_1_is_what_was_sent_out(name, given):
    assert digest(given) == DIGESTS[name]
