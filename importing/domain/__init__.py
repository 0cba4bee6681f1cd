"""Import of experts from tables: reading (`tables`), parsing cells and rows (`cells`, `people`), writing (`writing`), and `uploads`."""
