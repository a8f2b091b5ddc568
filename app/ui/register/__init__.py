"""The tab Behandlingar: the record of processing activities that every extract reads from, and what it rests on."""
