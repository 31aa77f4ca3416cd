"""Property tests draw the same examples everywhere, and are not timed: this machine may be busy."""

import sys

import pytest
from hypothesis import settings

settings.register_profile("book", deadline=None, derandomize=True)
settings.load_profile("book")

SLOWEST_FILES = ("test_browser.py", "test_binder.py", "test_nbgrader_account.py", "test_nbgrader_thresholds.py")


def pytest_collection_modifyitems(items):
    """Begin with the files that take a minute and more, so that nothing waits for them at the end."""
    items.sort(key=lambda item: item.path.name not in SLOWEST_FILES)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item):
    """Leave long brute force out of the coverage, which makes it twice as slow: small tests must reach every line.

    pytest-cov's own mark for this, `no_cover`, does nothing in the workers of pytest-xdist.
    """
    if not item.get_closest_marker("unmeasured"):
        yield
        return
    tracer = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(tracer)


def pytest_terminal_summary(terminalreporter):
    """Print what tests measured and did not assert: latencies, sizes, counts."""
    reports = [report for group in ("passed", "failed") for report in terminalreporter.stats.get(group, [])]
    lines = [text for report in reports for name, text in getattr(report, "user_properties", ()) if name == "measured"]
    if lines:
        terminalreporter.section("measured")
        terminalreporter.write("\n".join(lines) + "\n")
