"""The distribution's servers, started by tests on free loopback ports, and scripted ones for faults."""
