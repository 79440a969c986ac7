"""The contract: the OpenAPI document and the requests that it describes."""
