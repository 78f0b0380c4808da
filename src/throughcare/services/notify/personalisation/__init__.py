"""What a sender puts into a template's gaps, by the rules of GOV.UK Notify."""
