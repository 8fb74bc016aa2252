require "link14"
