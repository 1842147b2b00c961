"""Residents and the outsiders who matter: one row a person, one column a property."""

from __future__ import annotations

from regionsim.state.columns import Column, Columns

# Where a person lives.
# LEFT: a graduate who moved away and may return; COMMUTER: works here, lives elsewhere
RESIDENT, LEFT, COMMUTER = 0, 1, 2
PLACES = ("resident", "left", "commuter")

# What a person does; the three codes from EMPLOYED to TEMPORARILY_UNEMPLOYED are the people in work.
CHILD, PUPIL, STUDENT_HERE, STUDENT_AWAY = 0, 1, 2, 3
EMPLOYED, SELF_EMPLOYED, TEMPORARILY_UNEMPLOYED, JOB_SEEKER, INACTIVE, RETIRED = 4, 5, 6, 7, 8, 9
ACTIVITIES = (
    "child", "pupil", "student_here", "student_away", "employed", "self_employed",
    "temporarily_unemployed", "job_seeker", "inactive", "retired",
)  # fmt: skip

LOW, MIDDLE, BACHELOR, MASTER = 0, 1, 2, 3
EDUCATION = ("low", "middle", "bachelor", "master")

FEMALE, MALE = 0, 1
SEXES = ("F", "M")

CHILD_AT_HOME, PARTNERED, SINGLE, SINGLE_PARENT, COLLECTIVE, OTHER_ROLE = 0, 1, 2, 3, 4, 5
HOUSEHOLD_ROLES = ("child_at_home", "partnered", "single", "single_parent", "collective", "other")

FROM_HERE, BORN_IN_RUN, ARRIVED = 0, 1, 2
ORIGINS = ("here on census day", "born in the run", "arrived in the run")

NOT_STUDIED, STUDIED_HERE, STUDIED_AWAY = 0, 1, 2

NO_TRACK, GENERAL, TECHNICAL, VOCATIONAL, DUAL = 0, 1, 2, 3, 4
TRACKS = ("none", "general", "technical", "vocational", "dual")

NO_EXIT, DEATH, DEPARTURE, LEAVES_AS_GRADUATE, WITHDRAWAL = 0, 1, 2, 3, 4  # WITHDRAWAL: a commuter nobody replaces
EXITS = ("none", "death", "departure", "leaves as graduate", "withdrawal")

AGE_GROUPS = ("0-14", "15-24", "25-34", "35-44", "45-54", "55-64", "65-79", "80+")
AGE_GROUP_FROM = (0, 15, 25, 35, 45, 55, 65, 80)  # first year of age of each group

_NEW = ("synthesis", "births", "arrivals", "commuters_come_and_go")
_STUDIES = ("pupils_leave_school", "students_graduate", "students_drop_out", "leavers_look_for_work")
_JOB_ENDS = ("separations", "owners_and_workers_retire", "firms_are_founded", "exits_resolved")


class People(Columns):
    """Residents (place 0), graduates who left (1) and in-commuters (2)."""

    marker = "place"
    declared = (
        Column("id", "uint64", 0, "1", "identity, from origin plus ordinal", (*_NEW, "exits_resolved")),
        Column("place", "int8", -1, "code PLACES", "where the person lives; -1 marks a free row",
               (*_NEW, "exits_resolved", "graduates_return")),
        Column("sex", "int8", 0, "code SEXES", "sex", _NEW),
        Column("age_q", "int16", 0, "quarters", "age",
               ("synthesis", "arrivals", "commuters_come_and_go", "ageing", "exits_resolved")),
        Column("municipality", "int16", 0, "index", "domicile (commuters: of work; those who left: of origin)", _NEW),
        Column("education", "int8", 0, "code EDUCATION", "highest education completed",
               (*_NEW, "students_graduate", "pupils_leave_school")),
        Column("technical", "int8", 0, "0/1", "technical or vocational orientation",
               ("synthesis", "commuters_come_and_go", "pupils_choose_track")),
        Column("track", "int8", 0, "code TRACKS", "track of secondary education; none for children and earlier adults",
               ("synthesis", "pupils_choose_track", "dual_learners_start")),
        Column("origin", "int8", 0, "code ORIGINS", "whether the person grew up here", _NEW),
        Column("household_role", "int8", 0, "code HOUSEHOLD_ROLES", "position in the household",
               (*_NEW, "young_adults_leave_home", "exits_resolved")),
        Column("activity", "int8", 0, "code ACTIVITIES", "what the person does",
               (*_NEW, *_STUDIES, "ageing", "owners_and_workers_retire", "separations", "participation", "hires",
                "temporary_unemployment", "firms_are_founded", "exits_resolved", "graduates_return")),
        Column("ladder", "int8", -1, "rung 0-5", "participation ladder: 0 farthest from work; -1 not inactive",
               ("synthesis", "arrivals", "participation", *_STUDIES, "separations", "graduates_return",
                "owners_and_workers_retire", "hires", "firms_are_founded", "exits_resolved")),
        Column("study_end_q", "int16", -1, "run quarter",
               "planned end of studies, or of the wait between studies and job search; -1 neither",
               ("synthesis", "pupils_choose_track", *_STUDIES, "exits_resolved")),
        Column("study_level", "int8", 0, "code EDUCATION", "education the current studies lead to",
               ("synthesis", "pupils_leave_school")),
        Column("studied_here", "int8", 0, "code NOT_STUDIED..STUDIED_AWAY", "where higher education was followed",
               ("synthesis", "pupils_leave_school")),
        Column("training_firm", "int32", -1, "firm row", "firm of the dual-learning place; -1 none",
               ("dual_learners_start", "pupils_leave_school", "hires", "exits_resolved")),
        Column("employer", "int32", -1, "firm row", "firm the person works for or owns; -1 none",
               ("synthesis", "hires", *_JOB_ENDS)),
        Column("tenure_q", "int16", 0, "quarters", "time with the employer",
               ("synthesis", "ageing", "hires", *_JOB_ENDS)),
        Column("wage_eur_q", "float32", 0.0, "EUR of 2011 a quarter",
               "gross wage or mixed income at hiring, before real wage growth; kept when the job ends",
               ("synthesis", "hires", "firms_are_founded")),
        Column("duration_q", "int16", 0, "quarters", "time in job search, or since leaving the region",
               ("synthesis", "ageing", *_STUDIES, "separations", "participation", "hires", "firms_are_founded",
                "graduates_return", "exits_resolved")),
        Column("skill", "float32", 0.0, "log points", "productivity above the mean of the education level",
               (*_NEW, "job_seekers_train", "adults_learn")),
        Column("digital_skill", "float32", 0.0, "0-1", "digital skill", (*_NEW, "adults_learn")),
        Column("training_q", "int8", -1, "quarters", "what is left of a course; 0 finished in this search; -1 none",
               ("job_seekers_train", "participation", "hires", "firms_are_founded")),
        Column("side_activity", "int8", 0, "0/1", "also self-employed as a side activity", ("synthesis",)),
        Column("exit", "int8", 0, "code EXITS", "exit requested this quarter",
               ("deaths", "departures", "owners_and_workers_retire", "graduates_decide_where_to_live",
                "commuters_come_and_go", "exits_resolved")),
    )  # fmt: skip


PeopleArrays = People.arrays_type()
