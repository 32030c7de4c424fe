//! From degrees to metres and back.

use super::position::{PlanePoint, Wgs84};
use proj4rs::Proj;
use proj4rs::transform::transform;

/// The legal planes of France: code of the EPSG registry, least and greatest longitude and latitude.
///
/// Source: décret n° 2019-165 du 5 mars 2019, article 1; areas of use of the EPSG registry: EPSG:2154
/// (mainland and Corsica with their seas, so Andorra and Monaco), EPSG:5490 (Antilles), EPSG:2972
/// (Guyane), EPSG:2975 (Réunion), EPSG:4471 (Mayotte).
const LEGAL: [(u16, [f64; 2], [f64; 2]); 5] = [
    (2154, [-9.86, 41.15], [10.38, 51.56]),
    (5490, [-63.66, 14.08], [-57.52, 18.54]),
    (2972, [-54.61, 2.11], [-49.45, 8.88]),
    (2975, [51.83, -25.92], [58.24, -18.28]),
    (4471, [43.68, -14.49], [46.7, -11.33]),
];

/// Degrees from the middle of its zone that a UTM plane still serves.
///
/// Chosen: a network on the seam of two zones has one plane; lengths are then 0.3 % too long at most.
const UTM_REACH_DEG: f64 = 5.0;

/// Degrees, on the ellipsoid of the planes.
///
/// Source: EPSG registry, EPSG:4171. RGF93 and WGS 84 agree within a metre and are taken as one,
/// as PROJ does from EPSG:4326 to EPSG:2154.
const DEGREES: &str = "+proj=longlat +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +no_defs";

/// The plane that a network is drawn in: Lambert-93 or the legal plane overseas, else a UTM zone.
///
/// # Example
///
/// ```
/// # use voirie::domain::{Plane, Wgs84};
/// assert_eq!(Plane::at(Wgs84::new(1.44, 43.6)?).code(), 2154);
/// assert_eq!(Plane::at(Wgs84::new(55.5, -21.1)?).code(), 2975);
/// assert_eq!(Plane::at(Wgs84::new(-122.47, 37.72)?).code(), 32610);
/// # Ok::<(), voirie::domain::BoundsError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plane(u16);

impl Plane {
    /// RGF93 / Lambert-93.
    pub const LAMBERT_93: Self = Self(2154);

    /// The legal plane of a place in France, and the UTM zone of any other.
    #[must_use]
    pub fn at(position: Wgs84) -> Self {
        Self::legal(position).unwrap_or_else(|| {
            let zone = ((position.longitude() + 180.0) / 6.0).floor().clamp(0.0, 59.0);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 59")]
            let zone = zone as u16 + 1;
            Self(if position.latitude() < 0.0 { 32700 } else { 32600 } + zone)
        })
    }

    /// The legal plane of a place in France; nothing elsewhere.
    #[must_use]
    pub fn legal(position: Wgs84) -> Option<Self> {
        LEGAL.iter().find(|it| within(it.1, it.2, position)).map(|it| Self(it.0))
    }

    /// The plane of a code that [`Plane::code`] gave.
    #[must_use]
    pub fn of_code(code: u16) -> Option<Self> {
        let utm = matches!(code, 32601..=32660 | 32701..=32760);
        (utm || LEGAL.iter().any(|it| it.0 == code)).then_some(Self(code))
    }

    /// Its code in the EPSG registry.
    #[must_use]
    pub const fn code(self) -> u16 {
        self.0
    }

    /// Its definition as well-known text, for files.
    ///
    /// # Panics
    ///
    /// Never: every plane has a definition, by the tests.
    #[must_use]
    pub fn well_known_text(self) -> &'static str {
        crs_definitions::from_code(self.0).expect("every plane is defined").wkt
    }

    /// Where it is meant for, in words.
    #[must_use]
    pub fn place(self) -> String {
        match self.0 {
            2154 => "mainland France".to_owned(),
            5490 => "the Antilles".to_owned(),
            2972 => "Guyane".to_owned(),
            2975 => "Réunion".to_owned(),
            4471 => "Mayotte".to_owned(),
            code => format!("the UTM zone of the network (EPSG:{code})"),
        }
    }

    /// Whether it is meant for a position.
    #[must_use]
    pub fn covers(self, position: Wgs84) -> bool {
        if let Some((_, low, high)) = LEGAL.iter().find(|it| it.0 == self.0) {
            return within(*low, *high, position);
        }
        let zone = f64::from(self.0 % 100);
        let east = (position.longitude() - (zone * 6.0 - 183.0) + 180.0).rem_euclid(360.0) - 180.0;
        let north = self.0 < 32700;
        let latitude = if north { position.latitude() } else { -position.latitude() };
        east.abs() <= UTM_REACH_DEG && (-1.0..=84.0).contains(&latitude)
    }
}

