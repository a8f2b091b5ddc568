"""The rules, pure: facts in, answers out.  No file, no clock, no window, no database."""
