package store

// kinds lists every kind of stream, each declared in the file of its noun. The
// order is that of loading and locking's ties only; tables are made in it.
var kinds = []Registered{
	Register(unitKind),
	Register(staffKind),
	Register(centreKind),
	Register(procedureKind),
	Register(calendarKind),
	Register(revisionKind),
	Register(processTemplateKind),
	Register(decisionKind),
	Register(publicationKind),
	Register(tokenKind),
	Register(absenceKind),
	Register(dossierKind),
	Register(noticeKind),
	Register(messageKind),
	Register(warningKind),
	Register(wordingKind),
	Register(savedViewKind),
	Register(reorganisationKind),
	Register(resultTemplateKind),
	Register(certificateKind),
	Register(smallUnitKind),
	Register(templateProposalKind),
	Register(scanRuleKind),
}