impl Default for Plane {
    fn default() -> Self {
        Self::LAMBERT_93
    }
}

fn within(low: [f64; 2], high: [f64; 2], position: Wgs84) -> bool {
    (low[0]..=high[0]).contains(&position.longitude())
        && (low[1]..=high[1]).contains(&position.latitude())
}

/// Turns degrees into the metres of a plane and back.
///
/// # Source
///
/// The EPSG registry, through the definitions of `crs-definitions` and the arithmetic of `proj4rs`.
///
/// # Example
///
/// ```
/// # use voirie::domain::{Plane, Projector, Wgs84};
/// let origin = Wgs84::new(3.0, 46.5)?;
/// let projected = Projector::new(Plane::LAMBERT_93).project(origin).expect("in France");
/// assert!((projected.x - 700_000.0).abs() < 1e-6 && (projected.y - 6_600_000.0).abs() < 1e-6);
/// # Ok::<(), voirie::domain::BoundsError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Projector {
    plane: Plane,
    degrees: Proj,
    metres: Proj,
}

impl Projector {
    /// Between degrees and a plane.
    ///
    /// # Panics
    ///
    /// Never: the definitions are compiled in, and the tests read them all.
    #[must_use]
    pub fn new(plane: Plane) -> Self {
        let definition = crs_definitions::from_code(plane.0).expect("every plane is defined").proj4;
        Self {
            plane,
            degrees: Proj::from_proj_string(DEGREES).expect("a definition compiled in"),
            metres: Proj::from_proj_string(definition).expect("a definition compiled in"),
        }
    }

    /// The plane.
    #[must_use]
    pub const fn plane(&self) -> Plane {
        self.plane
    }

    /// Metres in the plane; nothing where the plane is not meant for.
    #[must_use]
    pub fn project(&self, position: Wgs84) -> Option<PlanePoint> {
        if !self.plane.covers(position) {
            return None;
        }
        let (longitude, latitude) = (position.longitude(), position.latitude());
        let mut point = (longitude.to_radians(), latitude.to_radians(), 0.0);
        transform(&self.degrees, &self.metres, &mut point).ok()?;
        Some(PlanePoint { x: point.0, y: point.1 })
    }

