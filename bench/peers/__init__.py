"""Our reads and appends beside those of well-known Node servers, on the same rows in the same PostgreSQL."""
