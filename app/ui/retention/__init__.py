"""The tab Gallring: what the rules propose to erase, what stays and why, and the receipts of what is gone."""
