#!/bin/bash
#SBATCH --job-name=conform-fuzz
#SBATCH --array=0-15
#SBATCH --cpus-per-task=1
#SBATCH --mem=2G
#SBATCH --time=01:15:00
# Sixteen shards of a campaign, each with programs of its own: sbatch fuzz/deploy/slurm.sh OUT, where OUT is a folder that all nodes see. Another number of them, up to that of the
# campaign's lanes, is said twice: sbatch --array=0-7 fuzz/deploy/slurm.sh OUT 8. How many there are is not taken from SLURM, so that a shard that is done again, by
# sbatch --array=3 fuzz/deploy/slurm.sh OUT, is the same shard. Afterwards: conform merge OUT/shard-* --out OUT/merged
set -euo pipefail
out=${1:?the folder for what the shards find}
shards=${2:-16}
exec conform fuzz model --for 1h --seed 1 --shard "$SLURM_ARRAY_TASK_ID/$shards" --out "$out/shard-$SLURM_ARRAY_TASK_ID"
