"""Reading CSV files and workbooks row by row."""
