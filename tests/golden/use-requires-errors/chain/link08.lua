require "link09"
