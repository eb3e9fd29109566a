"""交换: the tables that another system takes and gives, as an office's settings describe them."""

from typing import TYPE_CHECKING

from workbook_tools.core.faces import load_when_asked

if TYPE_CHECKING:
    from workbook_tools.exchange.reading import read_exchange as read_exchange
    from workbook_tools.exchange.tables import fill_tables as fill_tables
else:
    __getattr__ = load_when_asked(__name__, {"read_exchange": "reading", "fill_tables": "tables"})
