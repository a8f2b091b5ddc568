"""The wizard of the first start: passphrase, recovery key, profile, protection."""
