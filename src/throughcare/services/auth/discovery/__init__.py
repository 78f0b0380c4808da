"""Where a client or a service finds everything else."""
