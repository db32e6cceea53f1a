"""What a workspace asks in its own words: copies of the packaged instruments, in versions that freeze."""
