// Package deploy holds what it takes to fuzz on many machines: an image, a Kubernetes Job with a shard for each of its indices, one that puts the shards together, and a
// script for SLURM. There is nothing in it to call; its test holds the files against each other.
package deploy
