"""Who decides, about what: engagements, their sponsor, groups and roster."""
