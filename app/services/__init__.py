"""One function for each act of the officer.  Services never commit: whoever calls them opened `store.write()`."""
