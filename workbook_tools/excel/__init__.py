"""The only door to spreadsheet libraries: workbooks that we write, that come back, that people made themselves."""
