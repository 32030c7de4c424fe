//! Filling a page's template, the same way for each page.

use super::page::ReportError;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value};
use serde::Serialize;

/// Drawings that pages share.
const CHART: &str = include_str!("chart.html");

/// The page, whole: names that the template asks for and does not get are a bug.
pub(super) fn fill(template: &str, values: impl Serialize) -> Result<String, ReportError> {
    let bug = |it: minijinja::Error| ReportError::Page(Box::new(it));
    let mut pages = Environment::new();
    pages.set_undefined_behavior(UndefinedBehavior::Strict);
    pages.set_syntax(
        SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().map_err(bug)?,
    );
    pages.add_template("chart.html", CHART).map_err(bug)?;
    pages.add_template("page.html", template).map_err(bug)?;
    let values = Value::from(Serde(values));
    pages.get_template("page.html").and_then(|it| it.render(values)).map_err(bug)
}
