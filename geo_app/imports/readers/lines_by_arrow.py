"""Lines of delimited text read by Arrow, where each line is a row."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

WORDS = pa.large_string()


def each_line_a_row(block: bytes, headings: list[str], delimiter: str, longest: int) -> pd.DataFrame | None:
    """The cells of a block of lines in UTF-8, a row for each line; None where some row has other cells or lines.

    None is the answer also where a quote is open at the end of the block, and where a cell has ``longest`` bytes.
    """
    lines = block.count(b"\n") + block.count(b"\r") - block.count(b"\r\n") + (block[-1:] not in (b"\n", b"\r"))
    names = [str(number) for number in range(len(headings))]
    try:
        table = pyarrow.csv.read_csv(
            pa.py_buffer(block),
            pyarrow.csv.ReadOptions(column_names=names, use_threads=False, block_size=len(block) + 1),
            pyarrow.csv.ParseOptions(delimiter=delimiter, ignore_empty_lines=False),
            pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, WORDS), strings_can_be_null=False, null_values=[]
            ),
        ).combine_chunks()
    except pa.ArrowInvalid:
        return None
    if len(table) != lines or any(pc.max(pc.binary_length(column)).as_py() >= longest for column in table.columns):
        return None
    if any("\n" in cell or "\r" in cell for cell in table.slice(lines - 1).to_pylist()[0].values()):
        return None
    columns = {
        heading: pd.Series(pd.array(column.chunk(0), dtype="str"), copy=False)
        for heading, column in zip(headings, table.columns, strict=True)
    }
    return pd.DataFrame(columns, copy=False)
