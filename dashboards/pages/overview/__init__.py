"""The first page: is anything happening, and to whom should we turn?

`page.py` asks the questions and has the route. `activity_chart.py` makes the chart of touches over time, `sentence.py`
the sentence at the top, `figures.py` the large figures, and `attention.py` what needs attention: all from answers,
without asking anything themselves.
"""
