require "link04"
