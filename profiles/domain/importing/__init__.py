"""People brought in by the table: reading it (`tables`), understanding its cells (`cells`, `people`), writing it (`writing`), and the uploads."""
