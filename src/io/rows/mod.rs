//! The rows that leave the program: for each table, its columns and where each value comes from.
//!
//! One definition serves every format: the base stores the values as they are, the CSV files and
//! the GeoJSON show the decimals worth showing. Column names are those of the French survey sheet
//! (DOMAIN.md section 2) where it has one. What is unknown is empty, never zero.

mod comparison;
mod coverage;
mod csv;
mod matched;
mod network;
mod place;
mod programme;
mod prospect;
mod sections;
mod survey;
mod table;

pub use comparison::changes;
pub(crate) use coverage::NOT_FILMED;
pub use coverage::{CoverageRow, coverage_of, section_coverage};
pub(crate) use csv::short_hash;
pub use csv::{
    write, write_coverage, write_defects, write_frames, write_homogeneous, write_programme,
    write_scenario_doubts, write_scenario_fans, write_scenario_years, write_scenarios,
    write_section_defects, write_sections,
};
pub use matched::{MatchedFix, driven, matched};
pub use network::{AreaRow, MarkRow, areas, areas_of, marks, roads};
pub(crate) use network::{MUNICIPALITY, SECTOR};
pub use place::Span;
pub use programme::{
    FinalNoteRow, Works, YearRow, engineers_table, final_notes, scenario_years, scenarios, works,
    works_of, years_of,
};
pub use prospect::{FanRow, fans_of, scenario_doubts, scenario_fans};
pub(crate) use sections::unrated_word;
pub use sections::{MeanRow, SectionDefectRow, homogeneous, means, section_defects, sections};
pub use survey::{
    CampaignRow, CellDefectRow, campaigns, cell_defects, cells, clips, defects, frames,
};
pub use table::{Column, Kind, Table, Value};

#[cfg(test)]
pub(crate) mod example;
