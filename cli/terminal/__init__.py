"""What every command of the terminal shares: a run with its services, output, logs, and faults in one line."""
