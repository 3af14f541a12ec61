"""What is published: sdist and wheel, and the wheel in an environment that has no checkout."""
