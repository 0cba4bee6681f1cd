"""Where candidates come from: one interface, PostgreSQL always, Elasticsearch beside it when it is configured."""
