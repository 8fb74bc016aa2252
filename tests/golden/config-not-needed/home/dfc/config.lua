error("nor for this one")
