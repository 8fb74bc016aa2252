require "link06"
