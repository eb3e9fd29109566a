"""At home in the office's own programs: Excel, Word and LibreOffice as helpers, and the control workbook 控制台."""
