"""What the tabs show: plain functions over a session, returning ids or rows."""
