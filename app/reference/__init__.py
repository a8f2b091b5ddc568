"""What the program knows from its resource files, as frozen dataclasses."""
