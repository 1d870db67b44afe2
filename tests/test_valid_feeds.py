"""The checker of feeds finds nothing in a valid feed, and something in each that breaks one rule."""

import json

import pytest

from tests.valid_feeds import complaints

pytestmark = pytest.mark.once

HERE = "https://news.example/feeds/"
DAY, MOMENT = "Mon, 05 Jan 2026 08:00:00 +0000", "2026-01-05T08:00:00Z"

RSS = f"""<?xml version='1.0' encoding='utf-8'?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>News</title><link>https://news.example/</link><description>Of the day</description>
<language>en-gb</language><lastBuildDate>{DAY}</lastBuildDate>
<atom:link href="{HERE}rss/" rel="self" type="application/rss+xml"/>
<item><title>One &#x3C; two</title><link>https://news.example/a/</link>
<guid isPermaLink="false">https://news.example/1</guid><pubDate>{DAY}</pubDate>
<atom:updated>{MOMENT}</atom:updated><dc:creator>Ada</dc:creator><category>Chips</category>
<description>AT&#x26;amp;T</description><content:encoded>&#x3C;p>Text&#x3C;/p></content:encoded>
<comments>https://news.example/a/#discussion</comments>
<enclosure url="https://news.example/p.png" type="image/png" length="0"/>
<media:content url="https://news.example/p.png" type="image/png" medium="image">
<media:description type="plain">A rack</media:description><media:credit>Ben</media:credit></media:content>
</item><item><title>Two</title><link>https://news.example/b/</link>
<guid isPermaLink="false">https://news.example/2</guid><pubDate>{DAY}</pubDate>
<description>Words</description></item></channel></rss>"""

ATOM = f"""<?xml version='1.0' encoding='utf-8'?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-gb"><id>{HERE}atom/</id>
<title type="html">News</title><updated>{MOMENT}</updated>
<link rel="self" type="application/atom+xml" href="{HERE}atom/"/>
<link rel="alternate" type="text/html" href="https://news.example/"/>
<author><name>News</name><uri>https://news.example/</uri></author>
<entry><id>https://news.example/1</id><title type="html">One</title><published>{MOMENT}</published>
<updated>{MOMENT}</updated><link rel="alternate" type="text/html" href="https://news.example/a/"/>
<category term="Chips"/><link rel="enclosure" type="image/png" href="https://news.example/p.png"/>
<summary type="html">AT&amp;amp;T</summary><content type="html">&lt;p>Text&lt;/p></content></entry>
<entry><id>https://news.example/2</id><title type="html">Two</title><published>{MOMENT}</published>
<updated>{MOMENT[:-1]}.002Z</updated><link rel="alternate" type="text/html" href="https://news.example/b/"/>
<content type="html">Words</content></entry></feed>"""

JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "News",
        "description": "Of the day",
        "home_page_url": "https://news.example/",
        "feed_url": f"{HERE}json/",
        "language": "en-gb",
        "items": [
            {
                "id": "https://news.example/1",
                "url": "https://news.example/a/",
                "title": "One",
                "content_html": "<p>Text</p>",
                "date_published": MOMENT,
                "date_modified": MOMENT,
                "authors": [{"name": "Ada", "url": "https://news.example/ada/"}],
                "tags": ["Chips"],
            }
        ],
        "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
    }
)
FEEDS = {
    "rss": (RSS, "application/rss+xml; charset=utf-8"),
    "atom": (ATOM, "application/atom+xml; charset=utf-8"),
    "json": (JSON, "application/feed+json"),
}


def found(form: str, old: str = "", new: str = "") -> str:
    """What the checker says of the valid feed of this form with one thing in it changed."""
    text, content_type = FEEDS[form]
    assert old in text
    return "\n".join(complaints(text.replace(old, new, 1).encode(), content_type, f"{HERE}{form}/"))


