//! The question that is asked backwards: what would it take for this section to have works in that year?
//!
//! Every answer is played by the scenario's own rule over the whole network, never estimated; how many
//! programmes that takes at most is [`most_plays`].

mod answer;
mod asked;
mod course;
mod impose;
mod limits;
mod money;
mod queue;
#[cfg(test)]
mod tests;

pub use answer::{answer, most_plays};
