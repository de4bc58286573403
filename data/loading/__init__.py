"""From one raw file to typed rows in the lake, in a process with little memory, with an account of every row."""
