require "link08"
