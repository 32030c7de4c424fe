//! The planes of networks as exchange formats describe them: PROJJSON and the text of Esri.

use crate::domain::Plane;
use serde_json::{Value, json};

/// What the formats call a plane and its datum.
struct Names {
    /// EPSG: plane, degrees, code of the degrees, datum.
    epsg: [String; 2],
    degrees_code: u16,
    datum: &'static str,
    /// Esri: plane, degrees, datum.
    esri: [String; 3],
}

/// Source: EPSG registry 10.076 and PROJ 9.1 (`projinfo -o WKT1_ESRI`), for each code.
fn names(plane: Plane) -> Names {
    let given = |epsg: [&str; 2], degrees_code, datum, esri: [&str; 3]| Names {
        epsg: epsg.map(str::to_owned),
        degrees_code,
        datum,
        esri: esri.map(str::to_owned),
    };
    match plane.code() {
        2154 => given(
            ["RGF93 v1 / Lambert-93", "RGF93 v1"],
            4171,
            "Reseau Geodesique Francais 1993 v1",
            ["RGF_1993_Lambert_93", "GCS_RGF_1993", "D_RGF_1993"],
        ),
        5490 => given(
            ["RGAF09 / UTM zone 20N", "RGAF09"],
            5489,
            "Reseau Geodesique des Antilles Francaises 2009",
            ["RGAF09_UTM_Zone_20N", "GCS_RGAF09", "Reseau_Geodesique_des_Antilles_Francaises_2009"],
        ),
        2972 => given(
            ["RGFG95 / UTM zone 22N", "RGFG95"],
            4624,
            "Reseau Geodesique Francais Guyane 1995",
            ["RGFG_1995_UTM_22N", "GCS_RGFG_1995", "D_RGFG_1995"],
        ),
        2975 => given(
            ["RGR92 / UTM zone 40S", "RGR92"],
            4627,
            "Reseau Geodesique de la Reunion 1992",
            ["RGR_1992_UTM_40S", "GCS_RGR_1992", "D_RGR_1992"],
        ),
        4471 => given(
            ["RGM04 / UTM zone 38S", "RGM04"],
            4470,
            "Reseau Geodesique de Mayotte 2004",
            ["RGM_2004_UTM_Zone_38S", "GCS_RGM_2004", "D_Reseau_Geodesique_de_Mayotte_2004"],
        ),
        code => {
            let zone = format!("{}{}", code % 100, if code < 32700 { 'N' } else { 'S' });
            Names {
                epsg: [format!("WGS 84 / UTM zone {zone}"), "WGS 84".to_owned()],
                degrees_code: 4326,
                datum: "World Geodetic System 1984",
                esri: [
                    format!("WGS_1984_UTM_Zone_{zone}"),
                    "GCS_WGS_1984".to_owned(),
                    "D_WGS_1984".to_owned(),
                ],
            }
        }
    }
}

/// Zone and hemisphere of the transverse Mercator planes; nothing for Lambert-93.
const fn utm(plane: Plane) -> Option<(u16, bool)> {
    match plane.code() {
        2154 => None,
        5490 => Some((20, false)),
        2972 => Some((22, false)),
        2975 => Some((40, true)),
        4471 => Some((38, true)),
        code => Some((code % 100, code >= 32700)),
    }
}

/// Name, Esri name, half axis and flattening of an ellipsoid. Source: EPSG:7019, EPSG:7030.
fn ellipsoid(degrees_code: u16) -> (&'static str, &'static str, f64) {
    if degrees_code == 4326 {
        ("WGS 84", "WGS_1984", 298.257_223_563)
    } else {
        ("GRS 1980", "GRS_1980", 298.257_222_101)
    }
}

/// Half of the long axis of both ellipsoids, metres. Source: EPSG:7019, EPSG:7030.
const AXIS_M: f64 = 6_378_137.0;

