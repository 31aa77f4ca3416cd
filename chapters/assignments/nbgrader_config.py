"""nbgrader's settings for these assignments: friendly stubs, and limits for what a submission may take."""

c = get_config()  # noqa: F821  (given by nbgrader)

c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE"}
c.ClearSolutions.text_stub = "YOUR ANSWER HERE"
c.ExecutePreprocessor.timeout = 30
c.LimitOutput.max_lines = 200
c.LimitOutput.max_traceback = 50
c.OverwriteCells.add_missing_cells = True
