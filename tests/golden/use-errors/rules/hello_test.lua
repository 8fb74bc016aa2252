error("not loaded")
