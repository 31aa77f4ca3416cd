"""One module a chapter: the tasks of its assignment."""
