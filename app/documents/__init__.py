"""Documents: content in, bytes out.  No database, no window, no clock."""
