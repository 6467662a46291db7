"""What happens to touches between the raw topics and the store: the machinery, the agents and the pure core they call.

Faust is known here and nowhere else. `application` makes an app, `lanes` gives a stage its batches one at a time and in
order, `tables` keeps its state, `sender` sends what follows from it, `progress` says how far everything has come;
`transport` and `fetching` are how Faust is made to speak in batches. `fold` is pure and knows none of these.
"""
