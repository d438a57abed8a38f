"""What an agent reads, finds and types, without a terminal: the command line and the full screen share it."""
