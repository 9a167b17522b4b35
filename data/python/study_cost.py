"""What the stored studies cost: python3 data/python/study_cost.py [MS], MS being a step as `attractor doctor` shows it.

A step of N units, T steps of time and batches of 64 takes 6 * 64 * T * N * (N + 10) operations; each run's steps are in its row
of data/results/*/results.csv. doctor's step has N = 50 and T = 200. Networks that two studies share are counted once, as
--trained does. Measurements are left out. The times on many cores are extrapolated: all work divided by the cores, but at
least the longest run.
"""
import csv
import pathlib
import sys

ms = float(sys.argv[1]) if len(sys.argv) > 1 else 5.3
seen, total, longest = set(), 0.0, 0.0
print("study     networks  trained  core-hours  networks per core-hour")
for name in ["success", "delay", "size", "damage", "shift", "activity", "hold"]:
    runs = {}
    with open(pathlib.Path(__file__).parents[1] / "results" / name / "results.csv", newline="") as file:
        rows = csv.DictReader(file)
        settings = rows.fieldnames[1:rows.fieldnames.index("evaluationTrials")]
        for row in rows:
            runs[row["run"]] = row
    trained = hours = 0
    for row in runs.values():
        key = tuple((setting, row[setting]) for setting in settings)
        if key in seen:
            continue
        seen.add(key)
        trained += 1
        n = int(row["units"])
        times = float(row["durationMs"]) / float(row["dtMs"])
        cost = float(row["steps"] or 0) * times / 200 * n * (n + 10) / (50 * 60) * ms / 3.6e6
        hours += cost
        longest = max(longest, cost)
    total += hours
    rate = f"{trained / hours:23.0f}" if hours else ""
    print(f"{name:9} {len(runs):8} {trained:8} {hours:11.2f} {rate}")
print(f"all                {len(seen):8} {total:11.2f} {len(seen) / total:23.0f}")
print(f"longest: {60 * longest:.1f} min")
for cores in 2, 64, 1000:
    print(f"{cores} cores: {60 * max(total / cores, longest):.0f} min")
