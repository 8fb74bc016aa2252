require "link05"
