"""At home in the office's own programs: Excel, Word and LibreOffice work for us, and the control workbook 控制台."""
