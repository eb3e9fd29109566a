"""What a form of today said → project and submission."""
