"""The self-evaluation workbook as data: its fields, sheet by sheet, and what was issued."""
