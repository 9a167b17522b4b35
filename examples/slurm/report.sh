#!/bin/sh
# The report of a study, when nobody works on it any more; see study.sh. Exit code 3: runs are left.
#SBATCH --job-name=attractor-report
#SBATCH --mem=2G
#SBATCH --time=24:00:00
export ATTRACTOR_BUILD=never
./attractor study wait "$1" && ./attractor study report "$1" --complete
