"""VBA projects without Excel: readable sources → vbaProject.bin, and back. The only door to their file formats."""
