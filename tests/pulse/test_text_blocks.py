"""The text pipeline, continued: tables, quotations, code and footnotes."""

import pytest

from pulse.text import editorial


def html(source: str) -> str:
    return str(editorial(source).html)


def one_line(source: str) -> str:
    return "".join(html(source).splitlines())


# Tables


def test_table_can_be_scrolled_and_is_aligned_by_class() -> None:
    """A wide table is a region that takes the focus; no style attribute, which our policy forbids."""
    assert one_line("| Stage | Now |\n|:--|--:|\n| *a* | 1 |") == (
        '<div class="table" role="region" tabindex="0" aria-label="Table"><table>'
        '<thead><tr><th>Stage</th><th class="align-right">Now</th></tr></thead>'
        '<tbody><tr><td><em>a</em></td><td class="align-right">1</td></tr></tbody></table></div>'
    )


def test_table_in_the_middle_is_aligned_so() -> None:
    """:-: is centred."""
    assert '<td class="align-center">1</td>' in html("| a |\n|:-:|\n| 1 |")


def test_tables_are_told_apart() -> None:
    """Two regions of one page do not have the same name."""
    shown = html("| a |\n|---|\n\n| b |\n|---|\n")
    assert 'aria-label="Table"' in shown
    assert 'aria-label="Table 2"' in shown


def test_table_corner_without_words_is_no_heading() -> None:
    """An empty header cell would be read aloud as a heading of nothing."""
    assert "<tr><td></td><th>Now</th></tr>" in one_line("| | Now |\n|---|---|\n| a | 1 |")


# Quotations


def test_quotation_names_its_speaker_in_a_footer() -> None:
    """A last paragraph that begins with a dash is the attribution, without the dash."""
    assert one_line("> We waited.\n>\n> — Dele *M*, director") == (
        "<blockquote><p>We waited.</p><footer>Dele <em>M</em>, director</footer></blockquote>"
    )
    assert "<footer>Dele</footer>" in html("> We waited.\n>\n> --- Dele")


def test_quotation_that_is_only_a_dash_and_words_stays_a_quotation() -> None:
    """There must be something to attribute."""
    assert one_line("> — Dele") == "<blockquote><p>— Dele</p></blockquote>"
    assert one_line(">") == "<blockquote></blockquote>"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ('> "All of it."', "<p>All of it.</p>"),
        ('> "All *of* it."\n>\n> — Dele', "<p>All <em>of</em> it.</p><footer>Dele</footer>"),
        ('> "One," she said, "and two."', "<p>“One,” she said, “and two.”</p>"),
        ('> "One" only.', "<p>“One” only.</p>"),
        ('> "One.\n>\n> "Two."', '<p>"One.</p><p>“Two.”</p>'),
        ('> *"One"*', "<p><em>One</em></p>"),
    ],
)
def test_quotation_has_no_marks_twice(source: str, shown: str) -> None:
    """The page sets a mark before every quotation, so those typed around the whole are left out."""
    assert one_line(source) == f"<blockquote>{shown}</blockquote>"


# Code


def test_code_is_coloured_by_class_and_can_be_scrolled() -> None:
    """Fenced code names its language, carries Pygments' classes and takes the focus."""
    shown = html('```python title="x"\nif a < "b": pass\n```')
    assert shown.startswith('<pre tabindex="0"><code class="language-python"><span class="k">if</span>')
    assert '<span class="o">&lt;</span>' in shown
    assert "style" not in shown


@pytest.mark.parametrize("name", ["nonsense", "java", "c-or-worse", "'><script>"])
def test_code_in_an_unknown_language_is_shown_plain(name: str) -> None:
    """A language we do not colour is no error, and its name no way out of the attribute."""
    shown = html(f"```{name}\na < b\n```")
    assert "a &lt; b" in shown
    assert "<span" not in shown
    assert "<script" not in shown


def test_code_that_is_long_is_shown_plain() -> None:
    """Colouring may cost the square of the length, so it has an end."""
    assert "<span" in html("```python\n" + "a = 1\n" * 100 + "```")
    assert "<span" not in html("```python\n" + "a = 1\n" * 1000 + "```")
    many = html(("```python\n" + "a = 1\n" * 500 + "```\n\n") * 10)
    assert 0 < many.count('<span class="mi">1</span>') < 5000


def test_code_may_be_indented() -> None:
    """Four spaces make code without a language."""
    assert html("    a < b") == '<pre tabindex="0"><code>a &lt; b\n</code></pre>\n'


# Footnotes


def test_footnotes_lead_there_and_back() -> None:
    """Mark and note link to each other, each with a name that makes sense by itself."""
    assert one_line("One[^a] two.[^b]\n\n[^b]: Second.\n\n[^a]: First.") == (
        '<p>One<sup class="footnote-ref"><a href="#fn-1" id="fnref-1" aria-label="Footnote 1">1</a></sup>'
        ' two.<sup class="footnote-ref"><a href="#fn-2" id="fnref-2" aria-label="Footnote 2">2</a></sup></p>'
        '<section class="footnotes" aria-label="Footnotes"><ol>'
        '<li id="fn-1"><p>First. <a class="footnote-backref" href="#fnref-1"'
        ' aria-label="Back to reference 1">↩︎</a></p></li>'
        '<li id="fn-2"><p>Second. <a class="footnote-backref" href="#fnref-2"'
        ' aria-label="Back to reference 2">↩︎</a></p></li></ol></section>'
    )


def test_footnote_used_twice_has_two_ways_back() -> None:
    """Every id is given once."""
    shown = html("a[^x] b[^x]\n\n[^x]: Note.")
    assert shown.count('href="#fn-1"') == 2
    assert 'id="fnref-1"' in shown
    assert 'id="fnref-1-1"' in shown
    assert 'href="#fnref-1-1"' in shown


def test_footnote_names_never_become_ids() -> None:
    """What the editor calls a note stays in the Markdown."""
    assert "evil" not in html('a[^evil"x]\n\n[^evil"x]: Note.')
