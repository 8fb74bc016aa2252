require "link12"
