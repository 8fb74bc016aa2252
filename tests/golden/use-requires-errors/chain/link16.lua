require "link17"
