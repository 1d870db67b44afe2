"""What machines read: feeds, sitemaps, stories as Markdown, what search engines and other sites are told."""
