"""Webhooks: which addresses are taken, and what is sent to each kind of them."""
