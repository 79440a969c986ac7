"""The transport: sockets, TLS, tunnels and slow clients."""
