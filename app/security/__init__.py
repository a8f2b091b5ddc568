"""Keys, secrets and the files that must survive a power cut.  Knows nothing about SQL or windows; see FORMAT.md."""
