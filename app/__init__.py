"""Ombudet: a data protection officer's desk.  This file imports nothing."""

__version__ = "0.1.0"
