def pytest_terminal_summary(terminalreporter):
    "Says loudly that the pages were not looked at in a browser."
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if "Chromium" in str(report.longrepr)]
    if skipped:
        terminalreporter.write_sep("!", "Chromium was not found", red=True, bold=True)
        terminalreporter.write_line(f"{len(skipped)} browser checks did NOT run: install Chromium (Debian: apt install chromium).")
