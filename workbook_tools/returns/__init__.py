"""退回: marked copies for the units, and a covering notice per department."""

from typing import TYPE_CHECKING

from workbook_tools.core.faces import load_when_asked

if TYPE_CHECKING:
    from workbook_tools.returns.writing import write_returns as write_returns
else:
    __getattr__ = load_when_asked(__name__, {"write_returns": "writing"})
