"""Programs that measure what we claim, beside the peers that we compare ourselves with."""
