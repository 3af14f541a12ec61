"""Reads untrusted text, files, images and clips within bounds, and writes files atomically."""
