//! The best programme that a budget can buy, with a bound on what any could reach.
//!
//! Every way that each section may go over the years is played in the world of the simulation
//! (`alternatives`), and of them one each is chosen (`pool`). Money gets a price in each purse, an envelope
//! in a year, at which roads choose for themselves (`chain`); the prices that lower the sum most
//! (`prices`) bound what any programme within the purses could reach, and lead to one that nearly does
//! (`repair`).

mod alternatives;
mod anneal;
mod chain;
mod counted;
mod plan;
mod pool;
mod prices;
mod ranks;
mod repair;
mod round;
mod shed;
mod solve;
#[cfg(test)]
mod tests;
mod useful;

pub use counted::{Counted, SITE};
pub use plan::{optimise, pool};
pub use pool::{Alternative, Draw, Pool, Purse, Section, Selection};
pub use solve::{Solved, solve};
