"""Our workbook, out and back: written, generated, read."""
