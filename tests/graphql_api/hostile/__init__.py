"""What clients send by mistake or on purpose."""
