"""Paths, archives and packages: names every system accepts, files replaced whole, what is safe to open."""
