"""Made logs of real talk's statistics, and what an audit of them costs beside the floor and a naive script."""
