require "link13"
