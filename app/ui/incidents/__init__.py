"""The tab Incidenter: the list, and one incident with its clock, its six steps and the copy desk."""
