"""What they said, sealed: the ballot box, its one way in and its one way out."""
