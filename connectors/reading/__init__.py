"""Reading helpers shared by the sources: values, grids, workbooks, delimited text."""
