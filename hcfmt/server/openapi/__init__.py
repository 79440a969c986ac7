"""The contract: the OpenAPI document, its operations and their parameters."""
