"""Words of the numbers."""

from app.core.i18n import N_
from app.core.words import Word


class Direction(Word):
    """Which way is good."""

    UP = "up", N_("More is better")
    DOWN = "down", N_("Less is better")
    NEUTRAL = "neutral", N_("Neither more nor less is better by itself")


class Dimension(Word):
    """By what a number can be taken apart."""

    DISTRICT = "district", N_("District")
    SECTOR = "sector", N_("Sector")
    SEX = "sex", N_("Sex")
    AGE_BAND = "age_band", N_("Age")
    DISABILITY = "disability", N_("Disability")
    INSTITUTION = "institution", N_("Institution")
    KIND = "kind", N_("Kind of placement")
    QUARTER = "quarter", N_("Quarter")
    LEVEL = "level", N_("Level")
    URGENCY = "urgency", N_("Urgency")
    CONCERN = "concern", N_("Concern")
    DAYS_LATE = "days_late", N_("Days late")


class Unit(Word):
    """What a value counts."""

    CHILDREN = "children", N_("children and young adults")
    EPISODES = "episodes", N_("admissions")
    VISITS = "visits", N_("visits")
    HOPS = "hops", N_("referrals, counted at each level that received them")
    DAYS = "days", N_("days")
    PER_CENT = "per_cent", N_("per cent")


class DaysLate(Word):
    """How late something is, in bands of days."""

    WEEK = "1-7", N_("1 to 7 days late")
    MONTH = "8-30", N_("8 to 30 days late")
    LONGER = "31+", N_("31 days late or more")
