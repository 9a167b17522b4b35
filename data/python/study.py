"""Reads the results of a study of success and prints the share of networks that pass, by task and initial weights; draws it.

    python3 -m venv venv && venv/bin/pip install pandas matplotlib
    venv/bin/python data/python/study.py data/results/success/results.csv success.png
"""

import sys

import matplotlib
import pandas as pd

matplotlib.use("Agg")

if len(sys.argv) != 3:
    sys.exit("usage: study.py RESULTS.csv FIGURE.png")
results = pd.read_csv(sys.argv[1], dtype={"run": str, "type": str})
# A row is a run and a trial type; a network passes if it does so in every type.
passed = results.groupby(["task", "init", "run"], sort=False)["passed"].all()
rates = passed.groupby(level=["task", "init"], sort=False).agg(["sum", "count", "mean"])
print(rates.to_string())
axes = rates["mean"].unstack("init").plot.bar(ylabel="networks that pass", ylim=(0, 1.05), rot=0, figsize=(7, 3))
axes.figure.tight_layout()
axes.figure.savefig(sys.argv[2], dpi=110)
