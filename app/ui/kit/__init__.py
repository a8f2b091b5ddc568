"""Widgets that know nothing about data protection: one table, one set of fields, one way to wait, ask and fail."""
