internal import CMath

/// The upper tail of the normal distribution, Q(z) = ½ erfc(z / √2), on the scale of φ: −log₁₀ Q(z).
///
/// 1 − cdf(z) is 0 in double precision from z = 8.3 on, which is why published φ curves stop at 16. erfc keeps its
/// precision to z = 37 (φ = 300); further out the asymptotic series of the logarithm takes over, so the level grows
/// for as long as the silence does.
enum NormalTail {
    private static let seriesFrom = 30.0
    private static let halfLogarithmOf2Pi = 0.918938533204672741780
    private static let logarithmOf10 = 2.302585092994045684018

    /// −log₁₀ Q(z): how surprising a value is that lies `z` deviations above the mean; 0 and more.
    static func level(of z: Double) -> Double { -logarithm(z) / logarithmOf10 }

    /// The z for which −log₁₀ Q(z) is `level`, by Newton's method; the level must be positive and finite.
    ///
    /// The function is convex and rises everywhere, so after one step every iterate lies above the root and comes
    /// down to it: nothing can oscillate.
    static func quantile(of level: Double) -> Double {
        let target = level * logarithmOf10
        var z = (2 * target).squareRoot()
        for _ in 0..<100 {
            let step = (logarithm(z) + target) * millsRatio(z)
            z += step
            if abs(step) <= 4e-16 * max(1, abs(z)) { break }
        }
        return z
    }

    /// ln Q(z).
    private static func logarithm(_ z: Double) -> Double {
        // Below the mean Q is nearly 1, and its logarithm is the logarithm of what it lacks.
        if z < -1 { return cmath_log1p(-tail(-z)) }
        if z < seriesFrom { return cmath_log(tail(z)) }
        return -z * z / 2 - halfLogarithmOf2Pi - cmath_log(z) + cmath_log1p(series(z))
    }

    private static func tail(_ z: Double) -> Double { 0.5 * cmath_erfc(z * 0.5.squareRoot()) }

    /// What the asymptotic expansion z·Q(z)/density(z) = 1 − 1/z² + 3/z⁴ − 15/z⁶ … has after its 1.
    private static func series(_ z: Double) -> Double {
        let inverse = 1 / (z * z)
        return -inverse * (1 - 3 * inverse * (1 - 5 * inverse * (1 - 7 * inverse)))
    }

    /// Q(z) / density(z), the reciprocal of the slope of −ln Q.
    private static func millsRatio(_ z: Double) -> Double {
        guard z < seriesFrom else { return (1 + series(z)) / z }
        return tail(z) * cmath_exp(z * z / 2 + halfLogarithmOf2Pi)
    }
}
