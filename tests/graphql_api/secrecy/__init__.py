"""What the ledger hides is seen nowhere: everything that can be asked, before and after it says something else."""
