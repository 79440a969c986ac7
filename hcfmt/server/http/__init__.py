"""HTTP: requests, responses, and what happens between them."""
