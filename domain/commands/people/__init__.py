"""People: who is known, who holds which role, who stands in for whom, who is away."""
