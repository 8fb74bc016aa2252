require "link03"
