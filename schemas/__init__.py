"""What a touch, a profile and a fact are. Imports nothing of ours."""
