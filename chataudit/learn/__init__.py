"""Risk of conversations: by signs without training, by a model trained on a shop's own judged conversations; topics.

The one package that imports scikit-learn, and only where it is used: it costs over a second.
"""
