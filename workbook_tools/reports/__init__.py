"""Word reports (报告) per project and per department, their drafts (草稿), and the forms they are printed in."""
