"""How operations come in and results go out: HTTP, server-sent events, WebSocket."""
