// Package browser drives the pages in a real browser: every page against the
// accessibility rules of axe-core at three widths, the counter by keyboard
// alone, the portal without scripts, and one dossier through the hands of five
// people. It needs Chromium; without it the tests are skipped, and with
// MOTCUA_REQUIRE_BROWSER=1 they fail.
package browser
