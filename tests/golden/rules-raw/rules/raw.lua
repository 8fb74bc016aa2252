local dfc = require "dfc.v1"

dfc.directive "health" {
  summary = "Instructions as text",
  examples = { "@health 8080" },
  args = { { "port", type = "int", min = 1 } },
  expand = function(_, a)
    return {
      dfc.raw("EXPOSE " .. a.port
        .. "\nHEALTHCHECK --interval=30s \\\n    CMD wget -q http://localhost:" .. a.port),
      dfc.raw [[
# who to ask
LABEL team="platform"
COPY <<EOF /etc/motd
welcome
EOF
USER nobody]],
    }
  end,
}

dfc.directive "version" {
  summary = "An argument and a label",
  examples = { "@version" },
  expand = function() return dfc.raw "ARG VERSION\nLABEL version=$VERSION" end,
}

dfc.directive "who" {
  summary = "Say who the user is",
  examples = { "@who" },
  expand = function(ctx) ctx:note("the user is " .. ctx.user.name .. ", ARG VERSION is "
    .. (ctx.args.VERSION and "declared" or "not declared")) end,
}
