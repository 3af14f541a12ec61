"""VideoRequest and Frame, and the parsing of arguments and fields."""
