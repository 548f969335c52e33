"""Splink 5 on the files of `bench -- match`, set up by hand for their columns; driven by lines of JSON as its other side is.

usage: splink-side.py VOTERS CONTACTS OUTCOMES    (pip install splink==5.0.0)
Place is one comparison, since city, ZIP and street depend on each other. The shares of chance agreement on a street, a phone
and an e-mail are given: random pairs hardly ever show one.
"""

import json
import logging
import os
import sys
import time
import warnings

import duckdb
import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

voters_file, contacts_file, outcomes_file = sys.argv[1:4]
warnings.filterwarnings("ignore")
logging.getLogger("splink").setLevel(logging.ERROR)
answers = os.fdopen(os.dup(1), "w")
sys.stdout = sys.stderr

db = duckdb.connect()
db.execute(f"set threads = {len(os.sched_getaffinity(0))}; set enable_progress_bar = false")

STREET_WORDS = {
    "STREET": "ST", "AVENUE": "AVE", "DRIVE": "DR", "ROAD": "RD", "LANE": "LN", "COURT": "CT", "BOULEVARD": "BLVD",
    "CIRCLE": "CIR", "PLACE": "PL", "TERRACE": "TER", "TRAIL": "TRL", "PARKWAY": "PKWY", "HIGHWAY": "HWY",
    "NORTHEAST": "NE", "NORTHWEST": "NW", "SOUTHEAST": "SE", "SOUTHWEST": "SW",
    "NORTH": "N", "SOUTH": "S", "EAST": "E", "WEST": "W",
}  # fmt: skip


def street_of(line):
    """House number and street without the unit, long words made short."""
    text = f"regexp_replace(upper({line}), '[.,]', '', 'g')"
    text = f"regexp_replace({text}, '( (APT|UNIT|LOT|STE|SUITE|BLDG) | ?#).*$', '')"
    for long, short in STREET_WORDS.items():
        text = f"regexp_replace({text}, '\\b{long}\\b', '{short}', 'g')"
    return f"nullif(trim({text}), '')"


def name_of(column):
    return f"nullif(regexp_replace(upper(strip_accents({column})), '[^A-Z -]', '', 'g'), '')"


def load(table, file, key):
    read = f"read_csv('{file}', header = true, all_varchar = true)"
    columns = [row[0] for row in db.execute(f"describe select * from {read}").fetchall()]
    line = "concat_ws(' ', house_number, address1)" if "house_number" in columns else "address1"
    db.execute(
        f"""create table {table} as
        select {key} as id, {name_of('first_name')} as first_name, {name_of('middle_name')} as middle_name,
          {name_of('last_name')} as last_name, upper(suffix) as suffix, upper(sex) as sex, birth_date,
          {street_of(line)} as street, upper(city) as city, left(zip, 5) as zip, phone, lower(email) as email,
          split_part(lower(email), '@', 1) as mailbox
        from {read}"""
    )
    return db.execute(f"select count(*) from {table}").fetchall()[0][0]


voters = load("register", voters_file, "svid")
contacts = load("list", contacts_file, "id")


def when(sql, label, frequency=None, u=None):
    level = levels.CustomLevel(sql, label)
    if frequency is not None:
        level = level.configure(tf_adjustment_column=frequency)
    return level if u is None else level.configure(u_probability=u, fix_u_probability=True)


def compare(name, *those):
    return comparisons.CustomComparison(output_column_name=name, comparison_levels=[*those, levels.ElseLevel()])


def missing(sql):
    return when(sql, "missing").configure(is_null_level=True)


def exact(column):
    return levels.ExactMatchLevel(column).configure(tf_adjustment_column=column)


def same(column):
    return f'"{column}_l" = "{column}_r"'


def initial(column):
    return f'left("{column}_l", 1) = left("{column}_r", 1)'


def unknown(column):
    return f'("{column}_l" is null or "{column}_r" is null)'


either_part = 'contains("last_name_l", "last_name_r") or contains("last_name_r", "last_name_l")'
near = f"(coalesce({same('zip')}, false) or coalesce({same('city')}, false))"
one_voter = 1 / voters

