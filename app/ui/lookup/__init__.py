"""The tab Registrerade: find a person in the registers, see what is held, and settle whom a request is about."""
