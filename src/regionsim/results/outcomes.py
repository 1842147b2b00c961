# ruff: noqa: E501  (a table: one outcome, one line)
"""The catalogue of outcomes: what a run may report, in which unit, and how a sample is brought to the whole region.

One line per outcome. To add one, add its line to `OUTCOMES` and write it in the run's recorder; files, effects and the
report take unit, dims and titles from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from regionsim.state.bodies import CATEGORIES_OF_ACTION
from regionsim.state.bodies import KINDS as INSTITUTION_KINDS

Kind = Literal["stock", "flow", "ratio"]
Scaling = Literal["count", "intensive"]

DIMS = (
    "municipality", "arrondissement", "sector", "age_group", "education", "market", "measure", "track", "study_place",
    "origin", "visitor", "mode",
    "institution_kind", "fund", "category",
)  # fmt: skip
OWN_MONEY = "own_money"  # label of dim fund for what no fund bears
FIXED_COORDS: dict[str, tuple[str, ...]] = {
    "age_group": ("0-14", "15-24", "25-34", "35-44", "45-54", "55-64", "65-79", "80+"),
    "education": ("low", "middle", "bachelor", "master"),
    "track": ("general", "technical", "vocational", "dual"),
    "study_place": ("college_here", "college_away", "university_here", "university_away"),
    "market": ("rest_of_country", "uk", "eu", "rest_of_world"),
    "origin": ("country", "neighbours", "elsewhere"),
    "visitor": ("country", "neighbours", "elsewhere", "day_trips"),
    "mode": ("road", "rail", "water", "short_sea"),
    "institution_kind": INSTITUTION_KINDS,
    "category": CATEGORIES_OF_ACTION,
}


@dataclass(frozen=True)
class Outcome:
    """One reported quantity.

    `dims` are those beyond (world, plan, draw, quarter). `kind`: a stock is the value at the end of the quarter, a flow
    the sum over the quarter, a ratio neither adds up over time nor over dims. `scaling`: a count of a sample is divided
    by the scale of the run, an intensive outcome is not. `good`: +1 if more is better for the region, -1 if less is, 0
    if that depends on the question.
    """

    name: str
    dims: tuple[str, ...]
    unit: str
    kind: Kind
    scaling: Scaling
    definition: str
    headline: bool
    good: Literal[-1, 0, 1]
    title_en: str
    title_nl: str


def _catalogue(*outcomes: Outcome) -> dict[str, Outcome]:
    return {outcome.name: outcome for outcome in outcomes}


_ARR, _AGE = "arrondissement", "age_group"
_EUR = "EUR of 2011 per quarter"
_MIO = "million EUR of 2011 per quarter"
_MIO_CURRENT = "million EUR per quarter"
_Q = "persons per quarter"

# fmt: off
OUTCOMES: dict[str, Outcome] = _catalogue(
    # people and work
    Outcome("residents", (_ARR, _AGE), "persons", "stock", "count", "residents by domicile, students away included", True, 0, "Residents", "Inwoners"),
    Outcome("employed_residents", (_ARR, _AGE), "persons", "stock", "count", "residents in paid work, here or elsewhere: employees, self-employed and temporarily unemployed", True, 1, "Residents in work", "Werkende inwoners"),
    Outcome("employed_by_education", ("education",), "persons", "stock", "count", "residents in work by highest diploma", False, 1, "Residents in work by diploma", "Werkende inwoners naar diploma"),
    Outcome("job_seekers", (_ARR, _AGE), "persons", "stock", "count", "residents without work who look for it", False, -1, "Job-seekers", "Werkzoekenden"),
    Outcome("unemployment_rate", (), "%", "ratio", "intensive", "job-seekers / (job-seekers + residents in work)", True, -1, "Unemployment rate", "Werkloosheidsgraad"),
    Outcome("unemployment_rate_by_education", ("education",), "%", "ratio", "intensive", "job-seekers / (job-seekers + residents in work) by highest diploma", False, -1, "Unemployment rate by diploma", "Werkloosheidsgraad naar diploma"),
    Outcome("labour_force", (), "persons", "stock", "count", "residents in work and job-seekers", False, 1, "Labour force", "Beroepsbevolking"),
    Outcome("inactive", (), "persons", "stock", "count", "residents neither in work nor looking for it, retired people, pupils and students apart", False, -1, "Inactive residents", "Inactieve inwoners"),
    Outcome("retired", (), "persons", "stock", "count", "residents who retired", False, 0, "Retired residents", "Gepensioneerde inwoners"),
    Outcome("temporarily_unemployed", (), "persons", "stock", "count", "residents on temporary unemployment; they keep their job and count as in work", False, -1, "Temporarily unemployed", "Tijdelijk werklozen"),
    Outcome("jobs", (_ARR, "sector"), "jobs", "stock", "count", "filled jobs located in the region, self-employed included", True, 1, "Jobs in the region", "Banen in de regio"),
    Outcome("in_commuters", (), "persons", "stock", "count", "people who live outside the region and work in it", False, 0, "Commuters into the region", "Inkomende pendelaars"),
    Outcome("out_commuters", (), "persons", "stock", "count", "residents who work outside the region", False, 0, "Commuters out of the region", "Uitgaande pendelaars"),
    Outcome("vacancies_posted", (_ARR,), "vacancies per quarter", "flow", "count", "vacancies that firms here opened in the quarter", False, 0, "Vacancies posted", "Geplaatste vacatures"),
    Outcome("vacancies", (_ARR,), "vacancies", "stock", "count", "vacancies open at the end of the quarter, those of who changed employer in it included", False, 0, "Open vacancies", "Openstaande vacatures"),
    Outcome("job_seekers_per_vacancy", (), "job-seekers per vacancy", "ratio", "intensive", "registered job-seekers (the inactive near work included) / open vacancies, end of the quarter", False, 0, "Job-seekers per vacancy", "Werkzoekenden per vacature"),
    Outcome("vacancy_rate", (), "%", "ratio", "intensive", "open vacancies / (filled jobs + open vacancies) in the region, end of the quarter", False, 0, "Vacancy rate", "Vacaturegraad"),
    Outcome("long_term_unemployed", (), "persons", "stock", "count", "job-seekers who have searched for a year or longer", False, -1, "Long-term unemployed", "Langdurig werklozen"),
    Outcome("registered_inactive", (), "persons", "stock", "count", "inactive residents on rungs 4 and 5 of the participation ladder, near work", False, 0, "Inactive near work", "Inactieven dicht bij werk"),
    Outcome("trained", (), _Q, "flow", "count", "job-seekers who finish a course", False, 1, "Job-seekers trained", "Opgeleide werkzoekenden"),
    Outcome("job_to_job", (), _Q, "flow", "count", "employed people who change employer without a spell of search", False, 0, "Moves from job to job", "Overstappen van baan naar baan"),
    Outcome("hires", (), _Q, "flow", "count", "jobs that were filled", False, 0, "Hires", "Aanwervingen"),
    Outcome("separations", (), _Q, "flow", "count", "jobs that ended: quits, lay-offs, closures, retirement, departure, death", False, 0, "Separations", "Uitstroom uit banen"),
    Outcome("mean_wage", (), _EUR, "ratio", "intensive", "mean gross earnings of residents in work, self-employed included, prices of 2011", False, 1, "Mean wage", "Gemiddeld loon"),
    # firms and trade
    Outcome("firms", ("sector",), "firms", "stock", "count", "establishments, own-account workers included", True, 1, "Firms", "Ondernemingen"),
    Outcome("firms_founded", ("sector",), "firms per quarter", "flow", "count", "establishments that start", False, 1, "Firms founded", "Opgerichte ondernemingen"),
    Outcome("firms_closed", ("sector",), "firms per quarter", "flow", "count", "establishments that close", False, -1, "Firms closed", "Gesloten ondernemingen"),
    Outcome("gva", ("sector",), _MIO, "flow", "count", "gross value added of establishments here, prices of 2011", True, 1, "Value added", "Toegevoegde waarde"),
    Outcome("exports", ("market",), _MIO, "flow", "count", "sales outside the region by market, visitors' spending apart, prices of 2011", True, 1, "Exports", "Uitvoer"),
    # visitors, ports, shops, business parks
    Outcome("tourism_nights", ("origin",), "nights per quarter", "flow", "count", "nights spent in the region, every form of stay, by origin of the guest", False, 1, "Nights of visitors", "Overnachtingen"),
    Outcome("day_trips", (), "trips per quarter", "flow", "count", "day trips into the region", False, 1, "Day trips", "Daguitstappen"),
    Outcome("tourism_turnover", ("visitor",), _MIO, "flow", "count", "what guests by origin and day trippers spend, prices of 2011", True, 1, "Spending of visitors", "Bestedingen van bezoekers"),
    Outcome("tourism_spending", ("sector",), _MIO, "flow", "count", "part of visitors' spending that is output of sectors here, prices of 2011", False, 1, "Sales to visitors", "Verkoop aan bezoekers"),
    Outcome("tourism_jobs", (), "jobs", "stock", "count", "visitors' share of each sector's output x its jobs, the season as far as firms plan on it", True, 1, "Jobs in tourism", "Banen in toerisme"),
    Outcome("port_throughput", (), "million tonnes per quarter", "flow", "count", "goods handled in the ports", False, 1, "Goods handled in ports", "Overslag in de havens"),
    Outcome("port_jobs", (), "jobs", "stock", "count", "direct jobs of the ports: published jobs x (throughput over that of their year) ^ elasticity", False, 1, "Direct jobs of the ports", "Directe banen van de havens"),
    Outcome("uk_transit_share", (), "%", "ratio", "intensive", "goods from or to the United Kingdom / goods handled in the ports", False, 0, "Share of the United Kingdom in the ports", "Aandeel Verenigd Koninkrijk in de havens"),
    Outcome("modal_split", ("mode",), "%", "ratio", "intensive", "share of tonne-kilometres of freight by mode", False, 0, "Freight by mode", "Vracht per vervoerswijze"),
    Outcome("freight_emissions", (), "thousand tonnes CO2e per quarter", "flow", "count", "emissions of freight", False, -1, "Emissions of freight", "Uitstoot van vrachtvervoer"),
    Outcome("retail_vacancy", (), "%", "ratio", "intensive", "vacant premises / premises in shopping cores", True, -1, "Vacant shops", "Winkelleegstand"),
    Outcome("footfall", (_ARR,), "ratio to the first quarter", "ratio", "intensive", "passers-by in shopping cores, season taken out", False, 1, "Footfall in shopping cores", "Passanten in winkelkernen"),
    Outcome("parks_in_use", (), "%", "ratio", "intensive", "hectares of business parks in use / hectares of the first quarter", False, 0, "Business parks in use", "Benutting van bedrijventerreinen"),
    Outcome("amenity", (_ARR,), "standard deviations", "ratio", "intensive", "life in the cores, green and recreation relative to the first quarter", False, 1, "Amenity of places", "Aantrekkelijkheid van plaatsen"),
    # education and young people
    Outcome("students_here", (), "persons", "stock", "count", "students in higher education inside the region", False, 0, "Students in the region", "Studenten in de regio"),
    Outcome("students_away", (), "persons", "stock", "count", "residents who study outside the region", False, 0, "Students elsewhere", "Studenten elders"),
    Outcome("graduates", ("education",), _Q, "flow", "count", "residents who finish higher education", False, 1, "Graduates", "Afgestudeerden"),
    Outcome("graduates_leaving", (), _Q, "flow", "count", "residents of 18-34 with a higher diploma who leave the region", False, -1, "Graduates who leave", "Vertrekkende afgestudeerden"),
    Outcome("graduates_returning", (), _Q, "flow", "count", "graduates who left earlier and come back", False, 1, "Graduates who return", "Terugkerende afgestudeerden"),
    Outcome("net_graduate_migration", (), _Q, "flow", "count", "people of 18-34 with a higher diploma: returning + arriving - leaving", True, 1, "Net migration of graduates", "Nettomigratie van afgestudeerden"),
    Outcome("young_graduates", (), "persons", "stock", "count", "residents of 20-34 with a higher diploma", True, 1, "Young graduates", "Jonge afgestudeerden"),
    Outcome("pupils_by_track", ("track",), "persons", "stock", "count", "pupils of fifteen and over by track of secondary education", False, 0, "Pupils by track", "Leerlingen naar onderwijsvorm"),
    Outcome("students_by_place", ("study_place",), "persons", "stock", "count", "residents in higher education by level and place of study", False, 0, "Students by place of study", "Studenten naar studieplaats"),
    Outcome("graduate_retention", (), "%", "ratio", "intensive", "graduates of 22-34 who grew up here and live here / all of them, those who left included", False, 1, "Graduates who live here", "Afgestudeerden die hier wonen"),
    Outcome("graduate_loss", (), "%", "ratio", "intensive", "graduates of 30-34 who grew up here and live elsewhere / all of them", False, -1, "Graduates lost by 30-34", "Afgestudeerden verloren op 30-34"),
    Outcome("pupils_in_dual_learning", (), "persons", "stock", "count", "pupils who learn partly on the job", False, 0, "Pupils in dual learning", "Leerlingen in duaal leren"),
    # vital events and moves
    Outcome("births", ("municipality",), _Q, "flow", "count", "children born to residents", False, 0, "Births", "Geboorten"),
    Outcome("deaths", ("municipality",), _Q, "flow", "count", "residents who die", False, 0, "Deaths", "Overlijdens"),
    Outcome("arrivals", ("municipality",), _Q, "flow", "count", "people who come to live in the municipality", False, 0, "Arrivals", "Inwijkingen"),
    Outcome("departures", ("municipality",), _Q, "flow", "count", "residents who leave the municipality", False, 0, "Departures", "Uitwijkingen"),
    Outcome("net_migration", (_AGE, "education"), _Q, "flow", "count", "arrivals and returns less departures by age and highest diploma; moves inside the region cancel out", False, 1, "Net migration by age and diploma", "Nettomigratie naar leeftijd en diploma"),
    Outcome("net_internal_migration", (), _Q, "flow", "count", "net migration with other regions of the country, returning and leaving graduates included", False, 1, "Net internal migration", "Binnenlands migratiesaldo"),
    Outcome("natural_balance", (), _Q, "flow", "count", "births less deaths", False, 0, "Natural balance", "Natuurlijk saldo"),
    Outcome("dependency_ratio", (), "per 100", "ratio", "intensive", "residents under 20 or of 60 and over / residents of 20-59", False, -1, "Dependency ratio", "Afhankelijkheidsratio"),
    # the plan itself
    Outcome("public_cost", ("measure",), _MIO_CURRENT, "flow", "count", "public spending on the measures of the plan, current prices", True, 0, "Public cost of the plan", "Publieke kost van het plan"),
    Outcome("treated", ("measure",), "units", "stock", "count", "units delivered so far: firms or people reached, places opened, what was built", False, 0, "Units delivered", "Geleverde eenheden"),
    Outcome("planned_units", ("measure",), "units", "stock", "count", "units due so far by dose and date alone", False, 0, "Units planned", "Geplande eenheden"),
    Outcome("planned_cost", ("measure",), _MIO_CURRENT, "flow", "count", "public cost of the units due by dose and date alone, overhead included", False, 0, "Planned public cost", "Geplande publieke kost"),
    Outcome("own_funds", ("measure",), _MIO_CURRENT, "flow", "count", "what the treated pay themselves for what they get; recorded, no firm's money moves", False, 0, "Own funds of the treated", "Eigen middelen van de begunstigden"),
    Outcome("deadweight_cost", ("measure",), _MIO_CURRENT, "flow", "count", "public cost of units that would have come without support", False, -1, "Cost of deadweight", "Kost van deadweight"),
    Outcome("coordination_quality", ("measure",), "0 to 1", "ratio", "intensive", "quality of coordination by which the measure's effect is multiplied", False, 1, "Quality of coordination", "Kwaliteit van de afstemming"),
    Outcome("willing_partners", ("measure",), "partners", "ratio", "intensive", "destinations, or institutions, that take part in the measure", False, 1, "Willing partners", "Bereidwillige partners"),
    Outcome("delivery_obstacle", ("measure",), "code", "ratio", "intensive", "why less was delivered than planned in the quarter: index in state/ledger.py OBSTACLES", False, 0, "Obstacle to delivery", "Hinderpaal voor de uitvoering"),
    Outcome("coordination_cost", (), _MIO_CURRENT, "flow", "count", "public cost of the instruments of coordination of the plan", False, 0, "Cost of coordination", "Kost van afstemming"),
    Outcome("cost_by_fund", ("fund",), _MIO_CURRENT, "flow", "count", "public cost of the plan by who bears it in the end; own_money is the region's", False, 0, "Public cost by fund", "Publieke kost per fonds"),
    Outcome("cost_by_category", ("category",), _MIO_CURRENT, "flow", "count", "public cost of the plan by the role of the agency", False, 0, "Public cost by role", "Publieke kost per rol"),
    Outcome("promised_by_funds", (), "million EUR", "stock", "count", "promised by funds and not yet paid: the region pays it in advance", False, 0, "Promised by funds", "Toegezegd door fondsen"),
    Outcome("participation_fund_value", (), "million EUR", "stock", "count", "net asset value of the participation fund: stakes and cash", False, 0, "Value of the participation fund", "Waarde van het participatiefonds"),
    Outcome("jobs_supported", (), "jobs", "stock", "count", "jobs that treated firms' extra orders stand for, before what other firms lose: less the effect on jobs it is displacement", False, 0, "Jobs supported before displacement", "Ondersteunde banen voor verdringing"),
    # institutions
    Outcome("institution_spending", ("institution_kind",), _MIO, "flow", "count", "spending of institutions on what they run, measures of the plan apart; part of government's, assumed amounts", False, 0, "Spending of institutions", "Uitgaven van instellingen"),
    Outcome("capacity_used", ("institution_kind",), "%", "ratio", "intensive", "places in use / places of the institutions of a kind", False, 0, "Places in use", "Benutte plaatsen"),
    # accounts
    Outcome("residual_people", (), "persons", "stock", "count", "largest absolute residual of the people account", False, -1, "Residual of people", "Restpost personen"),
    Outcome("residual_jobs", (), "jobs", "stock", "count", "largest absolute residual of the jobs account", False, -1, "Residual of jobs", "Restpost banen"),
    Outcome("residual_money", (), "million EUR", "stock", "count", "largest absolute residual of the money account", False, -1, "Residual of money", "Restpost geld"),
)
# fmt: on

HEADLINES = tuple(name for name, outcome in OUTCOMES.items() if outcome.headline)
