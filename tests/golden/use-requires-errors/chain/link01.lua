require "link02"
