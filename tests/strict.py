"""A pytest plugin that closes what nbval leaves open: cells that were never run, pictures, their alt text, and memory.

nbval compares every text output. It passes a cell without outputs and execution count, and it skips pictures.
Here such a cell fails, and pictures are compared pixel by pixel (root mean square at most 0.5 of 255, which
leaves room for the last bit of a float and for nothing that a reader could see). A notebook whose kernel took more
than 400 MiB ends with an error: on Binder a reader has little more.

Notebooks do not count as tests of the package: nbval's coverage inside their kernels is switched off.
"""

import base64
import io

import nbval.plugin
import numpy as np
from nbval.plugin import IPyNbCell, IPyNbFile
from PIL import Image

TOLERANCE = 0.5
LARGEST_KERNEL = 400 * 2**20  # bytes
PEAK = """
next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
if __import__("sys").platform == "linux" else __import__("resource").getrusage(0).ru_maxrss // 1024
"""  # on Linux a child begins with its parent's ru_maxrss, which says nothing of the child

_nbval_runtest = IPyNbCell.runtest
_nbval_compare = IPyNbCell.compare_outputs
_nbval_teardown = IPyNbFile.teardown


def pictures(outputs):
    """PNG pixels and alt text of each picture among a cell's outputs."""
    found = []
    for output in outputs:
        data = output.get("data", {}).get("image/png")
        if data:
            image = Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")
            alt = output.get("metadata", {}).get("image/png", {}).get("alt")
            found.append((np.asarray(image, dtype=float), alt))
    return found


def difference(stored, fresh):
    """Say how two lists of pictures differ; an empty string where they do not."""
    if len(stored) != len(fresh):
        return f"{len(stored)} pictures are stored, {len(fresh)} were drawn"
    for (old, old_alt), (new, new_alt) in zip(stored, fresh, strict=True):
        if old.shape != new.shape:
            return f"the stored picture is {old.shape}, the fresh one {new.shape}"
        distance = float(np.sqrt(np.mean((old - new) ** 2)))
        if distance > TOLERANCE:
            return f"the pictures differ by {distance:.2f} of 255 (root mean square)"
        if old_alt != new_alt:
            return f"the stored alt text is {old_alt!r}, the fresh one {new_alt!r}"
    return ""


def runtest(self):
    if self.cell.source.strip() and not self.cell.execution_count:
        self.raise_cell_error("this cell was stored without having been run")
    _nbval_runtest(self)


def compare_outputs(self, test, ref, skip_compare=None):
    same = _nbval_compare(self, test, ref, skip_compare)
    reason = difference(pictures(ref), pictures(test))
    if reason:
        self.comparison_traceback.append(reason)
    return same and not reason


def peak_memory(client):
    """Ask a kernel for the most memory that it ever had, in bytes."""
    reply = client.execute("", silent=True, user_expressions={"peak": f"({PEAK})"}, reply=True, timeout=30)
    answer = reply["content"]["user_expressions"]["peak"]["data"]["text/plain"]
    return 1024 * int(answer.strip("'"))


def teardown(self):
    alive = self.kernel is not None and self.kernel.is_alive()
    peak = peak_memory(self.kernel.kc) if alive and not self.timed_out else 0
    _nbval_teardown(self)
    assert peak <= LARGEST_KERNEL, f"the kernel took {peak / 2**20:.0f} MiB"


nbval.plugin.setup_coverage = nbval.plugin.teardown_coverage = lambda *_: None
IPyNbCell.runtest = runtest
IPyNbCell.compare_outputs = compare_outputs
IPyNbFile.teardown = teardown
