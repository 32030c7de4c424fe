//! What may be otherwise than believed, and what it does to programmes.

use super::rules::SelectionRule;

/// How far what a programme rests on may be from the truth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlanDoubt {
    /// Standard deviation of ln λ, the same error on the whole network: 0.2 for some 20 %.
    pub ageing_network: f64,
    /// Standard deviation of ln λ of each section about that of the network.
    pub ageing_section: f64,
    /// Standard deviation of ln of the prices, the same for all works and years.
    pub prices: f64,
    /// Standard deviation of all starting notes together, points.
    pub notes_network: f64,
    /// Standard deviation of each starting note, points.
    pub notes_section: f64,
}

/// How many worlds are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draws {
    /// In which the programmes are carried out as decided.
    pub n_draws: u64,
    /// In which works are also chosen anew each year, as if the network had been filmed again; none if 0.
    pub n_filmed_again: u64,
    /// What they are drawn from: the same seed draws the same worlds.
    pub seed: u64,
}

/// What lies below, for shares of the draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantiles {
    /// For a twentieth of the draws.
    pub p05: f64,
    /// For a quarter.
    pub p25: f64,
    /// For half.
    pub p50: f64,
    /// For three quarters.
    pub p75: f64,
    /// For all but a twentieth.
    pub p95: f64,
}

impl Quantiles {
    /// Of some values, between the two nearest where none is exact.
    ///
    /// # Panics
    ///
    /// Without any value.
    #[must_use]
    pub fn of(mut values: Vec<f64>) -> Self {
        assert!(!values.is_empty(), "quantiles of nothing");
        values.sort_by(f64::total_cmp);
        let last = values.len() - 1;
        let at = |share: f64| {
            #[expect(
                clippy::cast_precision_loss,
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a place in a list of draws"
            )]
            let (place, below) = (share * last as f64, (share * last as f64) as usize);
            let above = (below + 1).min(last);
            values[below] + (values[above] - values[below]) * place.fract()
        };
        Self { p05: at(0.05), p25: at(0.25), p50: at(0.5), p75: at(0.75), p95: at(0.95) }
    }
}

/// What filming again each year before deciding would bring.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FilmedAgain {
    /// The rule that chose the works, each year on the true notes: the scenario's own, or benefit over cost
    /// where the scenario is optimised, which is too long to do again in each draw.
    pub rule: SelectionRule,
    /// Points of NG gained over the same rule's works as decided today, as the programme's own gain.
    pub gain: f64,
    /// Standard error of that.
    pub error: f64,
    /// Draws that it was measured on.
    pub n_draws: usize,
}

/// What may become of a network under one programme, decided today.
#[derive(Clone, Debug, PartialEq)]
pub struct Prospect {
    /// Name of the scenario.
    pub name: String,
    /// Draws played.
    pub n_draws: usize,
    /// NG before the first year, then at the end of each; each with its calendar year.
    pub ng: Vec<(i32, Quantiles)>,
    /// Points of NG gained over doing nothing, both in the same draw.
    pub gain: Quantiles,
    /// Share of the draws in which the last NG is at least the first.
    pub keeps: f64,
    /// For each scenario in the order of the file, the share of the draws in which this one gains more; half of
    /// those in which they gain the same.
    pub beats: Vec<f64>,
    /// Mean share of the works that dearer prices forbade.
    pub unpaid: f64,
    /// What filming again would bring, when it was asked.
    pub filmed_again: Option<FilmedAgain>,
}

impl Prospect {
    /// NG at the end of the last year.
    #[must_use]
    pub fn ng_end(&self) -> Option<Quantiles> {
        self.ng.last().map(|it| it.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_the_nearest_values() {
        let it = Quantiles::of((0..=20).rev().map(f64::from).collect());
        let got = [it.p05, it.p25, it.p50, it.p75, it.p95];
        for (got, want) in got.into_iter().zip([1.0, 5.0, 10.0, 15.0, 19.0]) {
            assert!((got - want).abs() < 1e-12, "{got} {want}");
        }
        assert!((Quantiles::of(vec![1.0, 2.0]).p25 - 1.25).abs() < 1e-12);
        assert!((Quantiles::of(vec![3.0]).p95 - 3.0).abs() < 1e-12);
    }
}
