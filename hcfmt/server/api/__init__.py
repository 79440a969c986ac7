"""The API's own objects, dates, links, tokens and webhooks."""
