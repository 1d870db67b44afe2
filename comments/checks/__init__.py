"""The checks, by subject. Each looks at one thing, a pure function of an Attempt; `pipeline` orders them."""
