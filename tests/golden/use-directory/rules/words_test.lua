error("a test is not loaded")
