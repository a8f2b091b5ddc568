"""The tab Begäranden: requests from the mail they arrived in to the closed file."""
