@"%~dp0{PROGRAM}" -I -m workbook_tools %*
