#!/bin/bash
#SBATCH --job-name=conform-fuzz
#SBATCH --array=0-15
#SBATCH --cpus-per-task=1
#SBATCH --mem=2G
#SBATCH --time=01:15:00
# Sixteen shards of a campaign, each with programs of its own: sbatch fuzz/deploy/slurm.sh OUT, where OUT is a folder that all nodes see. conform takes the shard from
# SLURM_ARRAY_TASK_ID and SLURM_ARRAY_TASK_COUNT. Afterwards: conform merge OUT/shard-* --out OUT/merged
set -euo pipefail
out=${1:?the folder for what the shards find}
exec conform fuzz model --for 1h --seed 1 --out "$out/shard-$SLURM_ARRAY_TASK_ID"