@pytest.mark.parametrize("form", FEEDS)
def test_a_valid_feed_is_found_valid(form):
    assert found(form) == ""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<language>en-gb</language>", "", "<language> is there 0 times"),
        ("</language>", "</language><language>en</language>", "<language> is there 2 times"),
        ("en-gb", "English", "'English' is not as"),
        ("<title>Two</title>", "<title> </title>", "is blank"),
        ("<title>Two</title>", "<title>&#x3C;b>Two&#x3C;/b></title>", "holds HTML: </b>"),
        ("<title>Two</title>", "<title><b>Two</b></title>", "<b> has no place"),
        ("One &#x3C;", "One &lt;", "hexadecimal"),
        ("<dc:creator>Ada", "<dc:creator>&#x3C;ada@news.example>", "e-mail"),
        ("<dc:creator>", "<author>Ada</author><dc:creator>", "<author> has no place"),
        ("AT&#x26;amp;T", "AT&#x26;T", "loose sign: '&T'"),
        ("AT&#x26;amp;T", "&#x26;amb;", "no &amb;"),
        (">Text", ">&#x3C;script>alert()&#x3C;/script>", "<script> is not safe"),
        (">Text", ">&#x3C;iframe src='https://a.example/'>&#x3C;/iframe>", "<iframe> is not safe"),
        (">Text", ">&#x3C;em onclick='a()'>Text&#x3C;/em>", "<em onclick> is not safe"),
        (">Text", ">&#x3C;em style='color: red'>Text&#x3C;/em>", "<em style> is not safe"),
        (">Text", ">&#x3C;em aria-label='a'>Text&#x3C;/em>", "<em aria-label> is not safe"),
        (">Text", ">&#x3C;a href='/glossary/'>Text&#x3C;/a>", "'/glossary/'> is no whole address"),
        (">Text", ">&#x3C;img src='p.png' alt=''>", "'p.png'> is no whole address"),
        (">Text", ">&#x3C;img src='https://a.example/p.png'>", "lacks"),
        (">Text", ">&#x3C;em id='a' id='b'>Text&#x3C;/em>", "'id' is there 2 times"),
        (">Text", ">&#x3C;em>Text", "</p> closes nothing"),
        (">Text", ">&#x3C;ul>&#x3C;/ul>Text", "<ul> stands in <p>"),
        (">Text", ">&#x3C;li>Text&#x3C;/li>", "<li> stands in ['p']"),
        ("news.example/2", "news.example/1", "guid 'https://news.example/1' is there 2 times"),
        ('isPermaLink="false"', "", "has attributes []"),
        ("<link>https://news.example/b/", "<link>/b/", "'/b/' is no whole address"),
        ("<link>https://news.example/b/", "<link>https://news.example/ü/", "is no whole address"),
        ("<link>https://news.example/b/", "<link>https://news.example:443/b/", "shorter form"),
        (f"{HERE}rss/", "https://news.example/rss/", "and stands at"),
        ('rel="self"', 'rel="myself"', "'myself' is not as"),
        (f"<pubDate>{DAY}", "<pubDate>Tue, 01 Jan 2999 08:00:00 +0000", "is not plausible"),
        (f"<pubDate>{DAY}", f"<pubDate>Tue{DAY[3:]}", "another day of the week"),
        (f"<pubDate>{DAY}", f"<pubDate>{MOMENT}", "no RFC 822 date"),
        (f"{DAY}</lastBuildDate>", f"{DAY[:-5]}+0545</lastBuildDate>", "no RFC 822 date"),
        (f"<atom:updated>{MOMENT}", f"<atom:updated>{DAY}", "no RFC 3339 date"),
        ("<description>AT&#x26;amp;T</description>", "", "<description> is there 0 times"),
        ("<description>Words", "<content:encoded>a</content:encoded><description>Words", "come before"),
        ("</channel>", "<link>https://news.example/</link></channel>", "<link> comes after <item>"),
        ('length="0"', 'length="-1"', "'-1' is not as"),
        ('length="0"', "", "has attributes ['type', 'url']"),
        ('type="image/png" length', 'type="png" length', "'png' is not as"),
        ('medium="image"', 'medium="picture"', "'picture' is not as"),
        ("xmlns:media", "xmlns:m", "not well-formed"),
        ("http://search.yahoo.com/mrss/", "http://search.yahoo.com/mrss", "xmlns:media is"),
        ('version="2.0"', 'version="0.91"', "begins with rss"),
        ("encoding='utf-8'", "encoding='latin-1'", "declaration"),
        ("Words", "\x0b", "not well-formed"),
        ("Words", "\x85", "U+0085 is no character"),
        ("Words", "\ufdd0", "U+FDD0 is no character"),
        ("Words", "<em>Words", "not well-formed"),
        ("Words", "Words " * 1_000_000, "bytes are too many"),
        ("</channel>", "stray</channel>", "holds 'stray'"),
    ],
)
def test_one_broken_rule_of_rss_is_found(old, new, said):
    assert said in found("rss", old, new)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (f"<id>{HERE}atom/</id>", "", "id> is there 0 times"),
        ("<id>https://news.example/2", "<id>https://news.example/1", "id 'https://news.example/1'"),
        ("<id>https://news.example/2", f"<id>{HERE}atom/", "is there 2 times"),
        ("<id>https://news.example/2", "<id>https://News.example/2", "is no whole address"),
        ("<id>https://news.example/2", "<id> https://news.example/2", "is no whole address"),
        (".002Z", "Z", "is there 2 times"),
        (f"<published>{MOMENT}", "<published>2999-01-01T00:00:00Z", "not plausible"),
        (
            f"<updated>{MOMENT}</updated><link rel",
            "<updated>2001-01-01T00:00:00Z</updated><link rel",
            "before",
        ),
        ('type="html">One', ">One", "has attributes []"),
        ("AT&amp;amp;T", "AT&amp;T", "loose sign"),
        ('term="Chips"', 'label="Chips"', "has attributes ['label']"),
        ("<name>News</name>", "", "name> is there 0 times"),
        ("<name>News", "<name>S&amp;P500", "holds HTML: &P500"),
        ("<author><name>News</name><uri>https://news.example/</uri></author>", "", "has an author"),
        (f'<link rel="self" type="application/atom+xml" href="{HERE}atom/"/>', "", "calls itself []"),
        ('rel="self" type="application/atom+xml"', 'rel="self" type="text/html"', "'text/html' is not as"),
        ("<author>", '<link rel="alternate" type="text/html" href="https://a.b/"/><author>', "is there 2"),
        ("</feed>", "<updated>2026-01-01T00:00:00Z</updated></feed>", "comes after"),
        (' xml:lang="en-gb"', "", "has attributes []"),
        ('xmlns="http://www.w3.org/2005/Atom"', 'xmlns="http://purl.org/atom/ns#"', "begins with"),
        ('<content type="html">Words', '<content type="html">&lt;object>', "<object> is not safe"),
    ],
)
def test_one_broken_rule_of_atom_is_found(old, new, said):
    assert said in found("atom", old, new)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"version": "https://jsonfeed.org/version/1.1", ', "", "version is missing"),
        ("version/1.1", "version/2", "is not as"),
        ('{"version"', '{"expired": false, "version"', "does not begin with its version"),
        ('"items"', '"entries"', "items is missing"),
        ('"id": "https://news.example/1"', '"id": 1', "1 is no text"),
        ('"content_html": "<p>Text</p>", ', "", "content_html is missing"),
        ("<p>Text", "<p><a href='/a/'>Text</a>", "is no whole address"),
        (MOMENT, DAY, "no RFC 3339 date"),
        (f'"date_modified": "{MOMENT}"', '"date_modified": "2001-01-01T00:00:00Z"', "before it was"),
        ('[{"name": "Ada", "url"', '[{"url"', "name is missing"),
        ('"authors"', '"author"', "author is not known"),
        ('["Chips"]', '"Chips"', "'Chips' is no list"),
        ('["Chips"]', "[null]", "None is no text"),
        ('"en-gb"', '"English"', "'English' is not as"),
        (f"{HERE}json/", HERE, "and stands at"),
        ('"title": "News"', '"title": ""', "is blank"),
        ('"title": "News"', '"title": "News", "title": "Olds"', "there twice"),
        ('"title": "News"', '"title": "\\u0085News"', "U+0085 is no character"),
        ("]}", "", "not well-formed"),
    ],
)
def test_one_broken_rule_of_json_feed_is_found(old, new, said):
    assert said in found("json", old, new)


@pytest.mark.parametrize("content_type", ["text/html", "application/json", "application/xml; charset=utf-8"])
def test_another_content_type_is_found(content_type):
    assert complaints(RSS.encode(), content_type, f"{HERE}rss/") == [f"{content_type} is no feed's type"]


def test_another_encoding_is_found():
    address, kind = f"{HERE}rss/", "application/rss+xml"
    assert complaints(RSS.encode(), f"{kind}; charset=latin-1", address) == ["charset latin-1"]
    for body in (b"\xff" + RSS.encode(), RSS.encode("utf-16")):
        assert "not well-formed" in complaints(body, kind, address)[0]
    marked = b"\xef\xbb\xbf" + JSON.encode()
    assert "not well-formed" in complaints(marked, "application/feed+json", f"{HERE}json/")[0]
