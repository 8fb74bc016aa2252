error("nothing here asks for a configuration")
