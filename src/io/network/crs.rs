//! The reference system of a file's coordinates, and from it to degrees.

use proj4rs::Proj;
use proj4rs::transform::transform;

/// Degrees, as files that are in no plane give them.
///
/// Source: EPSG registry: WGS 84, RGF93 v1 and v2b, ETRS89. They agree within a metre, as
/// [`Plane`](crate::domain::Plane) takes them.
const DEGREES: [u32; 5] = [4326, 4171, 9777, 4258, 9782];

/// What planes are turned into.
const LONGITUDE_LATITUDE: &str = "+proj=longlat +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +no_defs";

/// The system of a file's coordinates; nothing when they are degrees already.
#[derive(Debug)]
pub(super) struct Crs(Option<(Proj, Proj)>);

impl Crs {
    /// Longitude and latitude.
    pub(super) const fn degrees() -> Self {
        Self(None)
    }

    /// A system by its code in the EPSG registry.
    pub(super) fn of_code(code: u32) -> Result<Self, String> {
        if DEGREES.contains(&code) {
            return Ok(Self::degrees());
        }
        let plane = || {
            let definition = crs_definitions::from_code(u16::try_from(code).ok()?)?;
            let from = Proj::from_proj_string(definition.proj4).ok()?;
            Some((from, Proj::from_proj_string(LONGITUDE_LATITUDE).ok()?))
        };
        plane().map(|it| Self(Some(it))).ok_or_else(|| {
            format!(
                "EPSG:{code}, which is not known; expected Lambert-93 (EPSG:2154), a CC zone \
                 (EPSG:3942 to 3950), WGS 84 (EPSG:4326) or another projection of the EPSG registry"
            )
        })
    }

    /// A system by a name such as `EPSG:2154`, `urn:ogc:def:crs:EPSG::2154`, `OGC:CRS84`, `2154`.
    pub(super) fn of_name(name: &str) -> Result<Self, String> {
        let code = code_of_name(name.trim());
        code.map_or_else(|| Err(format!("{name:?}, expected for example EPSG:2154")), Self::of_code)
    }

    /// A system from the well-known text of a `.prj`, OGC or ESRI.
    pub(super) fn of_well_known_text(text: &str) -> Result<Self, String> {
        let name = || text.chars().take(60).collect::<String>();
        code_of_text(text).map_or_else(
            || Err(format!("{:?}, which names no known system", name())),
            Self::of_code,
        )
    }

    /// Longitude and latitude of a point; what is not finite stays so, to be told by its row.
    pub(super) fn to_degrees(&self, point: [f64; 2]) -> [f64; 2] {
        let Some((plane, degrees)) = &self.0 else { return point };
        let mut at = (point[0], point[1], 0.0);
        match transform(plane, degrees, &mut at) {
            Ok(()) => [at.0.to_degrees(), at.1.to_degrees()],
            Err(_) => [f64::NAN, f64::NAN],
        }
    }
}

fn code_of_name(name: &str) -> Option<u32> {
    if name.ends_with("CRS84") {
        return Some(DEGREES[0]);
    }
    name.rsplit([':', '/']).next().and_then(|it| it.parse().ok())
}

/// The code that well-known text gives, or that its name stands for.
fn code_of_text(text: &str) -> Option<u32> {
    let flat: String =
        text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
    // The last authority is that of the whole.
    if let Some(at) = text.rfind("AUTHORITY[\"EPSG\",") {
        let number: String = text[at + 17..]
            .chars()
            .skip_while(|it| !it.is_ascii_digit())
            .take_while(char::is_ascii_digit)
            .collect();
        if let Ok(code) = number.parse() {
            return Some(code);
        }
    }
    let head = flat.split("GEOGCS").next().unwrap_or_default();
    let after = |mark: &str| {
        let at = head.find(mark)? + mark.len();
        let digits: String = head[at..].chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u32>().ok().map(|it| (it, head[at + digits.len()..].starts_with('S')))
    };
    if head.contains("LAMBERT93") {
        return Some(2154);
    }
    if let Some((zone @ 42..=50, _)) = after("CC") {
        return Some(3900 + zone);
    }
    if let Some((zone @ 1..=60, south)) = after("UTMZONE") {
        return Some(if south { 32700 } else { 32600 } + zone);
    }
    let degrees = ["GCSWGS1984", "WGS84", "GCSRGF1993", "RGF93", "GCSETRS1989", "ETRS89"];
    let geographic = flat.starts_with("GEOGCS") && degrees.iter().any(|it| flat.contains(it));
    geographic.then_some(4326)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_and_texts_are_recognised() {
        let cases = [
            ("EPSG:2154", Some(2154)),
            ("urn:ogc:def:crs:EPSG::3943", Some(3943)),
            ("urn:ogc:def:crs:OGC:1.3:CRS84", Some(4326)),
            ("http://www.opengis.net/def/crs/EPSG/0/4171", Some(4171)),
            ("2154", Some(2154)),
            ("Lambert", None),
        ];
        for (name, want) in cases {
            assert_eq!(code_of_name(name), want, "{name}");
        }
        for unknown in ["EPSG:999999", "EPSG:1", "Lambert"] {
            assert!(Crs::of_name(unknown).is_err(), "{unknown}");
        }
        let texts = [
            (
                r#"PROJCS["RGF93_Lambert_93",GEOGCS["GCS_RGF_1993",DATUM["D_RGF_1993"]]]"#,
                Some(2154),
            ),
            (r#"PROJCS["RGF_1993_Lambert_93",GEOGCS["GCS_RGF_1993"]]"#, Some(2154)),
            (r#"PROJCS["RGF93 v1 / Lambert-93",GEOGCS["RGF93 v1"]]"#, Some(2154)),
            (r#"PROJCS["RGF_1993_CC43",GEOGCS["GCS_RGF_1993"]]"#, Some(3943)),
            (r#"PROJCS["RGF93 / CC44",GEOGCS["RGF93"],AUTHORITY["EPSG","3944"]]"#, Some(3944)),
            (r#"PROJCS["WGS_1984_UTM_Zone_31N",GEOGCS["GCS_WGS_1984"]]"#, Some(32631)),
            (r#"PROJCS["WGS_1984_UTM_Zone_40S",GEOGCS["GCS_WGS_1984"]]"#, Some(32740)),
            (r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984"]]]"#, Some(4326)),
            (r#"PROJCS["Mars_Equicylindrical",GEOGCS["GCS_Mars"]]"#, None),
            ("", None),
        ];
        for (text, want) in texts {
            assert_eq!(code_of_text(text), want, "{text}");
        }
    }

    #[test]
    fn planes_agree_with_proj() {
        // gdaltransform -s_srs OGC:CRS84 -t_srs EPSG:…, GDAL 3.6 with PROJ 9.1, at 1.4442, 43.6047.
        let cases =
            [(2154, [574_357.820_137_831, 6_279_642.972_342_64]), (4326, [1.4442, 43.6047])];
        for (code, plane) in cases {
            let [x, y] = Crs::of_code(code).unwrap().to_degrees(plane);
            assert!((x - 1.4442).abs() < 1e-9 && (y - 43.6047).abs() < 1e-9, "{code}: {x} {y}");
        }
        let [x, y] = Crs::of_code(2154).unwrap().to_degrees([f64::NAN, 1.0]);
        assert!(x.is_nan() || y.is_nan());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,80}") {
            let _ = Crs::of_well_known_text(&text);
            let _ = Crs::of_name(&text);
        }
    }
}
