"""What the user sees in a notebook. Imported only when it is shown: `import hailuo_nb` loads none
of it."""
