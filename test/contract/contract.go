// Package contract holds the REST interface to what it publishes: every answer
// of a dossier's whole life is checked against openapi.json as another system
// would read it, and who may use which route against one reviewed table.
package contract
