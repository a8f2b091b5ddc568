"""Data and texts that a lawyer or a translator can change without touching code."""
