"""One module per format, named v<number>_<what>."""
