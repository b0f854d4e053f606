"""How to arrive at PostgreSQL: the embedded server, its user, and the logins of the roles."""
