require "link10"
