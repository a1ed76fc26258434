"""Calling records: the folder of Parquet files, how records come in, and the SQL that counts them."""
