require "link07"