/// One parameter of a projection: EPSG's name and code, Esri's name, value, unit.
type Parameter = (&'static str, u16, &'static str, f64, &'static str);

/// Code and name of the method in both tongues, then its parameters.
///
/// Source: EPSG registry, methods 9802 and 9807; décret n° 2019-165 for Lambert-93.
fn method(plane: Plane) -> (u16, &'static str, &'static str, Vec<Parameter>) {
    match utm(plane) {
        None => (
            9802,
            "Lambert Conic Conformal (2SP)",
            "Lambert_Conformal_Conic",
            vec![
                ("Easting at false origin", 8826, "False_Easting", 700_000.0, "metre"),
                ("Northing at false origin", 8827, "False_Northing", 6_600_000.0, "metre"),
                ("Longitude of false origin", 8822, "Central_Meridian", 3.0, "degree"),
                ("Latitude of 1st standard parallel", 8823, "Standard_Parallel_1", 49.0, "degree"),
                ("Latitude of 2nd standard parallel", 8824, "Standard_Parallel_2", 44.0, "degree"),
                ("Latitude of false origin", 8821, "Latitude_Of_Origin", 46.5, "degree"),
            ],
        ),
        Some((zone, south)) => (
            9807,
            "Transverse Mercator",
            "Transverse_Mercator",
            vec![
                ("False easting", 8806, "False_Easting", 500_000.0, "metre"),
                (
                    "False northing",
                    8807,
                    "False_Northing",
                    if south { 1.0e7 } else { 0.0 },
                    "metre",
                ),
                (
                    "Longitude of natural origin",
                    8802,
                    "Central_Meridian",
                    f64::from(zone) * 6.0 - 183.0,
                    "degree",
                ),
                ("Scale factor at natural origin", 8805, "Scale_Factor", 0.9996, "unity"),
                ("Latitude of natural origin", 8801, "Latitude_Of_Origin", 0.0, "degree"),
            ],
        ),
    }
}

/// The name of a plane in the EPSG registry.
pub(super) fn name(plane: Plane) -> String {
    let [name, _] = names(plane).epsg;
    name
}

/// A plane as PROJJSON, which GeoParquet asks for.
pub(super) fn projjson(plane: Plane) -> Value {
    let names = names(plane);
    let [projected, degrees] = &names.epsg;
    let (code, method, _, parameters) = method(plane);
    let epsg = |code: u16| json!({"authority": "EPSG", "code": code});
    let axis = |name: &str, short: &str, direction: &str, unit: &str| json!({"name": name, "abbreviation": short, "direction": direction, "unit": unit});
    let parameters: Vec<_> = parameters
        .iter()
        .map(|(name, code, _, value, unit)| json!({"name": name, "value": value, "unit": unit, "id": epsg(*code)}))
        .collect();
    let (ellipsoid, _, flattening) = ellipsoid(names.degrees_code);
    let conversion = utm(plane).map_or_else(
        || "Lambert-93".to_owned(),
        |(zone, south)| format!("UTM zone {zone}{}", if south { 'S' } else { 'N' }),
    );
    json!({
        "$schema": "https://proj.org/schemas/v0.5/projjson.schema.json",
        "type": "ProjectedCRS",
        "name": projected,
        "base_crs": {
            "name": degrees,
            "datum": {
                "type": "GeodeticReferenceFrame",
                "name": names.datum,
                "ellipsoid": {
                    "name": ellipsoid,
                    "semi_major_axis": AXIS_M,
                    "inverse_flattening": flattening,
                },
            },
            "coordinate_system": {
                "subtype": "ellipsoidal",
                "axis": [
                    axis("Geodetic latitude", "Lat", "north", "degree"),
                    axis("Geodetic longitude", "Lon", "east", "degree"),
                ],
            },
            "id": epsg(names.degrees_code),
        },
        "conversion": {
            "name": conversion,
            "method": {"name": method, "id": epsg(code)},
            "parameters": parameters,
        },
        "coordinate_system": {
            "subtype": "Cartesian",
            "axis": [
                axis("Easting", "E", "east", "metre"),
                axis("Northing", "N", "north", "metre"),
            ],
        },
        "id": epsg(plane.code()),
    })
}

/// A plane as Esri writes it, for the `.prj` of a Shapefile.
pub(super) fn esri(plane: Plane) -> String {
    let names = names(plane);
    let [projected, degrees, datum] = &names.esri;
    let (_, ellipsoid, flattening) = ellipsoid(names.degrees_code);
    let (_, _, method, parameters) = method(plane);
    let parameters: Vec<_> = parameters
        .iter()
        .map(|(_, _, name, value, _)| format!("PARAMETER[\"{name}\",{value:?}],"))
        .collect();
    let parameters = parameters.concat();
    format!(
        "PROJCS[\"{projected}\",GEOGCS[\"{degrees}\",DATUM[\"{datum}\",SPHEROID[\"{ellipsoid}\",\
         {AXIS_M:?},{flattening}]],PRIMEM[\"Greenwich\",0.0],\
         UNIT[\"Degree\",0.0174532925199433]],PROJECTION[\"{method}\"],{parameters}\
         UNIT[\"Meter\",1.0]]"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_esri_is_that_of_proj() {
        // projinfo EPSG:2154 -o WKT1_ESRI -q --single-line, PROJ 9.1; then EPSG:32740.
        assert_eq!(
            esri(Plane::LAMBERT_93),
            r#"PROJCS["RGF_1993_Lambert_93",GEOGCS["GCS_RGF_1993",DATUM["D_RGF_1993",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Lambert_Conformal_Conic"],PARAMETER["False_Easting",700000.0],PARAMETER["False_Northing",6600000.0],PARAMETER["Central_Meridian",3.0],PARAMETER["Standard_Parallel_1",49.0],PARAMETER["Standard_Parallel_2",44.0],PARAMETER["Latitude_Of_Origin",46.5],UNIT["Meter",1.0]]"#
        );
        assert_eq!(
            esri(Plane::of_code(32740).unwrap()),
            r#"PROJCS["WGS_1984_UTM_Zone_40S",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",10000000.0],PARAMETER["Central_Meridian",57.0],PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#
        );
    }

    #[test]
    fn every_plane_bears_its_code() {
        for code in [2154, 5490, 2972, 2975, 4471, 32601, 32760] {
            let plane = Plane::of_code(code).unwrap();
            assert_eq!(projjson(plane)["id"]["code"], code);
            // The numbers are those of the definition that the base carries.
            let text = plane.well_known_text().to_lowercase();
            for (_, _, name, value, _) in method(plane).3 {
                let expected = format!("\"{}\",{value}]", name.to_lowercase());
                assert!(text.contains(&expected), "{code}: {expected} is not in {text}");
            }
        }
    }
}
