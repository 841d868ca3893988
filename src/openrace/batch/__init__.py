"""Archives: the filters of ``openrace pipe`` over Parquet, JSON Lines and WARC, on all cores or on Spark.

    rows.py         files, folders and patterns → rows (a JSON line, a Parquet row, a page of a WARC file)
    warc_pages.py   a WARC file → its pages; the only module that knows fastwarc
    schema.py       the columns of the Parquet files that are written
    stages.py       record batches → record batches: what any engine can run
    shards.py       the output folder: parts, rejected rows, and which shards are finished
    spark_engine.py the only module that knows pyspark

What turns a row into claims comes in as a function: `openrace.pipeline.batch_extract` makes it.
"""
