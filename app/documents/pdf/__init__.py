"""The pages of documents: laid out by us, drawn by reportlab, given their structure by pikepdf."""
