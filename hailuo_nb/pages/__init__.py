"""What is shown without a kernel: HTML page, HTML table, contact sheet, snapshot, progress."""
