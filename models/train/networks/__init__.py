"""The networks of the embedded model and of its judges, in plain PyTorch."""
