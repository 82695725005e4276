// Package arch holds tests that read the source instead of running it: which
// package may import which, what the pure rules may not touch, and whether the
// glossary and the message catalogues agree with the code.
package arch
