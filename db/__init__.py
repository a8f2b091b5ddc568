"""The store: models, queries, migrations.  Knows the domain's words; never the services or the window."""
