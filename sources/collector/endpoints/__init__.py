"""The endpoints of the collector, one file each; `sources.collector.routes` lists their paths."""
