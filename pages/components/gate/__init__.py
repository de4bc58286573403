"""What the process itself accepts from browsers, before any page: addresses, origins, messages, how many at once.

The proxy refuses most of it too; it does not read messages, and a process may be reached without it.
"""
