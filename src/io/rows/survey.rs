//! Rows of a survey: clips, frames, cells, defects.

use super::place::{Span, from_to, how_much, on_road};
use super::table::Table;
use crate::domain::{
    ClipOutcome, Defect, LocatedDefect, LocatedFrame, Metres, Network, RoadCell, RoadPlace,
    Seconds, Severity, Survey, Validity,
};
use crate::io::wording::{self, Language, utc};

/// One defect of one cell.
#[derive(Clone, Copy, Debug)]
pub struct CellDefectRow<'a> {
    /// Rank of the cell's row, from 1.
    pub cell: usize,
    /// The defect.
    pub defect: &'a Defect,
}

/// One campaign: when and how far the patrols drove.
#[derive(Clone, Debug, PartialEq)]
pub struct CampaignRow {
    /// What it is called.
    pub name: String,
    /// First and last instant of a frame, seconds since 1970; nothing without any frame.
    pub dates: Option<(Seconds, Seconds)>,
    /// Driven while filming.
    pub travelled: Metres,
    /// Of lane that a usable frame saw.
    pub seen: Metres,
    /// Clips.
    pub n_clips: usize,
    /// Kept frames.
    pub n_frames: usize,
}

impl CampaignRow {
    /// That of a survey.
    #[must_use]
    pub fn of(name: &str, survey: &Survey) -> Self {
        let sum = |all: &mut dyn Iterator<Item = Metres>| all.fold(Metres::ZERO, |a, b| a + b);
        let valid = survey.cells.iter().filter(|it| it.validity == Validity::Valid);
        let times = survey.frames.iter().map(|it| it.time).map(|it| (it, it));
        let sooner = |a: Seconds, b: Seconds| if b.get() < a.get() { b } else { a };
        let later = |a: Seconds, b: Seconds| if b.get() > a.get() { b } else { a };
        Self {
            name: name.to_owned(),
            dates: times.reduce(|a, b| (sooner(a.0, b.0), later(a.1, b.1))),
            travelled: sum(&mut survey.clips.iter().map(|it| it.travelled)),
            seen: sum(&mut valid.map(|it| it.to - it.from)),
            n_clips: survey.clips.len(),
            n_frames: survey.frames.len(),
        }
    }
}

/// The one row of a campaign.
#[must_use]
pub fn campaigns<'a>() -> Table<'a, CampaignRow> {
    Table::new("campagnes", "campagne de relevé")
        .text("nom", "nom de la campagne", |it: &CampaignRow| it.name.clone())
        .instant("debut", "première image, heure UTC", |it| it.dates.and_then(|it| utc(it.0)))
        .instant("fin", "dernière image, heure UTC", |it| it.dates.and_then(|it| utc(it.1)))
        .real("parcouru_km", 3, "distance parcourue en filmant, en km", |it| {
            it.travelled.get() / 1000.0
        })
        .real("voie_vue_km", 3, "longueur de voie vue par une image utilisable, en km", |it| {
            it.seen.get() / 1000.0
        })
        .integer("videos", "vidéos", |it| it.n_clips)
        .integer("images", "images retenues", |it| it.n_frames)
}

/// The word for the gravest thing in a cell.
fn state(it: &RoadCell) -> &'static str {
    match it.defects.iter().map(|it| it.severity).max() {
        Some(Severity::High) => "grave",
        Some(Severity::Medium) => "marqué",
        Some(Severity::Low) => "léger",
        None if it.validity == Validity::Valid => "sain",
        None => "non vu",
    }
}

/// One row for each clip.
#[must_use]
pub fn clips<'a>() -> Table<'a, ClipOutcome> {
    Table::new("clips", "vidéos du relevé")
        .text("video", "nom du fichier", |it: &ClipOutcome| it.clip.to_string())
        .text("decodeur", "décodeur et codec", |it| it.decoder.clone())
        .text("horloge", "d’où vient l’heure de la première image", |it| {
            it.clock.map(|it| it.source.word())
        })
        .instant("debut", "heure UTC de la première image", |it| {
            it.clock.and_then(|it| utc(it.starts))
        })
        .real("debut_epoque_s", 3, "heure de la première image, en s depuis 1970", |it| {
            it.clock.map(|it| it.starts)
        })
        .real("decalage_s", 2, "ajouté à la date de la vidéo, en s", |it| {
            it.clock.and_then(|it| it.offset)
        })
        .real("decalage_ecart_type_s", 2, "son écart-type d’après les images, en s", |it| {
            it.clock.and_then(|it| it.sd)
        })
        .integer("images", "images retenues", |it| it.n_frames)
        .integer("images_placees", "images placées sur le réseau", |it| it.n_located)
        .real("parcouru_m", 0, "distance parcourue en filmant, en m", |it| it.travelled)
        .real("perdu_m", 0, "distance sans position sûre, en m", |it| it.lost)
}

