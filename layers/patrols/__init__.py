"""What patrols see, and when."""
