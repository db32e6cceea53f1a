"""What survives the machine: everything but answers, who gave them, and keys."""
