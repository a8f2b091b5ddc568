"""Pages that are seldom needed: the trail, backups, the company's facts, about."""
