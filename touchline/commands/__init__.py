"""The commands of `touchline`, by what one wants: run it, bring touches in, ask, repair."""
