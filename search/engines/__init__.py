"""The search engines behind one interface: PostgreSQL always, Elasticsearch beside it when it is configured."""
