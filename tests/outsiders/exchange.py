"""What outsiders read in a folder of exported files: GeoParquet and XLSX, as one JSON object."""

import json
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])
told = {}
try:
    import geopandas
    import pyarrow.parquet
    import pyproj

    sections = geopandas.read_parquet(folder / "sections.parquet")
    frames = pyarrow.parquet.ParquetFile(folder / "frames.parquet")
    told["geoparquet"] = {
        "rows": len(sections),
        "epsg": sections.crs.to_epsg(),
        "same_crs": sections.crs == pyproj.CRS.from_epsg(2154),
        "first": sections.geometry.iloc[0].wkt,
        "bounds": list(sections.total_bounds),
        "ng": [None if it != it else it for it in sections["ng"]],
        "motif": [it if isinstance(it, str) else None for it in sections["motif"]],
        "instant": str(frames.schema_arrow.field("instant").type),
        "clips": pyarrow.parquet.read_table(folder / "clips.parquet").to_pylist(),
        "created_by": frames.metadata.created_by,
    }
except ModuleNotFoundError as why:
    print(f"skipped: GeoParquet, {why}", file=sys.stderr)
try:
    import openpyxl

    book = openpyxl.load_workbook(folder / "base.xlsx")
    values = openpyxl.load_workbook(folder / "base.xlsx", data_only=True)
    sheet = book["sections"]
    header = [it.value for it in sheet[1]]
    length, note = header.index("longueur_m"), header.index("ng")
    told["xlsx"] = {
        "sheets": book.sheetnames,
        "frozen": sheet.freeze_panes,
        "filter": sheet.auto_filter.ref,
        "colours": len(list(sheet.conditional_formatting)),
        "formulas": [sheet[sheet.max_row][it].value for it in (length, note)],
        "totals": [values["sections"][sheet.max_row][it].value for it in (length, note)],
        "first": [it.value for it in sheet[2]][:3],
        "note": sheet.cell(1, note + 1).comment.text,
        "created": str(book.properties.created),
    }
except ModuleNotFoundError as why:
    print(f"skipped: XLSX, {why}", file=sys.stderr)
print(json.dumps(told))
