"""Reports of today without a usable table: headings, sentences, figures."""
