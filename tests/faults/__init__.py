"""Trying the post by what goes wrong: `./run faults`."""
