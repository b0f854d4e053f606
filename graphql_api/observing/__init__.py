"""What operators see of a process: counts, durations, slow operations, spans."""
