require "itself"
