//! Writing a base, step by step, to a file that appears only when all is well.

use super::error::{BaseError, BaseErrorKind};
use super::geometry::{Geometry, in_lane};
use super::layer::{self, Drawn};
use super::open::check;
use super::step::Step;
use super::{lanes, migrate, schema, style, trail};
use crate::domain::{
    Aggregates, DefectKind, Finding, Indicators, LocatedDefect, LocatedFrame, Network, NoteClasses,
    Outlook, Plane, Programme, Provenance, Road, SectionRating, Survey,
};
use crate::io::atomic::Draft;
use crate::io::rows::{
    self, AreaRow, CellDefectRow, FinalNoteRow, MarkRow, MeanRow, SectionDefectRow, Works,
};
use rusqlite::Connection;
use std::path::{Path, PathBuf};

type Outcome = Result<(), BaseErrorKind>;

/// A base being written. Dropped before [`Base::finish`], it leaves no trace.
#[derive(Debug)]
pub struct Base {
    // The connection closes before the draft it lies in goes.
    connection: Connection,
    draft: Draft,
    path: PathBuf,
    provenance: Provenance,
    /// What its layers are drawn in.
    plane: Plane,
    /// What its campaign is called.
    title: String,
}

impl Base {
    /// Starts an empty base, in place of any file of that name.
    ///
    /// # Errors
    ///
    /// When the folder cannot be written to.
    pub fn create(path: &Path, provenance: &Provenance) -> Result<Self, BaseError> {
        Self::start(path, provenance, false).map_err(BaseError::at(path))
    }

    /// Starts from what a base already holds; each step written replaces its own tables and
    /// removes those of later steps, which rested on the old ones.
    ///
    /// # Errors
    ///
    /// When there is no such base or the folder cannot be written to.
    pub fn update(path: &Path, provenance: &Provenance) -> Result<Self, BaseError> {
        Self::start(path, provenance, true).map_err(BaseError::at(path))
    }

