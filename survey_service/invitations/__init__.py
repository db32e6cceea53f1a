"""Who was asked: invitations, personal links, reminders."""
