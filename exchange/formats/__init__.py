"""How numbers are written where Django does not know, or writes otherwise than CLDR (common/main/<language>.xml, symbols): see FORMAT_MODULE_PATH."""
