# %% [markdown]
# # Three analyses of what openrace exports
#
# Run it in a folder with `claims.parquet` and `graph.parquet`, which come from
# `openrace export claims --format parquet -o claims.parquet` and
# `openrace export graph --format parquet -o graph.parquet`. It needs `pip install duckdb`.
# An editor that knows percent cells shows it as a notebook.

# %%
import duckdb

db = duckdb.connect()
db.execute("CREATE VIEW claims AS SELECT * FROM 'claims.parquet'")
db.execute("CREATE VIEW graph AS SELECT * FROM 'graph.parquet'")

# %% [markdown]
# ## Who leads whom
# Only families count of which one outlet surely had the first report.

# %%
leaders = db.sql(
    "SELECT leader, count(*) AS followers, sum(families) AS families, median(median_lag_hours) AS lag_hours"
    " FROM graph GROUP BY leader ORDER BY families DESC, leader LIMIT 20"
)
print(leaders)

# %% [markdown]
# ## How late each outlet is
# The lag counts from the first report; `lag_doubt_hours` says by how much it may be wrong.

# %%
lags = db.sql(
    "SELECT outlet, count(*) AS reports, median(lag_hours) AS lag_hours, max(lag_doubt_hours) AS doubt"
    " FROM claims WHERE lag_hours > lag_doubt_hours GROUP BY outlet ORDER BY reports DESC, outlet LIMIT 20"
)
print(lags)

# %% [markdown]
# ## A person's wordings over time
# `line` is what may be quoted; a claim whose speaker is unknown is nobody's.

# %%
[(busiest,)] = db.sql(
    "SELECT speaker_name FROM claims WHERE speaker_name IS NOT NULL"
    " GROUP BY speaker_name ORDER BY count(*) DESC, speaker_name LIMIT 1"
).fetchall()
wordings = db.execute(
    "SELECT published_at, outlet, polarity, line FROM claims WHERE speaker_name = ?"
    " ORDER BY published_at NULLS LAST, claim_id",
    [busiest],
).fetchall()
for published, outlet, polarity, line in wordings:
    print(published, outlet, polarity, line)
