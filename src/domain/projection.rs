//! From degrees to metres and back.

use super::position::{Lambert93, Wgs84};
use proj4rs::Proj;
use proj4rs::transform::transform;

/// Degrees east and north that Lambert-93 is meant for: mainland France and Corsica, with their
/// seas and so with Andorra and Monaco.
///
/// Source: EPSG registry, area of use of EPSG:2154 (France, onshore and offshore).
const AREA: ([f64; 2], [f64; 2]) = ([-9.86, 41.15], [10.38, 51.56]);

/// RGF93 in degrees, on the ellipsoid of Lambert-93.
///
/// Source: EPSG registry, EPSG:4171. RGF93 and WGS 84 agree within a metre and are taken as one,
/// as PROJ does from EPSG:4326 to EPSG:2154.
const DEGREES: &str = "+proj=longlat +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +no_defs";

/// Turns degrees into Lambert-93 metres and back.
///
/// # Source
///
/// EPSG:2154, through the definitions of `crs-definitions` and the arithmetic of `proj4rs`.
///
/// # Example
///
/// ```
/// # use voirie::domain::{Projector, Wgs84};
/// let origin = Wgs84::new(3.0, 46.5)?;
/// let projected = Projector::lambert93().project(origin).expect("in France");
/// assert!((projected.x - 700_000.0).abs() < 1e-6 && (projected.y - 6_600_000.0).abs() < 1e-6);
/// # Ok::<(), voirie::domain::BoundsError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Projector {
    degrees: Proj,
    metres: Proj,
}

impl Projector {
    /// RGF93 / Lambert-93.
    ///
    /// # Panics
    ///
    /// Never: both definitions are compiled in.
    #[must_use]
    pub fn lambert93() -> Self {
        let definition = crs_definitions::EPSG_2154.proj4;
        Self {
            degrees: Proj::from_proj_string(DEGREES).expect("a definition compiled in"),
            metres: Proj::from_proj_string(definition).expect("a definition compiled in"),
        }
    }

    /// Whether Lambert-93 is meant for a position.
    #[must_use]
    pub fn covers(position: Wgs84) -> bool {
        let (low, high) = AREA;
        (low[0]..=high[0]).contains(&position.longitude())
            && (low[1]..=high[1]).contains(&position.latitude())
    }

    /// Metres in the plane; nothing outside mainland France, Corsica and their neighbourhood.
    #[must_use]
    pub fn project(&self, position: Wgs84) -> Option<Lambert93> {
        if !Self::covers(position) {
            return None;
        }
        let (longitude, latitude) = (position.longitude(), position.latitude());
        let mut point = (longitude.to_radians(), latitude.to_radians(), 0.0);
        transform(&self.degrees, &self.metres, &mut point).ok()?;
        Some(Lambert93 { x: point.0, y: point.1 })
    }

    /// Degrees of a point of the plane.
    ///
    /// # Panics
    ///
    /// When a coordinate is not finite or lies some millions of kilometres away: a bug in the
    /// caller, since points come from [`Projector::project`].
    #[must_use]
    pub fn unproject(&self, point: Lambert93) -> Wgs84 {
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
        let projector = Projector::lambert93();
        for ((longitude, latitude), (x, y)) in cases {
            let got = projector.project(at(longitude, latitude)).unwrap();
            let away = got.distance(Lambert93 { x, y }).get();
            assert!(away < 1e-5, "{longitude} {latitude}: {got:?} is {away} m away");
        }
    }

    /// The definition that IGN publishes, written out.
    ///
    /// Source: IGN, « Projection cartographique conique conforme de Lambert », `NTG_71`, and the
    /// parameters of Lambert-93: n, C, `X_s`, `Y_s`, first eccentricity of GRS 80.
    fn ign(position: Wgs84) -> Lambert93 {
        let (n, c) = (0.725_607_765_0, 11_754_255.426_1);
        let (x_s, y_s) = (700_000.0, 12_655_612.049_9);
        let e = 0.081_819_191_042_816_f64;
        let latitude = position.latitude().to_radians();
        let isometric = latitude.sin().atanh() - e * (e * latitude.sin()).atanh();
        let (radius, angle) =
            (c * (-n * isometric).exp(), n * (position.longitude() - 3.0).to_radians());
        Lambert93 { x: x_s + radius * angle.sin(), y: y_s - radius * angle.cos() }
    }

    #[test]
    fn places_outside_the_area_have_no_metres() {
        let projector = Projector::lambert93();
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
            let projector = Projector::lambert93();
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
            let got = Projector::lambert93().project(there).unwrap();
            // The published constants have ten digits: a millimetre at most.
            prop_assert!(got.distance(ign(there)).get() < 1.5e-3, "{got:?} {:?}", ign(there));
        }

        #[test]
        fn any_point_of_the_plane_has_degrees(x in -1e7..1e7_f64, y in -1e7..1e7_f64) {
            let _ = Projector::lambert93().unproject(Lambert93 { x, y });
        }
    }
}
