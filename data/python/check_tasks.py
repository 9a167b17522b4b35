"""Proves that ./attractor writes the trials of the field's tasks as they are described, with a generator of its own in NumPy.

    python3 -m venv venv && venv/bin/pip install numpy
    venv/bin/python data/python/check_tasks.py [FOLDER]

For each task, ./attractor tasks NAME --out writes 400 trials without noise. What is drawn at random in a trial, such as its
shift or its coherence, is not known here. So each trial must be one of all trials that its type allows, or, where the stimulus
itself is random, its target must follow from its input. The exit code is 1 if any trial differs by more than 1e-12.
Written from the descriptions, not from the Java code. In FOLDER the trials lie already, as NAME.npz.
"""

import itertools
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
ATTRACTOR = os.environ.get("ATTRACTOR", str(ROOT / "attractor"))
TRIALS = 400


def written(name, *options):
    if len(sys.argv) > 1:
        with np.load(Path(sys.argv[1]) / f"{name}.npz") as z:
            return {key: z[key] for key in z}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "trials.npz"
        words = [ATTRACTOR, "tasks", name, "--samples", str(TRIALS), "--noise", "0", *options, "--out", str(out)]
        run = subprocess.run(words, capture_output=True, text=True)
        if run.returncode:
            sys.exit(f"{' '.join(words)}\n{run.stderr}")
        with np.load(out) as z:
            return {key: z[key] for key in z}


def hann(values, length=10):
    """Smooths a pulse within itself by a Hann window of unit sum."""
    window = np.hanning(length)
    return np.convolve(values, window / window.sum(), "same")


class Trial:
    """A trial of T steps of 1 ms."""

    def __init__(self, steps, inputs, outputs, masked=False):
        self.x = np.zeros((steps, inputs))
        self.y = np.zeros((steps, outputs))
        self.mask = np.zeros((steps, outputs)) if masked else np.ones((steps, outputs))

    def pulse(self, channel, start, length, height=1.0):
        self.x[start : start + length, channel] += height
        return self

    def choose(self, right, start):
        self.y[start:, right] = 1
        self.mask[start:] = 1
        return self


def perceptual_decision(kind):
    for c in (0.032, 0.064, 0.128, 0.256, 0.512):
        side = ["left", "right"].index(kind)
        t = Trial(200, 2, 2, True).pulse(side, 30, 100, (1 + c) / 2).pulse(1 - side, 30, 100, (1 - c) / 2)
        yield t.choose(side, 150)


def context_decision(kind):
    context, side = kind.split("-")
    counts = ["motion", "colour"].index(context)
    sign = {"left": -1, "right": 1}[side]
    levels = (0.05, 0.1, 0.2, 0.4)
    for c, other, other_sign in itertools.product(levels, levels, (-1, 1)):
        t = Trial(200, 4, 2, True).pulse(counts, 30, 100, sign * c).pulse(1 - counts, 30, 100, other_sign * other)
        yield t.pulse(2 + counts, 0, 200).choose(int(sign > 0), 150)


def multisensory_decision(kind):
    sense, side = kind.split("-")
    sign = {"left": -1, "right": 1}[side]
    for c in (0.05, 0.1, 0.2):
        t = Trial(200, 2, 2, True).choose(int(sign > 0), 150)
        for channel, name in enumerate(("visual", "auditory")):
            if sense in (name, "both"):
                t.pulse(channel, 30, 100, sign * c)
        yield t


def match_to_sample(kind):
    sample, test = ("AB".index(letter) for letter in kind)
    yield Trial(200, 2, 2, True).pulse(sample, 30, 20).pulse(test, 100, 20).choose(int(sample != test), 140)


def parametric_memory(kind):
    levels = (0.2, 0.6, 1.0, 1.4, 1.8)
    for low, high in zip(levels, levels[1:]):
        f1, f2 = (high, low) if kind == "f1>f2" else (low, high)
        yield Trial(200, 1, 2, True).pulse(0, 30, 20, f1).pulse(0, 100, 20, f2).choose(int(f1 < f2), 140)


def go_no_go(kind):
    which = ["go", "no-go"].index(kind)
    yield Trial(150, 2, 2, True).pulse(which, 30, 20).choose(which, 100)


