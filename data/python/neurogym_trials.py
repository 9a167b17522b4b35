"""Writes trials of a neurogym environment to a file for ./attractor train --data.

    python3 -m venv venv && venv/bin/pip install neurogym torch numpy
    venv/bin/python data/python/neurogym_trials.py GoNogo-v0 train.npz --trials 2000 --seed 0
    venv/bin/python data/python/neurogym_trials.py GoNogo-v0 test.npz --trials 1000 --seed 1
    ./attractor train --data train.npz --held-out 0 --loss cross-entropy --tau 100 --lr 1e-3 --clip-norm 1 --out runs/gonogo
    ./attractor evaluate runs/gonogo --data test.npz

Any environment with trials and a ground truth will do (a neurogym TrialEnv). Observations are the inputs. Where actions are
discrete, targets are one-hot; where they are a Box, targets are its values. Trials of different length are padded and masked.
The response, the period named by --response or else the last one, has weight 5, what is before it weight 1: attractor reads
answers in the response alone. The trials' types are values that the environment tells of a trial, --types, usually
ground_truth. Needs nothing of torch but that neurogym imports it.
"""

import argparse
import json
import warnings

warnings.filterwarnings("ignore")  # of gymnasium, about neurogym's spaces

import gymnasium
import neurogym
import numpy as np


def plain(value):
    """A value of a trial as text, numbers without their type."""
    value = np.asarray(value).tolist()
    return f"{value:g}" if isinstance(value, float) else str(value)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("environment", help="such as PerceptualDecisionMaking-v0")
    parser.add_argument("out", help="file to write, .npz")
    parser.add_argument("--trials", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--dt", type=float, default=20, help="duration of a step, ms")
    parser.add_argument("--response", default="decision", help="period of the response")
    parser.add_argument("--weight", type=float, default=5, help="weight of the response; 1 before it")
    parser.add_argument("--types", default="ground_truth", help="what tells trials apart, separated by commas")
    parser.add_argument("--options", default="{}", help="arguments of the environment, as JSON")
    args = parser.parse_args()

    env = neurogym.make(args.environment, dt=args.dt, **json.loads(args.options)).unwrapped
    env.reset(seed=args.seed)
    discrete = hasattr(env.action_space, "n")
    trials, types = [], []
    for _ in range(args.trials):
        info = env.new_trial()
        truth = np.asarray(env.gt)
        if discrete:
            y = np.eye(int(env.action_space.n))[truth.astype(int)]
        else:
            y = truth.reshape(len(truth), -1).astype(float)
        x = np.asarray(env.ob, dtype=float).reshape(len(truth), -1)
        period = args.response if args.response in env.start_ind else list(env.start_ind)[-1]
        mask = np.ones(len(truth))
        mask[env.start_ind[period] : env.end_ind[period]] = args.weight
        trials.append((x, y, mask))
        known = [f"{plain(info[key])}" for key in args.types.split(",") if key in (info or {})]
        types.append(" ".join(known) if known else f"class {int(truth[-1])}" if discrete else "all")

    steps = max(len(x) for x, _, _ in trials)

    def padded(part):
        shape = (len(trials), steps, *trials[0][part].shape[1:])
        whole = np.zeros(shape)
        for s, trial in enumerate(trials):
            whole[s, : len(trial[part])] = trial[part]
        return whole

    np.savez(args.out, x=padded(0), y=padded(1), mask=padded(2), type=np.array(types), dt_ms=float(args.dt))
    x, y = padded(0), padded(1)
    print(
        f"{args.out}: {args.environment} of neurogym {neurogym.__version__}, gymnasium {gymnasium.__version__}, "
        f"numpy {np.__version__}: x {x.shape}, y {y.shape}, types {', '.join(sorted(set(types)))}"
    )


if __name__ == "__main__":
    main()
