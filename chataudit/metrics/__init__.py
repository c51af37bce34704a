"""What is measured: the agents table, the platforms' metrics as policies, figures by period."""
