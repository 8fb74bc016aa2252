require "link16"
