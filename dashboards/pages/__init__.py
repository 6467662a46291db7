"""The pages: HTML rendered by the server, with small ES modules for what moves.

`page.py` describes a page, and one module a page has its router; `PAGES` in `site.py` lists them in the order of the
navigation. A new page also needs a key of its own and a row in docs/guides/pages.md.
`render.py` makes the response from a template of `templates`, `frame.py` has what every page shows around its content,
`view.py` reads the state of a page from its address, and `format.py` writes numbers and times. `static_files.py` serves
`static`: style sheets, ES modules and icons, without a build step. Pages use the answers that the endpoints of
`dashboards.api` use, and show them to a viewer by the same rules.
"""
