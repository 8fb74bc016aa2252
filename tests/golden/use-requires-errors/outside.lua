require "../other/rules"
