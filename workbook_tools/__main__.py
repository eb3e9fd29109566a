"""``python -m workbook_tools`` is the command line."""

from workbook_tools.cli import main

main()
