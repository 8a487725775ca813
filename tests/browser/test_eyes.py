"""What looks at all pages for everybody is not blind itself."""

from playwright.sync_api import Browser

from tests.browser.conftest import Eyes

PAGE = '<html lang="nl"><title>Proef</title><main><h1>Kop</h1><p style="color: {}">Woorden</p>{}</main>'


def test_pale_words_are_seen_though_other_words_are_known(browser: Browser) -> None:
    page, eyes = browser.new_page(), Eyes()
    for colour, more, expected in (
        ("#222", "", []),
        ("#bbb", "", ["color-contrast"]),
        ("#bbb", "", ["color-contrast"]),  # seen before, and still wrong
        ("#222", "<input>", ["label"]),
        ("#222", '<section style="background: #333"><p style="color: #222">Donker</p></section>', ["color-contrast"]),
    ):
        page.set_content(PAGE.format(colour, more))
        assert [fault.partition(":")[0] for fault in eyes(page)] == expected
    page.close()
