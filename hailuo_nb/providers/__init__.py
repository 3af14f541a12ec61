"""The providers: one folder each, pure translators between a VideoRequest and an API."""
