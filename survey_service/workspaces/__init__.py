"""Who sells: workspaces, their members, and how they sign in."""
