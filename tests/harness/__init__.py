"""One desk for all tests, in parts: its people, in this process, as a daemon of its own, on a simulated clock."""
