"""Which version of the program this is, for the command line, the contract, the figures and the wheel."""

VERSION = "0.1.0"
