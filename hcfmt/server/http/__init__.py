"""HTTP: the ASGI application, its routes and its middlewares."""
