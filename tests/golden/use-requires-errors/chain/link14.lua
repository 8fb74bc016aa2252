require "link15"
