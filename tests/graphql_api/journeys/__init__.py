"""What people do through the API, from beginning to end."""
