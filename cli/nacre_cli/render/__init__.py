"""Ways to write a list of reports; each renderer is one function from reports to text."""