    /// Degrees of a point of the plane.
    ///
    /// # Panics
    ///
    /// When a coordinate is not finite or lies some millions of kilometres away: a bug in the
    /// caller, since points come from [`Projector::project`].
    #[must_use]
    pub fn unproject(&self, point: PlanePoint) -> Wgs84 {
        let mut found = (point.x, point.y, 0.0);
        transform(&self.metres, &self.degrees, &mut found).expect("a point of the plane");
        // Far behind the pole the plane shows the same meridian twice.
        let longitude = (found.0.to_degrees() + 180.0).rem_euclid(360.0) - 180.0;
        Wgs84::new(longitude, found.1.to_degrees().clamp(-90.0, 90.0)).expect("finite degrees")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(longitude: f64, latitude: f64) -> Wgs84 {
        Wgs84::new(longitude, latitude).unwrap()
    }

    #[test]
    fn points_agree_with_proj() {
        // gdaltransform -s_srs OGC:CRS84 -t_srs EPSG:2154, GDAL 3.6 with PROJ 9.1.
        let cases = [
            ((3.0, 46.5), (700_000.0, 6_600_000.0)),
            // Paris, Toulouse, Ouessant, Bastia, Andorra la Vella, Strasbourg, Biarritz,
            // Dunkerque, Nice.
            ((2.3522, 48.8566), (652_469.022_709_136, 6_862_035.259_420_08)),
            ((1.4442, 43.6047), (574_357.820_137_831, 6_279_642.972_342_64)),
            ((-4.7645, 48.0392), (122_287.162_291_57, 6_799_406.333_281)),
            ((9.4509, 42.7028), (1_228_594.218_247_97, 6_199_737.051_650_54)),
            ((1.5218, 42.5063), (578_337.672_772_955, 6_157_414.716_627_09)),
            ((7.7521, 48.5734), (1_050_362.695_357_93, 6_840_899.647_188_03)),
            ((-1.5586, 43.4832), (331_261.333_208_915, 6_275_547.917_677_11)),
            ((2.3752, 51.0348), (656_075.388_677_329, 7_104_518.410_917_88)),
            ((7.2661, 43.7031), (1_043_782.804_054_44, 6_298_629.994_542_38)),
        ];
        let projector = Projector::new(Plane::LAMBERT_93);
        for ((longitude, latitude), (x, y)) in cases {
            let got = projector.project(at(longitude, latitude)).unwrap();
            let away = got.distance(PlanePoint { x, y }).get();
            assert!(away < 1e-5, "{longitude} {latitude}: {got:?} is {away} m away");
        }
    }

    /// The definition that IGN publishes, written out.
    ///
    /// Source: IGN, « Projection cartographique conique conforme de Lambert », `NTG_71`, and the
    /// parameters of Lambert-93: n, C, `X_s`, `Y_s`, first eccentricity of GRS 80.
    fn ign(position: Wgs84) -> PlanePoint {
        let (n, c) = (0.725_607_765_0, 11_754_255.426_1);
        let (x_s, y_s) = (700_000.0, 12_655_612.049_9);
        let e = 0.081_819_191_042_816_f64;
        let latitude = position.latitude().to_radians();
        let isometric = latitude.sin().atanh() - e * (e * latitude.sin()).atanh();
        let (radius, angle) =
            (c * (-n * isometric).exp(), n * (position.longitude() - 3.0).to_radians());
        PlanePoint { x: x_s + radius * angle.sin(), y: y_s - radius * angle.cos() }
    }

    #[test]
    fn every_plane_is_defined_and_comes_back() {
        let codes = (32601..=32660).chain(32701..=32760).chain(LEGAL.iter().map(|it| it.0));
        for code in codes {
            let plane = Plane::of_code(code).unwrap();
            assert!(plane.well_known_text().starts_with("PROJCS["), "{code}");
            let _ = Projector::new(plane);
        }
        assert_eq!((Plane::of_code(2056), Plane::of_code(32661)), (None, None));
        for (longitude, latitude) in
            [(55.5, -21.1), (-61.5, 16.2), (-122.47, 37.72), (179.9, -10.0), (-180.0, 60.0)]
        {
            let there = at(longitude, latitude);
            let projector = Projector::new(Plane::at(there));
            let back = projector.unproject(projector.project(there).unwrap());
            assert!((back.longitude() - longitude).abs() < 1e-8, "{there:?} {back:?}");
            assert!((back.latitude() - latitude).abs() < 1e-8, "{there:?} {back:?}");
        }
    }

    #[test]
    fn places_outside_the_area_have_no_metres() {
        let projector = Projector::new(Plane::LAMBERT_93);
        // San Francisco, null island, the Réunion, a swapped Toulouse.
        for (longitude, latitude) in [(-122.4, 37.7), (0.0, 0.0), (55.5, -21.1), (43.6, 1.44)] {
            assert_eq!(projector.project(at(longitude, latitude)), None);
        }
    }

    proptest! {
        #[test]
        fn metres_come_back_as_the_same_degrees(
            longitude in -9.86..10.38_f64,
            latitude in 41.15..51.56_f64,
        ) {
            let projector = Projector::new(Plane::LAMBERT_93);
            let there = at(longitude, latitude);
            let back = projector.unproject(projector.project(there).unwrap());
            prop_assert!((back.longitude() - longitude).abs() < 1e-9, "{back:?}");
            prop_assert!((back.latitude() - latitude).abs() < 1e-9, "{back:?}");
        }

        #[test]
        fn metres_follow_the_published_constants(
            longitude in -9.86..10.38_f64,
            latitude in 41.15..51.56_f64,
        ) {
            let there = at(longitude, latitude);
            let got = Projector::new(Plane::LAMBERT_93).project(there).unwrap();
            // The published constants have ten digits: a millimetre at most.
            prop_assert!(got.distance(ign(there)).get() < 1.5e-3, "{got:?} {:?}", ign(there));
        }

        #[test]
        fn any_point_of_the_plane_has_degrees(x in -1e7..1e7_f64, y in -1e7..1e7_f64) {
            let _ = Projector::new(Plane::LAMBERT_93).unproject(PlanePoint { x, y });
        }
    }
}
