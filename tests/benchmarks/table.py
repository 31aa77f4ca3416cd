"""Measure the engine against other ways, and write the dated table of ratios: `python -m tests.benchmarks.table`.

Every way runs in turn, several times over, one thread each, and its fastest run counts: ratios of one run of this
command on one machine. Seconds are not written down. The table of the README is renewed with it.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import os
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.ways import KINDS, SHOCKS, Case, Compiled, engine, mesa_model, mesa_run, numpy_rounds

ROOT = Path(__file__).resolve().parents[2]
TABLE, README = ROOT / "cascadelab" / "data" / "engine_benchmark.csv", ROOT / "README.md"
BEGIN, END = "<!-- engine_benchmark -->\n", "<!-- end -->\n"
COLUMNS = [
    "series", "book", "accounts", "assets", "shock", "lost", "rounds", "passes", "engine", "prepare", "c_rounds",
    "numpy_rounds", "mesa",
]  # fmt: skip
MESA_ACCOUNTS = 10_000  # agents at most: it takes seconds for each
SCALE = (300_000, 8, "middling")  # the engine's time here is the unit of the column `engine`
GROWTH_N, GROWTH_M = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000), (1, 2, 4, 8, 16, 32)
SIZES = ((1_000_000, 8), (300_000, 8), (1_000_000, 3))


def plan(smaller):
    """Rows to measure: (series, kind of book, accounts, assets, shock), those of one book after each other."""
    rows = [("shock", "even", n, m, shock) for n, m in SIZES for shock in SHOCKS]
    rows += [("accounts", "even", n, 8, "middling") for n in GROWTH_N]
    rows += [("assets", "even", 300_000, m, "middling") for m in GROWTH_M]
    rows += [("book", kind, 300_000, 8, shock) for kind in KINDS[1:] for shock in ("middling", "one asset", "ruin")]
    return [(series, kind, max(n // smaller, 1_000), m, shock) for series, kind, n, m, shock in rows]


def measure(case, shocked, slope, compiled, repeats):
    """Shortest time of each way, in seconds, and the count on which all agree."""
    ways = {"engine": engine, "numpy_rounds": numpy_rounds} | ({"c_rounds": compiled} if compiled else {})
    if len(case.book) <= MESA_ACCOUNTS:
        ways["mesa"] = None
    shortest = dict.fromkeys(ways, float("inf"))
    for turn in range(repeats + 1):
        counts = set()
        for name, way in ways.items():
            if name == "mesa" and turn > 2:
                continue
            model = mesa_model(case, shocked, slope) if name == "mesa" else None
            begun = time.perf_counter()
            count, _ = mesa_run(model) if model else way(case, shocked, slope)
            spent = time.perf_counter() - begun
            counts.add(count)
            if turn:  # the first only warms up
                shortest[name] = min(shortest[name], spent)
        if len(counts) != 1:
            raise SystemExit(f"the ways disagree about who is lost: {counts}")
    return shortest


def measured(rows, compiled, repeats):
    """Rows of the table, as numbers; `engine` still in seconds."""
    from cascadelab.impact import Linear

    case, made, prepare = None, None, 0.0
    for series, kind, accounts, assets, shock in rows:
        if made != (accounts, assets, kind):
            case, made = Case(accounts, assets, kind), (accounts, assets, kind)
            begun = time.perf_counter()
            case.solver.run(case.price * 0.999, Linear(0.0))  # prepares all that is prepared once
            prepare = time.perf_counter() - begun
        shocked, slope = case.shock(shock)
        seconds = measure(case, shocked, slope, compiled, repeats)
        end = case.solver.run(shocked, Linear(slope))
        rounds = case.solver.run(shocked, Linear(slope), schedule="rounds").rounds
        own = seconds.pop("engine")
        row = {
            "series": series, "book": kind, "accounts": accounts, "assets": assets, "shock": shock,
            "lost": end.liquidated.mean(), "rounds": rounds, "passes": end.passes, "engine": own,
            "prepare": prepare / own, **{name: spent / own for name, spent in seconds.items()},
        }  # fmt: skip
        print(", ".join(f"{k} {v:.3g}" if isinstance(v, float) else str(v) for k, v in row.items()), file=sys.stderr)
        yield row


def written(row):
    """Cells of a row: counts in full, measured numbers to three digits, empty where a way was not run."""
    cells = []
    for column in COLUMNS:
        value = row.get(column, "")
        cells.append(f"{value:.3g}" if isinstance(value, float) else str(value))
    return cells


def readme_table(rows):
    """The part for the README, from the rows of the table as they are stored."""
    lines = [
        "| accounts × assets | shock | accounts lost | rounds | read passes of the engine | C rounds | numpy rounds |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        if row["series"] == "shock":
            size = f"{int(row['accounts']):,} × {row['assets']}"
            lost, c = f"{100 * float(row['lost']):.1f} %", row["c_rounds"] or "–"
            told = (size, row["shock"], lost, row["rounds"], row["passes"], c, row["numpy_rounds"])
            lines.append("| " + " | ".join(told) + " |")
    return "\n".join(lines) + "\n"


def stored_rows():
    """Rows of the stored table, as text."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def stored_date():
    return TABLE.read_text(encoding="utf-8").splitlines()[0].removeprefix("# date: ")


def readme_part():
    """What stands in the README between its two marks."""
    return f"Measured on {stored_date()}:\n\n" + readme_table(stored_rows())


def renew_readme():
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    README.write_text(before + BEGIN + readme_part() + END + rest.split(END)[1], encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5, help="times that each way is run")
    parser.add_argument("--smaller", type=int, default=1, help="divide all books by this, and write nothing")
    parser.add_argument("--only", default="", help="one series, and write nothing")
    options = parser.parse_args()
    rows = [row for row in plan(options.smaller) if options.only in row[0]]
    with tempfile.TemporaryDirectory() as folder:
        compiled = Compiled(Path(folder)) if Compiled.is_possible() else None
        found = list(measured(rows, compiled, options.repeats))
    if options.smaller > 1 or options.only:
        return
    (unit,) = (
        row["engine"] for row in found
        if (row["series"], row["accounts"], row["assets"], row["shock"]) == ("shock", *SCALE)
    )  # fmt: skip
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        file.write(f"# date: {datetime.datetime.now(datetime.UTC).date()}\n")
        file.write(
            "# source: measured by python -m tests.benchmarks.table on two cores, one thread each\n# licence: A\n"
        )
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(written(row | {"engine": row["engine"] / unit}) for row in found)
    renew_readme()


if __name__ == "__main__":
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":  # numpy reads it when it is imported
        command = [sys.executable, "-m", "tests.benchmarks.table", *sys.argv[1:]]
        os.execve(sys.executable, command, os.environ | {"OPENBLAS_NUM_THREADS": "1"})
    main()
