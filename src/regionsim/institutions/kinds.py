"""One class for each sort of institution that only runs what it has; those that do more have files of their own."""

from __future__ import annotations

from regionsim.institutions.body import Body
from regionsim.institutions.participation_fund import ParticipationFund
from regionsim.institutions.research_site import ResearchSite


class Province(Body):
    """The province."""


class TourismBoard(Body):
    """Promotes the region; its places are result areas agreed with the province, none taken without measures."""


class SecondaryEducation(Body):
    """Secondary schools: pupils."""


class HigherEducation(Body):
    """A school of higher education inside the region: students here, by its weight."""


class EmploymentService(Body):
    """Public employment service: job-seekers."""


class AdultEducation(Body):
    """Courses for adults: those in work and looking for it."""


class Port(Body):
    """A sea port: jobs of port sectors in its municipality."""


class Terminal(Body):
    """An inland terminal: jobs of port sectors in its municipality."""


class Incubator(Body):
    """A business centre: young firms in its municipality."""


CLASSES: dict[str, type[Body]] = {
    "province": Province,
    "tourism_board": TourismBoard,
    "secondary_education": SecondaryEducation,
    "higher_education": HigherEducation,
    "employment_service": EmploymentService,
    "adult_education": AdultEducation,
    "research_site": ResearchSite,
    "port": Port,
    "terminal": Terminal,
    "incubator": Incubator,
    "participation_fund": ParticipationFund,
}
