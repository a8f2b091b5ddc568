"""What is left after a process was killed, at any of the calls by which it changes a file."""
