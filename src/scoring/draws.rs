//! Random numbers that are the same on every machine, from a name.

/// A stream of draws.
///
/// # Source
///
/// `SplitMix64`: Steele, Lea and Flood, « Fast splittable pseudorandom number generators », 2014; seeded
/// with the 64-bit FNV-1a hash of a name. Kept here since no crate promises the same stream for ever.
pub struct Draws(u64);

impl Draws {
    /// The stream of a name.
    pub fn seeded(name: &[u8]) -> Self {
        // Source: FNV-1a, Fowler, Noll and Vo, offset basis and prime for 64 bits.
        let hash = name.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(hash)
    }

    fn next(&mut self) -> u64 {
        // Source: Steele, Lea and Flood, 2014.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform, above 0 and up to 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are a double's")]
    pub fn uniform(&mut self) -> f64 {
        ((self.next() >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    /// Of the normal law.
    ///
    /// # Source
    ///
    /// Box and Muller, 1958.
    pub fn normal(&mut self) -> f64 {
        let (radius, angle) = ((-2.0 * self.uniform().ln()).sqrt(), self.uniform());
        radius * (std::f64::consts::TAU * angle).cos()
    }

    /// Log-normal of mean one and this deviation of logarithms.
    pub fn log_normal(&mut self, deviation: f64) -> f64 {
        log_normal(deviation, self.normal())
    }

    /// Exponential of this mean.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * self.uniform().ln()
    }

    /// A count of the Poisson law; of the normal law of the same mean and variance past thirty.
    ///
    /// # Source
    ///
    /// Knuth, « Seminumerical algorithms », 3.4.1.
    pub fn poisson(&mut self, mean: f64) -> f64 {
        if mean > 30.0 {
            return (mean + mean.sqrt() * self.normal()).round().max(0.0);
        }
        let limit = (-mean).exp();
        let (mut count, mut product) = (0.0, self.uniform());
        while product > limit {
            count += 1.0;
            product *= self.uniform();
        }
        count
    }
}

/// The log-normal of mean one and this deviation of logarithms that a normal draw makes: what is
/// measured in excess here is missed there, and the mean stays.
pub fn log_normal(deviation: f64, normal: f64) -> f64 {
    (deviation * normal - deviation.powi(2) / 2.0).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean_and_variance(of: impl FnMut(usize) -> f64) -> (f64, f64) {
        const N: usize = 20_000;
        let drawn: Vec<f64> = (0..N).map(of).collect();
        let count = f64::from(u32::try_from(N).unwrap());
        let mean = drawn.iter().sum::<f64>() / count;
        (mean, drawn.iter().map(|it| (it - mean).powi(2)).sum::<f64>() / count)
    }

    #[test]
    fn draws_follow_their_laws() {
        let mut draws = Draws::seeded(b"D817");
        let (mean, variance) = mean_and_variance(|_| draws.normal());
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.05, "{mean} {variance}");
        for of in [0.3, 4.0, 50.0] {
            let (mean, variance) = mean_and_variance(|_| draws.poisson(of));
            assert!((mean / of - 1.0).abs() < 0.05 && (variance / of - 1.0).abs() < 0.08, "{of}");
        }
        let (mean, _) = mean_and_variance(|_| draws.exponential(2.0));
        assert!((mean - 2.0).abs() < 0.08, "{mean}");
    }

    #[test]
    fn a_name_has_one_stream() {
        let first = Draws::seeded(b"D1").next();
        assert_eq!(first, Draws::seeded(b"D1").next());
        assert_ne!(first, Draws::seeded(b"D2").next());
    }
}
