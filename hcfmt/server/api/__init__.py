"""The API's objects, dates, links, tokens and webhooks."""
