"""The command line: bootstrap, run, test and the other verbs. Stands above the website; no table of its own."""