    fn start(path: &Path, provenance: &Provenance, keep: bool) -> Result<Self, BaseErrorKind> {
        let mut draft = Draft::beside(path)?;
        if keep {
            std::io::copy(&mut std::fs::File::open(path)?, draft.file())?;
        }
        let connection = Connection::open(draft.path())?;
        // The draft vanishes if anything fails and is brought to the disk as a whole at the end:
        // a journal would protect nothing.
        connection.execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;",
        )?;
        let title = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let plane = if keep {
            check(&connection)?;
            connection.execute_batch("BEGIN")?;
            migrate::to_present(&connection, &title)?;
            schema::plane(&connection)?
        } else {
            schema::lay(&connection)?;
            connection.execute_batch("BEGIN")?;
            Plane::default()
        };
        let (path, provenance) = (path.to_owned(), provenance.clone());
        Ok(Self { connection, draft, path, provenance, plane, title })
    }

    /// The same base, its campaign called so; otherwise it bears the name of the file.
    #[must_use]
    pub fn titled(mut self, title: &str) -> Self {
        if !title.is_empty() {
            title.clone_into(&mut self.title);
        }
        self
    }

    /// Brings the base to the disk and gives it its name.
    ///
    /// # Errors
    ///
    /// When the disk is full or the name cannot be taken; the old base is then untouched.
    pub fn finish(self) -> Result<(), BaseError> {
        let Self { connection, draft, path, .. } = self;
        let kept = || -> Outcome {
            connection.execute_batch("COMMIT")?;
            // A fresh copy without holes: its bytes depend on what it holds, not on its past.
            let compact = Draft::beside(&path)?;
            let target = compact.path().to_str().ok_or_else(|| BaseErrorKind::NotABase {
                found: "a path that is not UTF-8".to_owned(),
            })?;
            connection.execute("VACUUM INTO ?1", [target])?;
            connection.close().map_err(|(_, error)| error)?;
            drop(draft);
            Ok(compact.keep()?)
        };
        kept().map_err(BaseError::at(&path))
    }

    /// Writes the roads, their markers, and what they cross.
    ///
    /// # Errors
    ///
    /// When the disk is full.
    pub fn write_network(&mut self, network: &Network) -> Result<(), BaseError> {
        self.network(network).map_err(BaseError::at(&self.path))
    }

    fn network(&mut self, network: &Network) -> Outcome {
        self.plane = network.plane();
        schema::declare(&self.connection, self.plane)?;
        trail::write_version(&self.connection, network.version())?;
        let roads: Vec<&Road> = network.roads().iter().collect();
        let drawn = |it: &&Road| Some(Geometry::Line(it.line().to_vec()));
        self.lines(&rows::roads(), &roads, &drawn, &style::network())?;
        let marks: Vec<_> = (1..)
            .zip(network.roads())
            .flat_map(|(piece, road)| {
                road.marks().iter().map(move |mark| MarkRow { piece, road, mark: *mark })
            })
            .collect();
        let drawn = |it: &MarkRow| Some(Geometry::Point(it.road.point_at(it.mark.cumul).0));
        self.points(&rows::marks(), &marks, &drawn, &style::marks())?;
        self.areas(network)
    }

    /// Writes which municipalities and sectors the roads cross, in place of what the base says of it.
    ///
    /// # Errors
    ///
    /// When the disk is full.
    pub fn write_areas(&mut self, network: &Network) -> Result<(), BaseError> {
        self.areas(network).map_err(BaseError::at(&self.path))
    }

    fn areas(&self, network: &Network) -> Outcome {
        let (table, all) = (rows::areas(), rows::areas_of(network));
        if all.is_empty() {
            return Ok(layer::remove(&self.connection, table.name)?);
        }
        let drawn = |it: &AreaRow| Some(Geometry::Line(it.road.piece(it.span.from, it.span.to)));
        self.lines(&table, &all, &drawn, &style::areas())
    }

    /// Writes clips, frames, cells and defects; notes and programmes of an older survey go.
    ///
    /// # Errors
    ///
    /// When the disk is full.
    pub fn write_survey(&mut self, network: &Network, survey: &Survey) -> Result<(), BaseError> {
        self.survey(network, survey).map_err(BaseError::at(&self.path))
    }

    fn survey(&self, network: &Network, survey: &Survey) -> Outcome {
        self.restart(Step::Survey)?;
        lanes::write_campaign(&self.connection, &self.title, survey)?;
        layer::write(&self.connection, &rows::clips(), &survey.clips, None)?;
        let drawn = |it: &LocatedFrame| Some(Geometry::Point(it.projected));
        self.points(&rows::frames(network), &survey.frames, &drawn, &style::frames())?;
        lanes::write_cells(&self.connection, self.plane, network, &survey.cells)?;
        self.cell_defects(survey)?;
        let drawn = |it: &LocatedDefect| {
            let road = &network.roads()[it.road];
            Some(Geometry::Line(in_lane(road, it.direction, (it.from, it.to), it.lateral)))
        };
        let table = rows::defects(network, survey);
        self.lines(&table, &survey.defects, &drawn, &style::defects())
    }

    /// Writes sections, their defects and the means; programmes made from older notes go.
    ///
    /// `seen` are the kinds of defects that the survey looks for.
    ///
    /// # Errors
    ///
    /// When the disk is full.
    pub fn write_ratings(
        &mut self,
        network: &Network,
        ratings: &[SectionRating],
        aggregates: &Aggregates,
        classes: &NoteClasses,
        seen: &[DefectKind],
    ) -> Result<(), BaseError> {
        self.ratings(network, ratings, aggregates, classes, seen).map_err(BaseError::at(&self.path))
    }

    fn ratings(
        &self,
        network: &Network,
        ratings: &[SectionRating],
        aggregates: &Aggregates,
        classes: &NoteClasses,
        seen: &[DefectKind],
    ) -> Outcome {
        self.restart(Step::Score)?;
        self.rated(network, &rows::sections(network, classes, seen), ratings, classes)?;
        let defects: Vec<_> = ratings
            .iter()
            .flat_map(|rating| {
                rating
                    .distress
                    .defects
                    .iter()
                    .map(move |defect| SectionDefectRow { rating, defect })
            })
            .collect();
        layer::write(&self.connection, &rows::section_defects(network), &defects, None)?;
        let states = rows::coverage_of(ratings);
        layer::write(&self.connection, &rows::section_coverage(network), &states, None)?;
        let levels = [
            ("reseau", std::slice::from_ref(&aggregates.network)),
            ("route", &aggregates.roads),
            ("categorie", &aggregates.categories),
            ("secteur", &aggregates.sectors),
            ("commune", &aggregates.municipalities),
        ];
        let means: Vec<_> = levels
            .into_iter()
            .flat_map(|(level, means)| means.iter().map(move |mean| MeanRow { level, mean }))
            .collect();
        Ok(layer::write(&self.connection, &rows::means(classes), &means, None)?)
    }

    /// Writes stretches of alike condition, after the notes of the sections.
    ///
    /// # Errors
    ///
    /// When the disk is full.
    pub fn write_homogeneous(
        &mut self,
        network: &Network,
        stretches: &[SectionRating],
        classes: &NoteClasses,
        seen: &[DefectKind],
    ) -> Result<(), BaseError> {
        let table = rows::homogeneous(network, classes, seen);
        self.rated(network, &table, stretches, classes).map_err(BaseError::at(&self.path))
    }

    /// Writes a layer of sections, drawn on their roads.
    fn rated(
        &self,
        network: &Network,
        table: &rows::Table<'_, SectionRating>,
        ratings: &[SectionRating],
        classes: &NoteClasses,
    ) -> Outcome {
        let drawn = |it: &SectionRating| {
            let section = &it.distress.section;
            Some(Geometry::Line(network.roads()[section.road].piece(section.from, section.to)))
        };
        self.lines(table, ratings, &drawn, &style::sections(classes))
    }

    /// Writes works, scenarios and their years. `ratings` say where the sections lie; `outlooks` may be empty.
    ///
    /// # Errors
    ///
    /// When the disk is full.
    pub fn write_programmes(
        &mut self,
        network: &Network,
        ratings: &[SectionRating],
        programmes: &[Programme],
        (indicators, outlooks): (&[Indicators], &[Outlook]),
        classes: &NoteClasses,
    ) -> Result<(), BaseError> {
        self.programmes(network, ratings, programmes, (indicators, outlooks), classes)
            .map_err(BaseError::at(&self.path))
    }

    fn programmes(
        &self,
        network: &Network,
        ratings: &[SectionRating],
        programmes: &[Programme],
        (indicators, outlooks): (&[Indicators], &[Outlook]),
        classes: &NoteClasses,
    ) -> Outcome {
        self.restart(Step::Plan)?;
        let works = rows::works_of(ratings, programmes);
        let drawn = |it: &Works| {
            let it = it.section?;
            Some(Geometry::Line(network.roads()[it.road].piece(it.from, it.to)))
        };
        self.lines(&rows::works(network), &works, &drawn, &style::programme())?;
        layer::write(&self.connection, &rows::scenarios(), indicators, None)?;
        let years = rows::years_of(programmes, outlooks);
        layer::write(&self.connection, &rows::scenario_years(classes), &years, None)?;
        let finals: Vec<_> = programmes
            .iter()
            .flat_map(|it| it.final_notes.iter().map(|last| (it.scenario.name.as_str(), last)))
            .map(|(scenario, (section, note))| FinalNoteRow { scenario, section, note: *note })
            .collect();
        Ok(layer::write(&self.connection, &rows::final_notes(), &finals, None)?)
    }

    /// Writes what a step found, in both languages, in place of what it found before.
    ///
    /// # Errors
    ///
    /// When the disk is full.
    pub fn write_findings(&mut self, step: Step, findings: &[Finding]) -> Result<(), BaseError> {
        trail::forget(&self.connection, step)
            .and_then(|()| trail::findings(&self.connection, step, findings))
            .map_err(BaseErrorKind::from)
            .map_err(BaseError::at(&self.path))
    }

    /// Writes the cells and their defects anew, with what was found on the way; notes and programmes made
    /// from the old ones go, the rest of the survey stays.
    ///
    /// # Errors
    ///
    /// When the disk is full.
    pub fn add_to_cells(
        &mut self,
        network: &Network,
        survey: &Survey,
        findings: &[Finding],
    ) -> Result<(), BaseError> {
        let write = || -> Outcome {
            trail::clear(&self.connection, Step::Score)?;
            lanes::write_cells(&self.connection, self.plane, network, &survey.cells)?;
            self.cell_defects(survey)?;
            Ok(trail::findings(&self.connection, Step::Survey, findings)?)
        };
        write().map_err(BaseError::at(&self.path))
    }

    fn cell_defects(&self, survey: &Survey) -> Outcome {
        let all: Vec<_> = (1..)
            .zip(&survey.cells)
            .flat_map(|(cell, it)| {
                it.defects.iter().map(move |defect| CellDefectRow { cell, defect })
            })
            .collect();
        Ok(layer::write(&self.connection, &rows::cell_defects(), &all, None)?)
    }

    /// Clears a step and those that build on it, and says who writes it now.
    fn restart(&self, step: Step) -> Outcome {
        trail::clear(&self.connection, step)?;
        Ok(trail::provenance(&self.connection, step, &self.provenance)?)
    }

    fn lines<T>(
        &self,
        table: &rows::Table<'_, T>,
        of: &[T],
        drawn: &dyn Fn(&T) -> Option<Geometry>,
        qml: &str,
    ) -> Outcome {
        self.layer(table, of, &self.drawn("LINESTRING", drawn), qml)
    }

    fn points<T>(
        &self,
        table: &rows::Table<'_, T>,
        of: &[T],
        drawn: &dyn Fn(&T) -> Option<Geometry>,
        qml: &str,
    ) -> Outcome {
        self.layer(table, of, &self.drawn("POINT", drawn), qml)
    }

    fn drawn<'a, T>(
        &self,
        type_name: &'static str,
        of: &'a dyn Fn(&T) -> Option<Geometry>,
    ) -> Drawn<'a, T> {
        Drawn { type_name, srs: i32::from(self.plane.code()), of }
    }

    fn layer<T>(
        &self,
        table: &rows::Table<'_, T>,
        of: &[T],
        drawn: &Drawn<'_, T>,
        qml: &str,
    ) -> Outcome {
        layer::write(&self.connection, table, of, Some(drawn))?;
        Ok(layer::style(&self.connection, table.name, qml)?)
    }
}
