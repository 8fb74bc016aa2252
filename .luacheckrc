-- What a rule file may use: the sandbox's own globals (stdlib/README.md), nothing else of Lua.
std = {
  read_globals = {
    "assert", "error", "ipairs", "pairs", "print", "select", "tonumber", "tostring", "type",
    "require", "re",
    string = {
      fields = {
        "byte", "char", "ends", "find", "format", "len", "lines", "lower", "rep", "reverse",
        "split", "starts", "sub", "trim", "upper",
      },
    },
    table = { fields = { "concat", "insert", "remove", "sort", "unpack" } },
    math = {
      fields = {
        "abs", "ceil", "floor", "fmod", "huge", "max", "maxinteger", "min", "mininteger", "modf",
        "tointeger", "type", "ult",
      },
    },
  },
}
max_line_length = 100
max_string_line_length = false -- expected output of tests

-- Inputs of tests, some of them wrong on purpose.
files["tests/golden"] = { max_line_length = false, ignore = { "212" } }
