"""Property tests draw the same examples everywhere, and are not timed: this machine may be busy."""

from hypothesis import settings

settings.register_profile("book", deadline=None, derandomize=True)
settings.load_profile("book")
