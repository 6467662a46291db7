"""What is derived from a touch's own fields: page, referrer, campaign, user agent, country.

Pure except `maxmind`, which opens the country database.
"""