/// One row for each kept frame.
#[must_use]
pub fn frames(network: &Network) -> Table<'_, LocatedFrame> {
    let place = |it: &LocatedFrame| it.place;
    let reference = move |it: &LocatedFrame| {
        place(it).and_then(|it| network.roads()[it.road].reference_at(it.cumul))
    };
    let table = Table::new("frames", "images du relevé, anonymisées")
        .text("video", "nom du fichier vidéo", |it: &LocatedFrame| it.stamp.clip.to_string())
        .integer("numero", "rang de l’image dans la vidéo, depuis 0", |it| it.stamp.number)
        .real("position_s", 3, "position dans la vidéo, en s", |it| it.stamp.at)
        .instant("instant", "heure UTC", |it| utc(it.time))
        .real("epoque_s", 3, "heure UTC, en s depuis 1970", |it| it.time)
        .real("lon", 7, "longitude, en degrés", |it| it.position.longitude())
        .real("lat", 7, "latitude, en degrés", |it| it.position.latitude())
        .real("cap_deg", 1, "cap, en degrés depuis le nord", |it| it.bearing_deg)
        .real("vitesse_m_s", 1, "vitesse, en m/s", |it| it.speed_m_s);
    on_road(table, move |it| place(it).map(|it| &network.roads()[it.road]))
        .text("sens", "+ PR croissants, - PR décroissants", move |it| {
            place(it).map(|it| it.direction.sign())
        })
        .integer("pr", "point de repère", move |it| reference(it).map(|it| it.pr))
        .real("abscisse", 1, "en m après le PR", move |it| reference(it).map(|it| it.abscisse))
        .real("cumul", 1, "en m depuis l’origine de la route", move |it| {
            place(it).map(|it: RoadPlace| it.cumul)
        })
        .real(
            "ecart_m",
            1,
            "écart à l’axe, en m, positif à droite des PR croissants",
            move |it| place(it).map(|it: RoadPlace| it.offset),
        )
        .text("validite", "valid, ou pourquoi l’image est écartée", |it| it.validity.word())
        .real("part_fissuree", 4, "part de la voie fissurée, de 0 à 1", |it| it.cracked_share)
        .real("part_nids", 4, "part de la voie en nids-de-poule, de 0 à 1", |it| it.pothole_share)
        .integer("masques", "visages et plaques masqués", |it| it.redacted)
        .text("image", "chemin de l’image anonymisée", |it| it.picture.clone())
}

/// One row for each five metres of lane.
#[must_use]
pub fn cells(network: &Network) -> Table<'_, RoadCell> {
    on_road(Table::new("cells", "mailles de 5 m de voie"), move |it: &RoadCell| {
        Some(&network.roads()[it.road])
    })
    .text("sens", "+ PR croissants, - PR décroissants", |it| it.direction.sign())
    .real("cumul_d", 1, "début, en m depuis l’origine de la route", |it| it.from)
    .real("cumul_f", 1, "fin, en m depuis l’origine de la route", |it| it.to)
    .text("validite", "valid, ou pourquoi aucune image ne compte", |it| it.validity.word())
    .integer("images", "images utilisables qui la voient", |it| it.n_frames)
    .real("doute_camera", 3, "écart type relatif des longueurs, dû à la caméra", |it| {
        it.geometry
    })
    .text("etat", "le plus grave : grave, marqué, léger, sain ou non vu", state)
    .integer("passages", "passages dont une image utilisable la voit (vide : non su)", |it| {
        it.n_drives
    })
    .instant("vu_le", "dernière image utilisable, heure UTC", |it| it.newest.and_then(utc))
}

/// One row for each defect of each cell.
#[must_use]
pub fn cell_defects<'a>() -> Table<'a, CellDefectRow<'a>> {
    let table = Table::new("cell_defects", "dégradations des mailles de 5 m")
        .integer("maille", "fid de la maille dans cells", |it: &CellDefectRow| it.cell)
        .text("code", "code de la dégradation", |it| it.defect.kind.code())
        .text("gravite", "gravité : L, M ou H", |it| it.defect.severity.code());
    how_much(table, |it| it.defect.extent)
}

/// One row for each defect, with the frame that shows it best.
#[must_use]
pub fn defects<'a>(network: &'a Network, survey: &'a Survey) -> Table<'a, LocatedDefect> {
    let frame = |it: &LocatedDefect| &survey.frames[it.evidence.frame];
    let table = on_road(Table::new("defects", "dégradations"), |it: &LocatedDefect| {
        Some(&network.roads()[it.road])
    })
    .text("sens", "+ PR croissants, - PR décroissants", |it| it.direction.sign());
    let span = |it: &LocatedDefect| Some(Span { road: it.road, from: it.from, to: it.to });
    let table = from_to(table, network, span)
        .text("code", "code de la dégradation", |it| it.defect.kind.code())
        .text("degradation", "nom de la dégradation", |it| {
            wording::defect(it.defect.kind, Language::French)
        })
        .text("gravite", "gravité : L, M ou H", |it| it.defect.severity.code());
    how_much(table, |it| it.defect.extent)
        .real("lateral_m", 1, "écart à l’axe du véhicule, en m, positif à droite", |it| {
            it.lateral
        })
        .real("confiance", 3, "probabilité qu’elle soit réelle, de 0 à 1", |it| it.confidence)
        .real("largeur_mm", 1, "largeur d’une fissure, en mm (vide : non mesurée)", |it| {
            it.width_mm
        })
        .instant("instant", "heure UTC de l’image", move |it| utc(frame(it).time))
        .text("video", "vidéo de l’image", move |it| frame(it).stamp.clip.to_string())
        .integer("numero", "rang de l’image dans la vidéo", move |it| frame(it).stamp.number)
        .integer("image_fid", "fid de l’image dans frames", |it| it.evidence.frame + 1)
        .real("boite_g", 0, "cadre dans l’image : gauche, en px", |it| it.evidence.bounds.left())
        .real("boite_h", 0, "cadre dans l’image : haut, en px", |it| it.evidence.bounds.top())
        .real("boite_d", 0, "cadre dans l’image : droite, en px", |it| it.evidence.bounds.right())
        .real("boite_b", 0, "cadre dans l’image : bas, en px", |it| it.evidence.bounds.bottom())
        .text("image", "chemin de l’image anonymisée", move |it| frame(it).picture.clone())
}
