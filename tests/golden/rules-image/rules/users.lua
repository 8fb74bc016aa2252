return { app = { uid = 1234, gid = 99, home = "/srv" } }
