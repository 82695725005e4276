// Package release proves that a database of an earlier release opens in today's
// program. testdata holds, for each release and engine, a small backup that the
// release itself made, and NAME.json with what it promised the applicants of its
// dossiers. Before a release, add its own:
//
//	make release-data RELEASE=0.2.0
//
// A file that has been released is never made again. The files are sealed with
// the key ring of the tests (storetest.RingText), which must stay what it is.
package release
