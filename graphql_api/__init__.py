"""What clients ask and do: the schema derived from rows and events, queries compiled to SQL, and the server."""
