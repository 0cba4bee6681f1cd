"""Number formats (FORMAT_MODULE_PATH) of languages for which Django has none or differs from CLDR (common/main/<language>.xml, symbols)."""
