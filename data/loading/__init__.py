"""From one raw file to typed rows in the lake, in a sandboxed process, with an account of every row."""
