"""Files that somebody brings: opened, mapped to fields, checked column by column. No tables are written here."""
