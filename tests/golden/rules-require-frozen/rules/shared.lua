return { list = { "a" } }
