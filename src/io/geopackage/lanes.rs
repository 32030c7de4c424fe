//! What the survey says of lanes: the campaign as a whole, and its cells of five metres.

use super::error::BaseErrorKind;
use super::geometry::{Geometry, in_lane};
use super::layer::{self, Drawn};
use super::style;
use crate::domain::{Metres, Network, Plane, RoadCell, Survey};
use crate::io::rows::{self, CampaignRow};
use rusqlite::Connection;

/// Writes the cells as a layer, each in its lane.
pub(super) fn write_cells(
    connection: &Connection,
    plane: Plane,
    network: &Network,
    cells: &[RoadCell],
) -> Result<(), BaseErrorKind> {
    let of = |it: &RoadCell| {
        let road = &network.roads()[it.road];
        Some(Geometry::Line(in_lane(road, it.direction, (it.from, it.to), Metres::ZERO)))
    };
    let drawn = Drawn { type_name: "LINESTRING", srs: i32::from(plane.code()), of: &of };
    layer::write(connection, &rows::cells(network), cells, Some(&drawn))?;
    Ok(layer::style(connection, "cells", &style::cells())?)
}

/// Writes the one row that says when and how far the patrols drove.
pub(super) fn write_campaign(
    connection: &Connection,
    name: &str,
    survey: &Survey,
) -> Result<(), BaseErrorKind> {
    let row = CampaignRow::of(name, survey);
    Ok(layer::write(connection, &rows::campaigns(), [&row], None)?)
}
