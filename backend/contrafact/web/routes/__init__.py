"""The operations that write, need a signature, or show what was bought; reads of the index are in `web.reads`."""
