"""Opens a base in QGIS, without a screen: layers, attribute tables, the styles inside, a picture.

    /usr/bin/python3 tests/outsiders/qgis_opens.py BASE.gpkg [PICTURE.png]

Fails when a layer is invalid or empty, when a drawn layer comes up in QGIS's own random colour instead
of the style in the base, or when the picture shows no colour of it.
"""

import os
import sqlite3
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (  # noqa: E402
    QgsApplication,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsRectangle,
    QgsRenderContext,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize  # noqa: E402
from qgis.PyQt.QtGui import QColor  # noqa: E402

# Drawn layers that must come up in the style of the base.
STYLED = ("sections", "defects", "cells")


def colours(layer):
    """Every fill or line colour that the layer's own style uses."""
    symbols = layer.renderer().symbols(QgsRenderContext())
    return {it.color().name() for it in symbols}


def main():
    base, picture = sys.argv[1], (sys.argv[2] if len(sys.argv) > 2 else None)
    application = QgsApplication([], False)
    application.initQgis()
    with sqlite3.connect(base) as connection:
        tables = connection.execute(
            "SELECT table_name, data_type FROM gpkg_contents ORDER BY table_name"
        ).fetchall()
        styled = {it[0] for it in connection.execute("SELECT f_table_name FROM layer_styles")}
    faults, drawn = [], []
    for name, kind in tables:
        layer = QgsVectorLayer(f"{base}|layername={name}", name, "ogr")
        if not layer.isValid():
            faults.append(f"{name}: QGIS does not open it")
            continue
        if kind == "features" and not layer.crs().isValid():
            faults.append(f"{name}: QGIS does not know its projection")
        style = layer.renderer().type() if layer.renderer() else "table"
        print(f"{name:24} {layer.featureCount():6} rows  {layer.crs().authid():10} {style}")
        if name in styled and style == "singleSymbol" and name in STYLED:
            faults.append(f"{name}: comes up without the style of the base")
        if name in STYLED and layer.featureCount() > 0:
            drawn.append(layer)
    if not drawn:
        faults.append("no drawn layer at all")
    elif picture:
        faults += draw(drawn, picture)
    for fault in faults:
        print(fault, file=sys.stderr)
    # Taking QGIS down from Python is known to crash after all is done.
    sys.stdout.flush()
    os._exit(1 if faults else 0)


def draw(layers, picture):
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setOutputSize(QSize(1200, 800))
    settings.setBackgroundColor(QColor("white"))
    extent = QgsRectangle()
    cells = [it for it in layers if it.name() == "cells"] or layers
    for layer in cells:
        extent.combineExtentWith(layer.extent())
    settings.setDestinationCrs(layers[0].crs())
    settings.setExtent(extent.buffered(0.1 * max(extent.width(), extent.height())))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    image.save(picture)
    seen = set()
    for x in range(0, image.width(), 2):
        for y in range(0, image.height(), 2):
            seen.add(image.pixelColor(x, y).name())
    wanted = set().union(*(colours(it) for it in layers))
    print(f"{picture}: {len(seen & wanted)} of the styles' {len(wanted)} colours are seen")
    return [] if seen & wanted else ["the picture shows no colour of the styles"]


main()