first_name = compare(
    "first",
    levels.NullLevel("first_name"),
    exact("first_name"),
    levels.JaroWinklerLevel("first_name", 0.92),
    levels.JaroWinklerLevel("first_name", 0.85),
    when(f"{initial('first_name')} and least(length(\"first_name_l\"), length(\"first_name_r\")) = 1", "an initial"),
    when('left("first_name_l", 2) = left("first_name_r", 2)', "two letters"),
    when(initial("first_name"), "one letter"),
)
last_name = compare(
    "last",
    levels.NullLevel("last_name"),
    exact("last_name"),
    levels.DamerauLevenshteinLevel("last_name", 1),
    when(either_part, "a part"),
    levels.JaroWinklerLevel("last_name", 0.88),
)
middle_name = compare(
    "middle", levels.NullLevel("middle_name"), exact("middle_name"), when(initial("middle_name"), "initial")
)
birth_date = compare(
    "birth",
    levels.NullLevel("birth_date"),
    levels.ExactMatchLevel("birth_date"),
    when('length("birth_date_l") <> length("birth_date_r") and left("birth_date_l", 4) = left("birth_date_r", 4)', "year alone"),
    levels.DamerauLevenshteinLevel("birth_date", 1),
    when('substr("birth_date_l", 6) = substr("birth_date_r", 6)', "day and month"),
    levels.DamerauLevenshteinLevel("birth_date", 2),
    when('left("birth_date_l", 4) = left("birth_date_r", 4)', "year"),
)
place = compare(
    "place",
    missing(f"{unknown('street')} and {unknown('zip')} and {unknown('city')}"),
    when(f"{same('street')} and {near}", "street", u=2.5 * one_voter),
    when(same("street"), "street elsewhere", u=one_voter),
    when(f'damerau_levenshtein("street_l", "street_r") <= 1 and {near}', "street off by one", u=10 * one_voter),
    when(f"{same('zip')} and {unknown('street')}", "zip", "zip"),
    when(f"{same('city')} and {unknown('street')}", "city", "city"),
    when(same("zip"), "another street in the zip", "zip"),
    when(same("city"), "another street in the city", "city"),
)
phone = compare(
    "telephone",
    levels.NullLevel("phone"),
    when(same("phone"), "equal", u=one_voter),
    levels.DamerauLevenshteinLevel("phone", 1).configure(u_probability=8 * one_voter, fix_u_probability=True),
)
email = compare(
    "mail",
    levels.NullLevel("email"),
    when(same("email"), "equal", u=one_voter),
    levels.DamerauLevenshteinLevel("email", 1).configure(u_probability=8 * one_voter, fix_u_probability=True),
)

candidates = [
    block_on(*columns)
    for columns in (
        ("first_name", "last_name"), ("last_name", "zip"), ("birth_date",), ("phone",), ("email",), ("street", "zip"),
        ("first_name", "zip", "left(last_name, 2)"), ("last_name", "city", "left(first_name, 1)"),
    )
]  # fmt: skip
candidates.append("l.first_name = r.last_name and l.last_name = r.first_name")
certain = [block_on("first_name", "last_name", column) for column in ("street", "birth_date", "phone", "email")]
learn_within = [
    block_on("first_name", "last_name"), block_on("last_name", "zip"), block_on("birth_date"), block_on("phone"),
]  # fmt: skip
settings = SettingsCreator(
    link_type="link_only",
    unique_id_column_name="id",
    comparisons=[
        first_name, last_name, middle_name, comparisons.ExactMatch("suffix"), comparisons.ExactMatch("sex"), birth_date,
        place, phone, email,
    ],
    blocking_rules_to_generate_predictions=candidates,
    retain_matching_columns=False,
    retain_intermediate_calculation_columns=False,
    max_iterations=50,
)  # fmt: skip
api = DuckDBAPI(db)
# the left side of a pair is of the table whose name comes first in the alphabet
tables = [
    api.register(table, dataset_display_name=name, table_name=name)
    for table, name in (("register", "a_register"), ("list", "b_list"))
]
linker = Linker(tables, settings, log_level=logging.ERROR)


def learn():
    training = linker.training
    training.estimate_probability_two_random_records_match(certain, recall=0.6)
    training.estimate_u_using_random_sampling(max_pairs=1e7, seed=42)
    for block in learn_within:
        training.estimate_parameters_using_expectation_maximisation(
            block, estimate_without_term_frequencies=True, max_pairs=3e6
        )


predicted = []


def match():
    if predicted:
        predicted.pop().drop_table_from_database_and_remove_from_cache()
    predicted.append(linker.inference.predict(threshold_match_probability=1e-4))


def outcomes():
    """The best voter of every contact, and how many pairs were compared."""
    db.execute(
        f"""copy (select id_r, id_l, match_probability from {predicted[-1].physical_name}
        qualify row_number() over (partition by id_r order by match_weight desc, id_l) = 1) to '{outcomes_file}' (header)"""
    )
    pairs = linker.inference.compute_blocked_pairs_for_predict()
    count = db.execute(f"select count(*) from {pairs.physical_name}").fetchall()[0][0]
    pairs.drop_table_from_database_and_remove_from_cache()
    return {"pairs": count}


def peak_rss():
    with open("/proc/self/status") as status:
        return int(next(line for line in status if line.startswith("VmHWM")).split()[1]) / 1024


def measured(work):
    with open("/proc/self/clear_refs", "w") as refs:
        refs.write("5")
    began = time.perf_counter()
    work()
    return {"seconds": time.perf_counter() - began, "peakRssMiB": peak_rss()}


# the files are loaded by now
work = {"load": dict, "learn": lambda: measured(learn), "match": lambda: measured(match), "outcomes": outcomes}
for line in sys.stdin:
    print(json.dumps(work[json.loads(line)["do"]]()), file=answers, flush=True)
