"""Migrations: the formats of the database, oldest first."""
