"""The window and its tabs: reads through `db.queries`, writes through services, and shows both."""
