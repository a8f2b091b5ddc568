"""Files from outside become drafts: mails and tables, parsed in a confined child process.  No SQL, no window, no stored data."""
