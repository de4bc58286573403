"""Story lines a reviewer can find on screen, as constants. Described in docs/demo.md.

Offsets are weeks from the last published one (0); ages are days before the anchor (negative: after it).
"""

from __future__ import annotations

# 1. A national tension: every link of the chain weakens, the wholesalers within the last published week.
NATIONAL = "amoxicilline-susp-500"

# 2. A diffuse tension: the national figure is acceptable, more than a quarter of the departments are not.
DIFFUSE = "salbutamol-inh-100"
DIFFUSE_DEPARTMENTS = (
    "02", "03", "08", "10", "11", "12", "16", "18", "19", "21", "24", "28", "36", "39", "40", "41", "47", "50", "51", "52", "53",
    "58", "61", "65", "70", "71", "79", "80", "81", "82", "86", "87", "88", "89", "90",
)  # fmt: skip
DIFFUSE_DAYS = ((-7, 5.4), (-4, 2.7), (0, 2.2))

# 3. A tension only in Corsica and La Réunion: nationally satisfactory.
LOCAL = "prednisolone-20"
LOCAL_DEPARTMENTS = ("2A", "2B", "974")
LOCAL_DAYS = ((-9, 8.4), (-6, 2.5), (0, 1.9))

# 16. Departments of the panel that stop answering, with the offset of their last week: one just did, one long ago.
SILENT_DEPARTMENTS = {"46": -1, "23": -6}

# National coverage in days by (molecule, link): straight lines between points, the usual level before the first.
TARGETS: dict[tuple[str, str], tuple[tuple[int, float], ...]] = {
    (NATIONAL, "exploitants"): ((-12, 28.0), (-6, 18.5), (-2, 13.0), (0, 11.0)),
    (NATIONAL, "grossistes"): ((-10, 9.0), (-5, 6.2), (-1, 4.0), (0, 2.4)),
    (NATIONAL, "officines"): ((-9, 7.2), (-5, 5.4), (-2, 3.4), (0, 2.6)),
    (DIFFUSE, "officines"): ((-8, 7.2), (-4, 5.2), (0, 4.5)),
    (LOCAL, "officines"): ((-9, 9.0), (0, 8.6)),
}

# 4. A wholesaler whose delivery of the last week is missing (its previous figures are carried forward), and another one
#    that has not listed one group for three weeks (too old to be carried).
MISSING_WHOLESALER = "GROSSISTE C"
MISSING_OFFSET = 0
UNLISTED_WHOLESALER = "GROSSISTE F"
UNLISTED_GROUP = "fluticasone-inh-50"
UNLISTED_FROM_OFFSET = -2
# One laboratory of a group has never sent its stock, though it markets its presentation.
SILENT_GROUP = "furosemide-40"
SILENT_PRESENTATION = 0
# The missing wholesaler was already short of the national-tension group: carrying its figures does not hide the fall.
NATIONAL_MISSING_DAYS = 2.4

# 5. A laboratory that keeps postponing, version after version: (age of the version, promised return, promised supply).
POSTPONING_LABORATORY = "LABORATOIRE D"
POSTPONING_GROUP = "clarithromycine-susp-50"
POSTPONING_VERSIONS = ((138, 96, 110), (104, 68, 82), (71, 33, 52), (38, 5, 21), (4, -30, -9))

# 6. Small declarations that add up: each presentation of the DCI is small, five of seven are declared.
TIPPING_DCI = "lévétiracétam"
TIPPING_AGES = (62, 47, 33, 19, 6)

# 7. A discontinuation that loads its alternatives: the first presentation stops, the others sell 40 % more.
STOPPED_DCI = "flécaïnide"
STOPPED_FROM_OFFSET, STOPPED_AT_OFFSET = -14, -4
STOPPED_TRANSFER = 0.4
STOPPED_SHARE = STOPPED_TRANSFER / (1 + STOPPED_TRANSFER)  # the share that, spread over the others, adds 40 % to each

# 8. An irrelevant sales reference: sales multiplied by six since the autumn campaign, declared usual sales unchanged.
CAMPAIGN_DCI = "antigène méningococcique fictif"
CAMPAIGN_FROM_OFFSET = -10
CAMPAIGN_FACTOR = 6.0

# 9. A late source: OpenHealth stops before the others.
LATE_SOURCE_LAST_OFFSET = -3

# 10. Rows a partner mistyped, to be quarantined: a wrong check digit, an impossible number, an impossible date.
WRONG_CIP13 = "3400999999999"
WRONG_YEAR = 2206

# 11. A stock typed in thousands of boxes in the last week's file: to be confirmed; the week before is used meanwhile.
MISTYPED_GROUP = "amoxicilline-orale-1g"
MISTYPED_PRESENTATION = 1  # rank in the group
MISTYPED_OFFSET = 0
MISTYPED_DIVISOR = 1000

# 12. A discontinuation to come: the largest presentation of the DCI stops in four months, its notice is too short.
ANNOUNCED_STOP_DCI = "metformine"
ANNOUNCED_AGE, ANNOUNCED_IN = 47, 120  # days before and after the anchor

# 13. A monthly laboratory beside weekly ones, in a group that two laboratories share.
MONTHLY_GROUP = "dantrolene-inj"
MONTHLY_PRESENTATION = 1  # rank in the group

