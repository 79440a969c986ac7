"""The page to read an archive in: the JSON documents it is made of, its files, its search, its findings."""
