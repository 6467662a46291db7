"""Grafana's dashboards as code: `python -m deploy.grafana` writes them to `deploy/grafana/dashboards`.

`queries` has the two kinds of queries, `panels` the kinds of panels, and `boards` what each dashboard shows. The JSON
is in the repository, so that Grafana needs no Python; a test fails when it is not that of the code. They are made with
Grafana's Foundation SDK, which is no dependency of Touchline, and neither code nor JSON are in the wheel.

No panel shows an identifier: whoever may look at Grafana sees figures, not people.
"""
