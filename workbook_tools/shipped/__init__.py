"""What comes with the package: the example, the blank forms, the demo, the preview."""