def anti_response(kind):
    angle = np.deg2rad(float(kind))
    t = Trial(200, 3, 4, True).pulse(0, 30, 20, np.cos(angle)).pulse(1, 30, 20, np.sin(angle)).pulse(2, 0, 120)
    yield t.choose((int(kind) // 90 + 2) % 4, 120)


def ready_set_go(kind):
    interval = int(kind)
    t = Trial(300, 2, 1).pulse(0, 20, 10).pulse(1, 20 + interval, 10)
    t.y[20 + 2 * interval :] = 1
    yield t


def context_gate(kind):
    gate, pair = kind.split("-")
    a, b = (digit == "1" for digit in pair)
    t = Trial(200, 3, 1).pulse(0, 60, 20, a).pulse(1, 60, 20, b)
    t.pulse(2, 20, 20, {"or": -1, "xor": 0, "and": 1}[gate])
    t.y[100:] = {"or": a or b, "xor": a != b, "and": a and b}[gate]
    yield t


def sine_generator(kind):
    k = ["10", "15", "20", "25", "30"].index(kind)
    t = Trial(250, 1, 1).pulse(0, 20, 230, (k + 1) / 5)
    t.y[20:, 0] = np.sin(2 * np.pi * float(kind) * np.arange(230) / 1000)
    yield t


def signed_pulse(kind, delay, level):
    for shift in range(-35, 36):
        t = Trial(370, 1, 1)
        if kind != "none":
            sign = 1 if kind[0] == "+" else -1
            height = int(kind[1:] or 1)
            onset = 85 + shift
            t.x[onset : onset + 20, 0] = sign * height * hann(np.ones(20))
            t.y[onset + 20 + delay(height) :] = sign * level(height)
        yield t


def sign(kind):
    return signed_pulse(kind, lambda height: 50, lambda height: 1)


def amplitude(kind):
    return signed_pulse(kind, lambda height: 50, lambda height: height / 4)


def latency(kind):
    return signed_pulse(kind, lambda height: 25 * height, lambda height: 1)


def interval_production(kind):
    for shift in range(-35, 36):
        t = Trial(580, 1, 1)
        if kind != "none":
            direction = 1 if kind[0] == "+" else -1
            interval = int(kind[1:])
            first = 85 + shift
            second = first + 20 + interval
            for onset in (first, second):
                t.x[onset : onset + 20, 0] = direction * hann(np.ones(20))
            t.y[second + 20 + interval :] = direction
        yield t


def interval_comparison(kind):
    gaps = [25 if word == "short" else 50 for word in kind.split("-")]
    for shift in range(-35, 36):
        t = Trial(440, 1, 1)
        onset = 85 + shift
        for pair, gap in enumerate(gaps):
            for _ in range(2):
                t.x[onset : onset + 10, 0] = hann(np.ones(10))
                onset += 10 + gap
            onset += 100 - gap
        t.y[onset - 100 + 20 :] = 1 if gaps[0] < gaps[1] else -1
        yield t


# Tasks with a random stimulus: the target and its weights follow from the inputs.


def n_bit_flipflop(x, kind):
    y = np.zeros_like(x)
    for channel in range(3):
        due = 0.0
        for t in range(len(x)):
            if t >= 6 and x[t - 6, channel] != 0 and x[t - 5, channel] != x[t - 6, channel]:
                due = x[t - 6, channel]  # a pulse has ended 5 ms ago
            y[t, channel] = due
    assert kind == "".join("+" if v > 0 else "-" for v in y[-1])
    # Every pulse lasts 10 steps within its slot of 30; six in all.
    slots = np.abs(x[10:190]).reshape(6, 30, 3).sum((1, 2))
    assert (slots == 10).all() and np.abs(x).sum() == 60
    return y, np.ones_like(y)


def integration(window, stimulus, delay, onset, jitter, cued=False):
    def follow(x, kind):
        steps = np.flatnonzero(x[:, 0])
        first, last = steps[0], steps[-1]
        assert onset - jitter <= first <= onset + jitter and last - first < stimulus
        y = np.zeros((len(x), 1))
        cue = np.flatnonzero(x[:, 1]) if cued else np.array([0])
        if len(cue):
            y[first + window + delay :] = np.sign(x[first : first + window, 0].sum())
        if cued and len(cue):
            assert (cue == np.arange(first - 20, first - 10)).all() and (x[cue, 1] == 1).all()
        assert {1: "+", -1: "-", 0: "none"}[int(y[-1, 0])] == kind
        return y, np.ones_like(y)

    return follow


def rules(x, kind):
    steps = len(x)
    y = np.zeros((steps, 5))
    shown = x[:, 1:5], x[:, 5:9]
    both = shown[0] + shown[1]
    at_once = kind.startswith("rt-")
    go = 75 if at_once else 100
    assert (x[:, 0] == (np.arange(steps) < (steps if at_once else go))).all()
    first, second = both[30], both[80]
    bare = kind.removeprefix("rt-").removeprefix("delay-")
    if bare in ("go", "anti"):
        seen = np.argmax(second if at_once else first)
        answer = 1 + (seen if bare == "go" else (seen + 2) % 4)
    elif bare.endswith("match"):
        sample, test = np.argmax(first), np.argmax(second)
        same = sample // 2 == test // 2 if bare.startswith("category") else sample == test
        answer = 1 + test if same != ("non-match" in bare) else 0
    else:
        counts = both if bare == "multisensory" else shown[int(bare[-1]) - 1]
        strength = counts[30] + counts[80] if kind.startswith("delay-") else counts[30]
        answer = 1 + np.argmax(strength)
    y[:go, 0] = 1
    y[go:, answer] = 1
    mask = np.ones_like(y)
    mask[go : go + 5] = 0
    mask[go + 5 :] = 5
    return y, mask


POSSIBLE = [
    perceptual_decision,
    context_decision,
    multisensory_decision,
    match_to_sample,
    parametric_memory,
    go_no_go,
    anti_response,
    ready_set_go,
    context_gate,
    sine_generator,
    sign,
    amplitude,
    latency,
    interval_production,
    interval_comparison,
]
FOLLOWING = {
    "n-bit-flipflop": n_bit_flipflop,
    "windowed-integration": integration(200, 200, 20, 50, 0),
    "continuing-integration": integration(50, 200, 60, 125, 75),
    "cued-integration": integration(20, 140, 30, 125, 75, cued=True),
    "rules": rules,
}
ALL_RULES = [
    "go", "rt-go", "delay-go", "anti", "rt-anti", "delay-anti", "decision-1", "decision-2", "context-1", "context-2",
    "multisensory", "delay-decision-1", "delay-decision-2", "delay-context-1", "delay-context-2", "delay-multisensory",
    "match", "non-match", "category-match", "category-non-match",
]  # fmt: skip


def report(name, worst, remark):
    print(f"{name:24s} {TRIALS} trials, largest difference {worst:.1e}{remark}")
    return worst > 1e-12


def check_possible(generator):
    name = generator.__name__.replace("_", "-")
    quiet = ["--option", "stimulusNoiseSd=0"] if name.endswith("decision") else []
    trials = written(name, *quiet)
    masks = trials.get("mask", np.ones_like(trials["y"]))
    worst = 0.0
    seen = set()
    possible = {kind: list(generator(kind)) for kind in trials["types"]}
    for x, y, mask, kind in zip(trials["x"], trials["y"], masks, trials["types"][trials["type"]]):
        differences = [
            max(np.abs(p.x - x).max(), np.abs(p.y - y).max(), np.abs(p.mask - mask).max()) for p in possible[kind]
        ]
        nearest = int(np.argmin(differences))
        seen.add((kind, nearest))
        worst = max(worst, differences[nearest])
    return report(name, worst, f", {len(seen)} of {sum(map(len, possible.values()))} possible trials")


def check_following(name):
    options = ["--rules", ",".join(ALL_RULES)] if name == "rules" else []
    trials = written(name, *options)
    masks = trials.get("mask", np.ones_like(trials["y"]))
    worst = 0.0
    for x, y, mask, kind in zip(trials["x"], trials["y"], masks, trials["types"][trials["type"]]):
        expected, weights = FOLLOWING[name](x, str(kind))
        worst = max(worst, np.abs(expected - y).max(), np.abs(weights - mask).max())
    return report(name, worst, "")


failures = sum([check_possible(generator) for generator in POSSIBLE] + [check_following(name) for name in FOLLOWING])
print("all the same" if not failures else f"{failures} tasks DIFFER")
sys.exit(1 if failures else 0)
