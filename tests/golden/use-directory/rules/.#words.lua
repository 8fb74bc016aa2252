error("an editor's lock is not loaded")
