"""The service's API over HTTP: OpenAPI 3.1, everything under `/v1`. Its ports' implementations it does not know."""
