return { greeting = "hello", farewell = "goodbye" }
