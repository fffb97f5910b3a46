"""The command line: one file per group of verbs; parsing and printing, nothing else."""
