require "link11"