# 14. Isolated points: a DCI that laboratories (TracStocks) and wholesalers (Point Stock) reported once, on request,
#     and a Point Stock asked on a group that the weekly file follows too.
FLASH_DCI = "colchicine"
FLASH_OFFSET = -2
POINTSTOCK_REQUESTS = ((-9, NATIONAL), (FLASH_OFFSET, FLASH_DCI))  # week, group or DCI

# 15. Wholesalers' coverage of the summer plan, against what all of them sold over the last summer (month, day).
SUMMER_STARTS, SUMMER_ENDS = (6, 1), (9, 15)

# 18. Dates withdrawn: a declaration that promised a return and two deliveries promises one delivery only, last week.
WITHDRAWN_GROUP, WITHDRAWN_PRESENTATION = "fluticasone-inh-50", 2  # rank in the group
WITHDRAWN_AGES = (40, 8)

# 19. A share known as a range: of two presentations declared, one is declared without its share.
UNSTATED_GROUP = "salbutamol-inh-100"
UNSTATED_PRESENTATIONS = (4, 3)  # ranks in the group: the share of the second one is not given
UNSTATED_AGES = (24, 12)

# 20. A candidate for four months: declared twice in the civil year before (month, day), each time for six weeks.
REPEATED_DCI, REPEATED_PRESENTATION = "metformine", 4
REPEATED_ON = ((3, 10), (9, 15))
REPEATED_DAYS = 42

# 21. A weak signal outside the plans: presence at the wholesalers and days in pharmacies fall in four weeks.
SIGNAL_DCI = "metformine"
SIGNAL_KEPT = ((-4, 1.0), (0, 0.4))  # offset, part left of the usual figure

# Préparations magistrales of the national tension (1): first and last offset, most in a week. A winter before, and now.
PREPARED = ((-50, -38, 260), (-6, 0, 420))
PREPARED_REASON = "Tension sur la suspension buvable : gélules pédiatriques"

# 24. Hospital pharmacies run short while exploitants and wholesalers do not; another group whose use none of them gives,
#     counted against what all hospitals buy.
HOSPITAL_GROUP = "midazolam-inj"
HOSPITAL_DAYS = ((-8, 20.0), (-4, 11.0), (0, 5.2))
UNREPORTED_USE_GROUP = "adrenaline-inj"

# 25. A share declared far from the sales: Octave gives this presentation several times what its declaration says.
MISSTATED_DCI, MISSTATED_PRESENTATION, MISSTATED_FACTOR = TIPPING_DCI, 0, 3.0
# A DCI too recent for Octave (its shares are those of GERS), and a laboratory that sends nothing to GERS.
RECENT_DCI = "sémaglutide"
MISSING_FROM_GERS = "LABORATOIRE W"

# 26. From the field: pharmacies without any delivery, most of them of the national tension, some of a DCI that no plan
#     follows; agencies signal the same, one of them what ANSM says is back.
FIELD_ALERTS = {NATIONAL: 34, DIFFUSE: 12, SIGNAL_DCI: 6}  # departments with alerts
FIELD_SIGNALS = {NATIONAL: 14, DIFFUSE: 6, LOCAL: 3, SIGNAL_DCI: 4}
FIELD_SILENT_DEPARTMENT = "48"  # in no alert and no signal

# 31. One site outside the Union is the only source of the substance of several DCI, whatever the laboratory.
ONE_SITE_DCI = ("amoxicilline", "clarithromycine", "lévétiracétam", "metformine", "flécaïnide", "prednisolone")
# 32. Statements of sites typed by hand: countries in several spellings, MITM said and absent from the list, a step
#     that is none, a mistyped code.

# Parts of the market, 0–1, presentation by presentation.
SHARES: dict[str, tuple[float, ...]] = {
    TIPPING_DCI: (0.16, 0.14, 0.13, 0.12, 0.09, 0.20, 0.16),
    STOPPED_DCI: (STOPPED_SHARE, 0.31, 0.23, 0.46 - STOPPED_SHARE),
    CAMPAIGN_DCI: (0.58, 0.42),
    "dantrolene-inj": (0.52, 0.30, 0.18),
    "lithium-250": (0.64, 0.06, 0.05, 0.25),  # first and last: the same laboratory, 89 % of the group
}

# Laboratories that must be in a molecule, in the order of its presentations.
LABORATORIES: dict[str, tuple[str, ...]] = {
    POSTPONING_GROUP: ("LABORATOIRE K", POSTPONING_LABORATORY),
    STOPPED_DCI: ("LABORATOIRE H",),
}

# Movements around the anchor, in days before it, so that no "what changed since" is empty.
NEW_AGES = (0, 0, 1, 1, 2, 3, 4, 5, 6, 6, 8, 9, 11, 13, 15, 18, 21, 24, 27, 29)
UPDATED_AGES = (0, 0, 0, 1, 1, 1, 2, 2, 3, 4, 5, 5, 6, 7, 9, 10, 12, 14, 17, 20, 23, 26)
CLOSED_AGES = (0, 1, 1, 3, 4, 6, 8, 11, 15, 19, 22, 28)
# Promised supplies around the anchor, in days after it: J-2 and J-1, then passed without being confirmed.
PROMISED_IN_DAYS = (1, 1, 2, 2, 2, 3, 5, 0, -1, -2, -2, -4, -6, -9, -13)
