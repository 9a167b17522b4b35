#!/bin/sh
# A study as an array job. Build first (./attractor --version), then, from the same folder:
#
#     array=$(sbatch --parsable examples/slurm/study.sh success --out studies/success)
#     sbatch --dependency="afterany:$array" examples/slurm/report.sh studies/success
#
# Any number of tasks may run, end, or be killed, and the array may be submitted again at any time, even while it runs. Every task takes
# whatever run is left; a run that was begun goes on where it was saved; the results are those of one process.
#SBATCH --job-name=attractor
#SBATCH --array=1-10
#SBATCH --cpus-per-task=4
#SBATCH --mem-per-cpu=1G
#SBATCH --time=24:00:00
#SBATCH --signal=TERM@60
#SBATCH --requeue
#SBATCH --open-mode=append

# The jobs run what was built before.
export ATTRACTOR_BUILD=never
# Three quarters of the job's memory for the heap; the rest is for the JVM itself.
memory=${SLURM_MEM_PER_NODE:-$((${SLURM_MEM_PER_CPU:-1024} * ${SLURM_CPUS_PER_TASK:-1}))}
export ATTRACTOR_JAVA_OPTS="-Xmx$((memory * 3 / 4))m ${ATTRACTOR_JAVA_OPTS:-}"

# As a job step, so that the signal before the time limit reaches it. It then saves, within an epoch too, and exits with 143.
srun ./attractor study "$@" --workers "${SLURM_CPUS_PER_TASK:-1}"
code=$?
if [ "$code" -eq 143 ]; then
  scontrol requeue "${SLURM_ARRAY_JOB_ID:+${SLURM_ARRAY_JOB_ID}_}${SLURM_ARRAY_TASK_ID:-$SLURM_JOB_ID}"
fi
exit "$code"
